"""What a file says of its own making, brought into one form: when, with what, where. Runs in the child only.

Nothing here is believed: it is what the file claims, and pages call it so.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone

MOST_TAGS = 400
MOST_WORDS = 300
_MOMENT = re.compile(
    r"(\d{4})[-:/]?(\d\d)[-:/]?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?)?\s*(Z|[+-]\d\d[:']?\d\d)?"
)
_POINT = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?(?:CRS.*)?/?")
# The names under which cameras, telephones and programs write it, the most telling first.
_MADE = ("com.apple.quicktime.creationdate", "date_recorded", "creation_time", "date", "/CreationDate")
_MAKER = ("com.apple.quicktime.make", "com.android.manufacturer", "make", "artist_device")
_MODEL = ("com.apple.quicktime.model", "com.android.model", "model")
_PROGRAM = ("com.apple.quicktime.software", "encoder", "encoded_by", "software", "/Creator", "/Producer")
_PLACE = ("com.apple.quicktime.location.iso6709", "location", "location-eng", "xyz", "\u00a9xyz")


def words(found: Iterable[tuple[object, object]]) -> dict[str, str]:
    """Keep so many tags, each so long, sorted by name, without what no page could show."""
    kept = sorted((plain(name), plain(value)) for name, value in found)
    return dict(kept[:MOST_TAGS])


def plain(value: object) -> str:
    """One line of what a file says, cut short, without control characters."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text[:MOST_WORDS]).strip()


def moment(text: str, offset: str = "") -> str:
    """Return a time in ISO 8601, with its offset where one is claimed; "" for what is no time."""
    found = _MOMENT.match(text.strip().removeprefix("D:"))
    if found is None:
        return ""
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        told = datetime(  # noqa: DTZ001  # a camera's clock has no zone unless it claims one
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
        )
        return told.replace(tzinfo=_zone(zone or offset.strip())).isoformat()
    except ValueError:
        return ""


def of_tags(tags: Mapping[str, str]) -> dict[str, object]:
    """Read what containers and documents say of themselves in tags of many names."""
    known = {name.lower(): value for name, value in tags.items()}
    made = next((when for name in _MADE if (when := moment(known.get(name.lower(), "")))), "")
    device = _joined(_first(known, _MAKER), _first(known, _MODEL))
    found = {"made": made, "device": device, "program": _first(known, _PROGRAM)}
    claims: dict[str, object] = {name: value for name, value in found.items() if value}
    point = _POINT.fullmatch(_first(known, _PLACE))
    if point:
        claims["gps"] = [f"{float(part):.6f}" for part in point.groups()]
    return claims


def of_camera(words: Mapping[str, str]) -> dict[str, object]:
    """Read what a camera wrote into EXIF."""
    made = ""
    for name in ("EXIF DateTimeOriginal", "EXIF DateTimeDigitized", "Image DateTime"):
        zone = words.get(
            f"EXIF OffsetTime{name.removeprefix('EXIF DateTime').removeprefix('Image DateTime')}", ""
        )
        made = made or moment(words.get(name, ""), zone)
    device = _joined(words.get("Image Make", ""), words.get("Image Model", ""))
    found = {"made": made, "device": device, "program": words.get("Image Software", "").strip()}
    return {name: value for name, value in found.items() if value}


def _zone(text: str) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    digits = re.sub(r"[:']", "", text)
    if not re.fullmatch(r"[+-]\d{4}", digits):
        return None
    ahead = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:]))
    return timezone(-ahead if digits[0] == "-" else ahead)


def _first(known: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((known[name.lower()].strip() for name in names if known.get(name.lower(), "").strip()), "")


def _joined(maker: str, model: str) -> str:
    """Maker and model; many models begin with their maker's name."""
    maker, model = maker.strip(), model.strip()
    return model if model.lower().startswith(maker.lower()) else f"{maker} {model}".strip()
