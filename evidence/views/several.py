"""One step with several exhibits of the list: each is asked for itself, and each refusal is told in words."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.door import note_refusal
from accounts.policy import purpose
from audit.refusals import Refusal
from cases.errors import NotVisible
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.vocabulary import Permission
from evidence.actions.several import check_again
from evidence.actions.verification import take_up_verification
from evidence.models import EvidenceItem
from evidence.views.listing import SIZE

Step = Callable[[EvidenceItem], object]


@require_POST
@case_view(Permission.EVIDENCE_VERIFY)
def exhibits_take_up(request: CaseRequest, case: Case) -> HttpResponse:
    """Begin to verify each exhibit that was ticked."""

    def step(item: EvidenceItem) -> object:
        return take_up_verification(by=request.user, item=item)

    return _with_each(request, case, step, done=_("Taken into verification"))


@require_POST
@case_view(Permission.EVIDENCE_ADD)
def exhibits_check(request: CaseRequest, case: Case) -> HttpResponse:
    """Let the files of each exhibit that was ticked be checked again, as far as a check is owed."""

    def step(item: EvidenceItem) -> object:
        return check_again(by=request.user, item=item)

    return _with_each(request, case, step, done=_("Their files are being checked again"))


def _with_each(request: CaseRequest, case: Case, step: Step, *, done: str) -> HttpResponse:
    back = redirect(f"{reverse('exhibit-list', args=[case.pk])}?{request.GET.urlencode()}".rstrip("?"))
    ticked = list(dict.fromkeys(request.POST.getlist("item")))
    if not 0 < len(ticked) <= SIZE:
        messages.error(
            request,
            _("Tick at least one exhibit, and at most %(most)d. Nothing was changed.") % {"most": SIZE},
        )
        return back
    went, stayed = [], dict[str, list[str]]()
    for item in _ticked(request, case, ticked):
        try:
            with transaction.atomic():
                step(item)
        except Refusal as refusal:
            stayed.setdefault(_refused(request, refusal), []).append(item.exhibit_no)
        else:
            went.append(item.exhibit_no)
    _tell(request, done, went, stayed)
    return back


def _ticked(request: CaseRequest, case: Case, ticked: list[str]) -> list[EvidenceItem]:
    """All or none: one exhibit that is not of this case, or not for this reader, and nothing is done."""
    rows = EvidenceItem.objects.visible_to(request.user).filter(case=case)
    wanted = {_id(one, case) for one in ticked}
    found = list(rows.filter(pk__in=wanted).order_by("exhibit_no"))
    missing = wanted - {row.pk for row in found}
    if missing:
        raise NotVisible(subject=f"evidence:{min(missing)}", scope=case.pk, missing=len(missing))
    return found


def _id(text: str, case: Case) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotVisible(subject="evidence:none", scope=case.pk) from None


def _refused(request: CaseRequest, refusal: Refusal) -> str:
    """Record a refusal as the door does, and return its words; what is no matter of one exhibit goes on."""
    if refusal.status in (403, 404):
        raise refusal
    note_refusal(refusal, request.user, purpose(request))
    return str(refusal.message)


def _tell(request: CaseRequest, done: str, went: list[str], stayed: dict[str, list[str]]) -> None:
    if went:
        told = ngettext("%(done)s: %(count)d exhibit.", "%(done)s: %(count)d exhibits.", len(went))
        messages.success(request, f"{told % {'done': done, 'count': len(went)}} {_numbers(went)}")
    for why, numbers in stayed.items():
        told = ngettext("Not done: %(count)d exhibit.", "Not done: %(count)d exhibits.", len(numbers))
        messages.warning(request, f"{told % {'count': len(numbers)}} {_numbers(numbers)} {why}")


def _numbers(numbers: list[str]) -> str:
    """Numbers of exhibits, each kept whole in a line of the other direction."""
    return ", ".join(f"\u2066{number}\u2069" for number in numbers) + "."
