"""What programs read out of a file, in words. All of it is what the file claims of itself; nothing is proved.

A claimed time that cannot be is marked: after the file was received, in the future, or the day with which
clocks begin that nobody set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from django.utils import timezone as clock
from django.utils.translation import gettext as _

from evidence.scanning import CLEAN

# A time without an offset may be that of any zone: it is later than an instant only if it is so in all.
_FOREMOST = timezone(timedelta(hours=14))
_UNSET = {"1904-01-01", "1970-01-01", "1980-01-01"}
_LEEWAY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing: what it is, the value as a machine wrote it, and why it cannot be, or ""."""

    label: str
    value: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Tags as they stand in the file, under the name of where they stand."""

    name: str
    tags: list[tuple[str, str]]


def read_out(facts: dict[str, object], received: datetime) -> list[Told]:
    """The few things that matter most."""
    return [*_shape(facts), *_claims(facts, received), *_scan(facts)]


def remarks(facts: dict[str, object]) -> list[str]:
    """What somebody who opens the original should know before."""
    known = (
        ("is_encrypted", _("The document is encrypted.")),
        ("has_script", _("The document holds a script; it is not run here.")),
        ("has_attachments", _("The document holds other files.")),
    )
    return [words for name, words in known if facts.get(name) is True]


def everything(facts: dict[str, object]) -> list[Group]:
    """Every tag that was read, as it stands in the file."""
    found = []
    for name, tags in (("EXIF", facts.get("exif")), ("", facts.get("tags"))):
        if isinstance(tags, dict) and tags:
            found.append(Group(name, [(str(key), str(value)) for key, value in tags.items()]))
    streams = facts.get("streams")
    for number, stream in enumerate(streams if isinstance(streams, list) else [], start=1):
        if isinstance(stream, dict):
            tags = stream.get("tags")
            rows = [(str(key), str(value)) for key, value in stream.items() if key != "tags" and value]
            rows += [(str(key), str(value)) for key, value in tags.items()] if isinstance(tags, dict) else []
            found.append(Group(_("Stream %(number)s") % {"number": number}, rows))
    return found


def _shape(facts: dict[str, object]) -> Iterator[Told]:
    if facts.get("mime"):
        yield Told(_("Type of the file"), str(facts["mime"]))
    if facts.get("width") and facts.get("height"):
        yield Told(_("Width and height"), f"{facts['width']} x {facts['height']}")
    duration = facts.get("duration_ms") or facts.get("heard_ms")
    if isinstance(duration, int) and duration:
        minutes, rest = divmod(round(duration / 1000), 60)
        yield Told(_("Length"), f"{minutes}:{rest:02}")
    streams = facts.get("streams")
    if isinstance(streams, list) and streams:
        codecs = [str(one.get("codec") or one.get("type")) for one in streams if isinstance(one, dict)]
        yield Told(_("Streams"), ", ".join(codecs))
    for name, label in (
        ("pages", _("Pages")),
        ("version", _("Version of the format")),
        ("entries", _("Files in the archive")),
        ("encoding", _("Encoding of the text")),
    ):
        if facts.get(name):
            yield Told(label, str(facts[name]))


def _claims(facts: dict[str, object], received: datetime) -> Iterator[Told]:
    claims = facts.get("claims")
    told = claims if isinstance(claims, dict) else {}
    if told.get("made"):
        yield _made(str(told["made"]), received)
    if told.get("device"):
        yield Told(_("Device, as the file claims"), str(told["device"]))
    if told.get("program"):
        yield Told(_("Program, as the file claims"), str(told["program"]))
    point = facts.get("gps")
    if isinstance(point, list):
        yield Told(_("Place, as the file claims"), ", ".join(str(one) for one in point))


def _scan(facts: dict[str, object]) -> Iterator[Told]:
    if facts.get("scanner") == CLEAN:
        yield Told(_("Virus scanner, on receipt"), _("nothing found"))
    elif facts.get("scanner"):
        yield Told(_("Virus scanner, on receipt"), str(facts["scanner"]))


def _made(text: str, received: datetime) -> Told:
    label = _("Made, as the file claims")
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        return Told(label, text)
    shown = text.replace("T", " ").replace("+00:00", " UTC")
    at = made if made.tzinfo else made.replace(tzinfo=_FOREMOST)
    if text[:10] in _UNSET:
        return Told(label, shown, _("Clocks that were never set begin with this day."))
    if at > clock.now() + _LEEWAY:
        return Told(label, shown, _("This lies in the future: the clock was wrong, or the time was changed."))
    if at > received + _LEEWAY:
        words = _("This lies after the file was received: the clock was wrong, or the time was changed.")
        return Told(label, shown, words)
    return Told(label, shown)
