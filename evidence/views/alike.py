"""What looks like the pictures of an exhibit, among the files of its case that the reader may read.

Promise: nothing is compared before somebody asks; what was remembered of pictures is opened in one call, for
this reader and this request, and compared in memory; what they may not read is neither compared nor counted.
A likeness is a hint for a person, never a finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.policy import CaseRequest
from cases.views.common import Line
from evidence.likeness import Looks, Nearness, nearness, read
from evidence.models import EvidenceItem, FileObject, MediaRecord
from evidence.views.rows import opened
from evidence.vocabulary import FileFlag
from vault.vocabulary import Purpose

MOST_COMPARED = 5_000
MOST_OWN = 50
MOST_SHOWN = 20
WORDS: dict[Nearness, Promise | str] = {
    Nearness.SAME: _("Nearly the same picture"),
    Nearness.CLOSE: _("Much alike"),
    Nearness.SOME: _("Perhaps alike"),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """One file that looks like one of the exhibit's own."""

    words: Promise | str
    item: Line[EvidenceItem]
    file: Line[FileObject]
    own: Line[FileObject]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, among how much, and whether there was anything to compare at all."""

    found: list[Alike]
    compared: int
    is_cut: bool
    has_looks: bool


def compare(request: CaseRequest, item: EvidenceItem) -> Comparison:
    """Compare the exhibit's pictures with the newest others of its case."""
    own = _looks(request, _records(request, item).filter(file__item=item)[:MOST_OWN])
    if not own:
        return Comparison([], 0, is_cut=False, has_looks=False)
    rows = list(_records(request, item).exclude(file__item=item)[: MOST_COMPARED + 1])
    others = _looks(request, rows[:MOST_COMPARED])
    near = sorted(
        (*nearest, theirs)
        for theirs, looks in others.items()
        if (nearest := _nearest(own, looks)) is not None
    )[:MOST_SHOWN]
    return Comparison(
        _told(request, near),
        len(others),
        is_cut=len(rows) > MOST_COMPARED,
        has_looks=True,
    )


def _records(request: CaseRequest, item: EvidenceItem) -> "QuerySet[MediaRecord]":
    rows = MediaRecord.objects.visible_to(request.user).filter(case=item.case_id, looks__isnull=False)
    sound = rows.exclude(file__flag=FileFlag.DAMAGED).filter(file__set_aside_at__isnull=True)
    return sound.defer("metadata").order_by("-created_at", "-number")


def _looks(request: CaseRequest, rows: Iterable[MediaRecord]) -> dict[UUID, Looks]:
    """What was remembered of each file; of several looks into one the newest counts."""
    newest: dict[UUID, MediaRecord] = {}
    for row in rows:
        newest.setdefault(row.file_id, row)
    lines = opened(newest.values(), "looks", request=request, why=Purpose.SEARCH)
    found = ((line.row.file_id, read(line.opened.text("looks"))) for line in lines)
    return {file: looks for file, looks in found if looks is not None}


def _nearest(own: dict[UUID, Looks], looks: Looks) -> tuple[Nearness, UUID] | None:
    words = ((nearness(mine, looks), file) for file, mine in own.items())
    return min(((word, file) for word, file in words if word is not None), default=None)


def _told(request: CaseRequest, near: list[tuple[Nearness, UUID, UUID]]) -> list[Alike]:
    wanted = {file for _word, mine, theirs in near for file in (mine, theirs)}
    files = FileObject.objects.visible_to(request.user).filter(pk__in=wanted).select_related("item")
    lines = {line.row.pk: line for line in opened(files, "filename", request=request)}
    shown = {line.row.item_id: line.row.item for line in lines.values()}
    titles = {line.row.pk: line for line in opened(shown.values(), "title", request=request)}
    return [
        Alike(WORDS[word], titles[lines[theirs].row.item_id], lines[theirs], lines[mine])
        for word, mine, theirs in near
    ]
