"""Redacted copies as pages show them: what was taken out, in words, and which steps are open now."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.vocabulary import OwedState
from cases.policy import CaseRequest
from cases.views.common import Line
from cases.vocabulary import CaseStatus, Permission
from evidence.actions.redaction import has_looked
from evidence.decoding.burning.regions import BOX, Region, region_of
from evidence.models import EvidenceItem, Redaction, RedactionSet
from evidence.views.sheets import files_of
from evidence.vocabulary import RedactionReason, RedactionState, RegionKind

WORKING = frozenset({RedactionState.OWED, RedactionState.MADE})


@dataclass(frozen=True, slots=True)
class ShownRegion:
    """One thing that is taken out: how, where, why."""

    number: int
    kind: str
    where: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class ShownSet:
    """One set in a list: its file's place among the files, and whether nobody works on it any more."""

    row: RedactionSet
    is_given_up: bool


def shown_regions(lines: Iterable[Line[Redaction]]) -> list[ShownRegion]:
    """Say of each region what it is."""
    return [_shown(line) for line in lines]


def _shown(line: Line[Redaction]) -> ShownRegion:
    told = line.opened.json("region")
    region = region_of(told if isinstance(told, dict) else {})
    return ShownRegion(
        line.row.number,
        str(RegionKind(region.kind).label),
        " · ".join(_where(region)),
        str(RedactionReason(line.opened.text("reason")).label),
        line.opened.text("note"),
    )


def _where(region: Region) -> Iterable[str]:
    if region.page:
        yield _("page %(number)s") % {"number": region.page}
    if region.end:
        yield f"{region.start / 1000:.3f}-{region.end / 1000:.3f} s"
    if region.kind == BOX:
        left, top, right, bottom = region.box
        yield f"{left:.2f}, {top:.2f}, {right - left:.2f} x {bottom - top:.2f} %"


def sets_of(request: CaseRequest, item: EvidenceItem) -> list[ShownSet]:
    """Every set of the exhibit's files, newest first."""
    rows = RedactionSet.objects.visible_to(request.user).filter(file__item=item)
    rows = rows.select_related("created_by", "judged_by", "job").order_by("-created_at")
    return [ShownSet(row, is_given_up(row)) for row in rows]


def is_given_up(row: RedactionSet) -> bool:
    """Nobody goes on with it: the exhibit was frozen, the right was gone, or the machine failed too often."""
    return row.state in WORKING and row.job.state == OwedState.FAILED


def copies_of(request: CaseRequest, item: EvidenceItem, row: RedactionSet) -> dict[str, object]:
    """The copy, if one was made, and the steps that are open to this person now."""
    is_open = request.case.status not in {CaseStatus.CLOSED, CaseStatus.ARCHIVED}
    judges = is_open and Permission.EXPORT_APPROVE in request.powers and row.created_by_id != request.user.pk
    draws = is_open and Permission.EXPORT_REDACT in request.powers and not item.is_frozen
    may_approve = judges and row.state == RedactionState.READY and not item.is_frozen
    return {
        "files": [file for file in files_of(request, item) if file.line.row.pk == row.output_id],
        "is_given_up": is_given_up(row),
        "may_approve": may_approve,
        "has_looked": may_approve and has_looked(row, request.user),
        "may_return": judges and row.state in {RedactionState.READY, RedactionState.APPROVED},
        "may_draw_anew": draws and (row.state not in WORKING or is_given_up(row)),
    }
