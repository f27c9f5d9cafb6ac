"""Verifying an exhibit: beginning, findings, second people, decisions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.errors import NotVisible
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, opened_line, posted, status_of
from cases.vocabulary import Permission
from evidence.actions.checklists import answer_checklist
from evidence.actions.verification import (
    confirm_verification,
    decide_item,
    record_verification,
    take_up_verification,
)
from evidence.errors import StepNotPossible
from evidence.forms.verification import ChecklistForm, DecisionForm, ReopeningForm, VerificationForm
from evidence.models import Verification
from evidence.views.rows import exhibit, named, parted_page
from evidence.views.sheets import weighing_of
from evidence.views.weighing import checklists_of
from evidence.vocabulary import DECIDED, FAMILY_OF, ITEM_STEPS, ItemStatus, Method, MethodFamily


@require_POST
@case_view(Permission.EVIDENCE_VERIFY)
def exhibit_take_up(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Begin to verify a registered exhibit."""
    row = exhibit(request, case, item)
    take_up_verification(by=request.user, item=row)
    messages.success(request, _("The verification has begun. Record what each method finds."))
    return redirect("exhibit-detail", case=case.pk, item=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def checklist_answer(request: CaseRequest, case: Case, item: UUID, family: str) -> HttpResponse:
    """Answer the questions of one analysis; what was answered last stands in the form."""
    row = exhibit(request, case, item)
    if family not in MethodFamily.values:
        raise NotVisible(subject=f"evidence:{row.pk}", scope=case.pk)
    analysis = MethodFamily(family)
    last = checklists_of(request, row)[analysis]
    form = ChecklistForm(
        posted(request), family=analysis, initial=ChecklistForm.initial_from(last.answers, last.number)
    )
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            answer_checklist(
                by=request.user,
                item=row,
                family=analysis,
                answers=form.answers(),
                expected=form.read_revision(),
            )
            messages.success(
                request, _("The answers were kept. What was answered before stands beside them.")
            )
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=last.heading,
        verb=_("Keep the answers"),
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
        lead=_(
            "“Yes” carries the exhibit; “no” needs words. What is open may stay open: the page tells how "
            "many questions are answered."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def verification_record(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Record what one method found."""
    row = exhibit(request, case, item)
    form = VerificationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            record_verification(by=request.user, item=row, facts=form.facts())
            messages.success(
                request, _("The finding was recorded. It counts once a second person confirms it.")
            )
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    return parted_page(
        request,
        case,
        form,
        heading=_("Record a finding"),
        verb=_("Record the finding"),
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def verification_confirm(request: CaseRequest, case: Case, item: UUID, verification: UUID) -> HttpResponse:
    """The second person reads what the first found, and confirms it."""
    row = exhibit(request, case, item)
    rows = Verification.objects.filter(item=row).select_related("created_by", "reviewed_by", "item")
    found = find(rows, request, case, verification)
    if request.method == "POST":
        confirm_verification(by=request.user, verification=found)
        messages.success(request, _("The finding is confirmed and counts from now on."))
        return redirect("exhibit-detail", case=case.pk, item=row.pk)
    method = Method(found.method)
    context = {
        "case": case,
        "line": named(row, request),
        "finding": opened_line(found, "finding", "notes", "references", request=request),
        "asked": checklists_of(request, row)[FAMILY_OF[method]].asked_of(method),
        "is_own": found.created_by_id == request.user.pk,
        "question": _("Do you confirm this finding?"),
        "verb": _("Confirm the finding"),
        "cancel_url": reverse("exhibit-detail", args=[case.pk, row.pk]),
        "consequences": [
            _("You looked at the exhibit and at what the finding rests on, and come to the same."),
            _("Your code stands beside the finding from now on."),
        ],
    }
    return render(request, "evidence/verification_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def exhibit_decide(request: CaseRequest, case: Case, item: UUID) -> HttpResponse:
    """Decide what the findings carry, or look again at what was decided."""
    row = exhibit(request, case, item)
    state = ItemStatus(row.status)
    if state == ItemStatus.REGISTERED:
        raise StepNotPossible(subject=f"evidence:{row.pk}", scope=case.pk, before=state.value)
    is_reopening = state in DECIDED
    form = ReopeningForm(posted(request)) if is_reopening else _decision(request, state)
    if request.method == "POST" and form.is_valid():
        to = ItemStatus.IN_VERIFICATION if is_reopening else ItemStatus(form.cleaned_data["to"])
        with attempting(request, form):
            decided = decide_item(by=request.user, item=row, to=to, reason=form.cleaned_data["reason"])
            messages.success(
                request, _("The exhibit is now: %(state)s.") % {"state": decided.get_status_display()}
            )
            return redirect("exhibit-detail", case=case.pk, item=row.pk)
    context = {
        "case": case,
        "line": named(row, request),
        "weighing": weighing_of(request, row),
        "form": form,
        "question": _("Look again at a decided exhibit?") if is_reopening else _("Decide on an exhibit"),
        "verb": _("Reopen the verification") if is_reopening else _("Decide"),
        "cancel_url": reverse("exhibit-detail", args=[case.pk, row.pk]),
    }
    return render(request, "evidence/exhibit_decide.html", context, status=status_of(form))


def _decision(request: CaseRequest, state: ItemStatus) -> DecisionForm:
    form = DecisionForm(posted(request))
    form.limit(one for one in ItemStatus if one in ITEM_STEPS[state])
    return form
