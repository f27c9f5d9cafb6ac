"""Notes gathered for the page of an exhibit: the version that stands, and those before it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from cases.policy import CaseRequest
from cases.views.common import Line
from evidence.annotating import Note, note_of
from evidence.models import Annotation, EvidenceItem
from evidence.views.rows import opened


@dataclass(frozen=True, slots=True)
class ShownNote:
    """One note: its newest version, and what stood there before."""

    row: Annotation
    note: Note
    reason: str
    earlier: list["ShownNote"]

    @property
    def box(self) -> tuple[str, ...]:
        """Left, top, width and height as a drawing takes them: no language changes their point."""
        box = self.note.box
        return () if box is None else tuple(map(_number, (box.left, box.top, box.width, box.height)))

    @property
    def points(self) -> str:
        """Points of an outline as a drawing takes them."""
        return " ".join(f"{_number(x)},{_number(y)}" for x, y in self.note.points)

    @property
    def span(self) -> tuple[str, ...]:
        """Beginning and end in seconds, as a player takes them."""
        span = self.note.span
        return () if span is None else (_number(span.start), _number(span.end))

    @property
    def clock(self) -> tuple[str, ...]:
        """Beginning and end as people read them."""
        span = self.note.span
        return () if span is None else (_clock(span.start), _clock(span.end))

    @property
    def is_drawn(self) -> bool:
        """Whether it is drawn over the picture: what was withdrawn is not."""
        return not self.row.is_withdrawn and bool(self.box or self.note.points)


def notes_of(request: CaseRequest, item: EvidenceItem) -> dict[UUID, list[ShownNote]]:
    """Open every note on the files of an exhibit in one call, by file, each with its versions."""
    rows = Annotation.objects.visible_to(request.user).filter(file__item=item).select_related("created_by")
    lines = opened(rows.order_by("created_at", "number"), "annotation", "reason", request=request)
    threads: dict[UUID, list[Line[Annotation]]] = defaultdict(list)
    for line in lines:
        threads[line.row.first_id or line.row.pk].append(line)
    found: dict[UUID, list[ShownNote]] = defaultdict(list)
    for versions in threads.values():
        *earlier, newest = sorted(versions, key=lambda line: line.row.number)
        found[newest.row.file_id].append(_shown(newest, [_shown(one, []) for one in earlier]))
    for notes in found.values():
        notes.sort(
            key=lambda one: (one.note.span.start if one.note.span else Decimal(-1), one.row.created_at)
        )
    return found


def _shown(line: Line[Annotation], earlier: list[ShownNote]) -> ShownNote:
    return ShownNote(line.row, note_of(line.opened.json("annotation")), line.opened.text("reason"), earlier)


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _clock(seconds: Decimal) -> str:
    minutes, rest = divmod(seconds, 60)
    whole = f"{rest:f}".rstrip("0").rstrip(".") if "." in f"{rest:f}" else f"{rest:f}"
    padded = whole if len(whole.partition(".")[0]) > 1 else f"0{whole}"
    return f"{int(minutes)}:{padded}"
