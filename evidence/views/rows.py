"""What the views of this room share: finding an exhibit, showing a form in parts, and who may do what now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from accounts.door import reader_code
from cases.models import Case, CaseRow, Incident, Witness
from cases.policy import CaseRequest
from cases.views.common import Line, find, opened_line, status_of
from cases.vocabulary import CaseStatus, Permission
from evidence.forms.parts import Parted
from evidence.models import EvidenceItem, FileObject
from evidence.vocabulary import DECIDED, ItemStatus
from vault.opening import open_rows
from vault.vocabulary import Purpose

R = TypeVar("R", bound=CaseRow)

NAMED = ("type", "title")


def exhibit(request: CaseRequest, case: Case, item: UUID) -> EvidenceItem:
    """Return the exhibit that the address names, if it is of this case and the reader may read it."""
    rows = EvidenceItem.objects.select_related("created_by", "status_by")
    return find(rows, request, case, item)


def named(row: EvidenceItem, request: CaseRequest) -> Line[EvidenceItem]:
    """Open what names an exhibit at the head of a page."""
    return opened_line(row, *NAMED, request=request)


@dataclass(frozen=True, slots=True)
class Links:
    """What an exhibit belongs to, as far as the reader may see it."""

    witness: Witness | None
    incident: Incident | None
    are_whole: bool


def links(request: CaseRequest, row: EvidenceItem) -> Links:
    """Return witness and incident of an exhibit, each only if the reader may read it."""
    witness, incident = None, None
    if row.witness_id is not None:
        witness = Witness.objects.visible_to(request.user).filter(pk=row.witness_id).first()
    if row.incident_id is not None:
        incident = Incident.objects.visible_to(request.user).filter(pk=row.incident_id).first()
    missing = (row.witness_id is not None and witness is None) or (
        row.incident_id is not None and incident is None
    )
    return Links(witness, incident, not missing)


def opened(
    rows: Iterable[R], *fields: str, request: CaseRequest, why: Purpose = Purpose.READ
) -> list[Line[R]]:
    """Open columns of several rows in one call, and keep their order."""
    found = list(rows)
    told = open_rows(found, *fields, reader=reader_code(request.user), purpose=why)
    return [Line(row, told[row.pk]) for row in found]


def steps(request: CaseRequest, row: EvidenceItem) -> dict[str, bool]:
    """Say which steps this person may take with the exhibit now; the others are absent from the page."""
    is_open = request.case.status not in {CaseStatus.CLOSED, CaseStatus.ARCHIVED}
    verifies = is_open and Permission.EVIDENCE_VERIFY in request.powers and not row.is_frozen
    return {
        "may_add": is_open and Permission.EVIDENCE_ADD in request.powers,
        "may_verify": verifies,
        "may_take_up": verifies and row.status == ItemStatus.REGISTERED,
        "may_record": verifies and row.status == ItemStatus.IN_VERIFICATION,
        "may_reopen": verifies and row.status in DECIDED,
        "may_redact": is_open and Permission.EXPORT_REDACT in request.powers and not row.is_frozen,
        "may_check": Permission.EVIDENCE_INTEGRITY in request.powers,
    }


def several_steps(request: CaseRequest) -> dict[str, bool]:
    """Say which steps this person may take with several exhibits of the list at once."""
    is_open = request.case.status not in {CaseStatus.CLOSED, CaseStatus.ARCHIVED}
    return {
        "take_up": is_open and Permission.EVIDENCE_VERIFY in request.powers,
        "check": is_open and Permission.EVIDENCE_ADD in request.powers,
    }


def parted_page(
    request: CaseRequest,
    case: Case,
    form: Parted,
    *,
    heading: str,
    verb: str,
    back: str,
    template: str = "evidence/form.html",
    **more: object,
) -> HttpResponse:
    """Show a form in parts; one that has something to mend says so in its status, too."""
    context = {"case": case, "form": form, "heading": heading, "verb": verb, "back": back, **more}
    return render(request, template, context, status=status_of(form))


def told_links(request: CaseRequest, files: Sequence[FileObject]) -> set[UUID]:
    """Which of the files hold what the case held already, as far as the reader may see where.

    To others it is not said: sending a file must not answer whether a hidden exhibit holds it.
    """
    links = {file.pk: file.same_as_id for file in files if file.same_as_id is not None}
    if not links:
        return set()
    seen = EvidenceItem.objects.visible_to(request.user)
    firsts = FileObject.objects.visible_to(request.user).filter(pk__in=links.values(), item__in=seen)
    known = set(firsts.values_list("pk", flat=True))
    return {file for file, first in links.items() if first in known}
