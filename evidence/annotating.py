"""Notes on files in the form of the W3C Web Annotation Data Model (Recommendation of 23 February 2017).

Promise: a `Note` that was checked becomes one annotation of that model, and back. A box and a time are a
`FragmentSelector` of Media Fragments 1.0 (`xywh=percent:`, `t=`), an outline is an `SvgSelector`. Places are
per cent of the picture as it is seen upright, so that a preview and its original share them. Nothing in it
names a file but by its random id. Called by the action and the pages of notes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from evidence.vocabulary import Motivation

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
LEAST_POINTS, MOST_POINTS = 3, 200
LONGEST_CLIP = Decimal(7 * 24 * 3600)
WHOLE = Decimal(100)
_FINEST = Decimal("0.001")
_SPAN = re.compile(r"t=([\d.]+),([\d.]+)")
_BOX = re.compile(r"xywh=percent:([\d.]+),([\d.]+),([\d.]+),([\d.]+)")
_POINTS = re.compile(r'points="([\d., ]+)"')

Point = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in per cent of width and height, from the upper left corner."""

    left: Decimal
    top: Decimal
    width: Decimal
    height: Decimal

    def is_sound(self) -> bool:
        """Tell whether it has an area and lies inside the picture."""
        ends = (self.left + self.width, self.top + self.height)
        return (
            min(self.left, self.top) >= 0 and min(self.width, self.height) >= _FINEST and max(ends) <= WHOLE
        )

    def fragment(self) -> str:
        """Write it as a media fragment."""
        values = (self.left, self.top, self.width, self.height)
        return f"xywh=percent:{','.join(map(_plain, values))}"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a clip or recording, in seconds from its beginning."""

    start: Decimal
    end: Decimal

    def is_sound(self) -> bool:
        """Tell whether it lasts."""
        return 0 <= self.start < self.end <= LONGEST_CLIP

    def fragment(self) -> str:
        """Write it as a media fragment; the form of time is "normal play time", which needs no name."""
        return f"t={_plain(self.start)},{_plain(self.end)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is noted, and of which part of the file: all of it, a box, an outline, a span, a box in a span."""

    text: str
    motivation: Motivation
    language: str = ""
    box: Box | None = None
    points: tuple[Point, ...] = ()
    span: Span | None = None

    def is_sound(self) -> bool:
        """Tell whether the place in the file is one."""
        if self.points and (self.box is not None or self.span is not None):
            return False
        if self.points and not (LEAST_POINTS <= len(self.points) <= MOST_POINTS and _encloses(self.points)):
            return False
        parts = (self.box, self.span)
        return all(part.is_sound() for part in parts if part is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """Who wrote a version of a note, when, and which version it is."""

    row: UUID
    first: UUID
    creator: str
    created: datetime
    modified: datetime | None = None


def annotation_of(note: Note, file: UUID, authored: Authored) -> dict[str, object]:
    """Return the annotation: JSON-LD that any reader of the model understands."""
    body: dict[str, object] = {"type": "TextualBody", "value": note.text, "format": "text/plain"}
    if note.language:
        body["language"] = note.language
    selector = _selector(note)
    source = file.urn
    told: dict[str, object] = {
        "@context": CONTEXT,
        "id": authored.row.urn,
        "type": "Annotation",
        "motivation": note.motivation.value,
        "creator": {"type": "Person", "nickname": authored.creator},
        "created": _clock(authored.created),
        "body": body,
        "target": {"type": "SpecificResource", "source": source, "selector": selector}
        if selector
        else source,
    }
    if authored.modified is not None:
        told |= {"canonical": authored.first.urn, "modified": _clock(authored.modified)}
    return told


def note_of(annotation: object) -> Note:
    """Read a kept annotation back. Raises `ValueError` for what was not written by `annotation_of`."""
    told = _mapping(annotation)
    body, target = _mapping(told.get("body")), told.get("target")
    selector = _mapping(_mapping(target).get("selector")) if isinstance(target, Mapping) else {}
    value = str(selector.get("value", ""))
    box, span, points = _BOX.search(value), _SPAN.search(value), _POINTS.search(value)
    return Note(
        text=str(body.get("value", "")),
        motivation=Motivation(str(told.get("motivation"))),
        language=str(body.get("language", "")),
        box=Box(*map(Decimal, box.groups())) if box else None,
        span=Span(*map(Decimal, span.groups())) if span else None,
        points=_read_points(points[1]) if points else (),
    )


def _selector(note: Note) -> dict[str, str]:
    if note.points:
        corners = " ".join(f"{_plain(x)},{_plain(y)}" for x, y in note.points)
        drawn = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">'
            f'<polygon points="{corners}"/></svg>'
        )
        return {"type": "SvgSelector", "value": drawn}
    parts = [part.fragment() for part in (note.span, note.box) if part is not None]
    if not parts:
        return {}
    return {"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS, "value": "&".join(parts)}


def _encloses(points: Sequence[Point]) -> bool:
    inside = all(0 <= value <= WHOLE for point in points for value in point)
    after = (*points[1:], points[0])
    doubled = sum(x * later_y - later_x * y for (x, y), (later_x, later_y) in zip(points, after, strict=True))
    return inside and doubled != 0


def _read_points(text: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in text.split())
    return tuple((Decimal(x), Decimal(y)) for x, y in pairs)


def _plain(value: Decimal) -> str:
    """Write a number to a thousandth, without an exponent and without what says nothing."""
    text = f"{value.quantize(_FINEST):f}"
    return text.rstrip("0").rstrip(".") or "0"


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError("This is no annotation.")  # noqa: TRY004  # a wrong shape is a wrong value here
    return value
