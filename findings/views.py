"""Findings of a case: figures with their scope, facts with what speaks for and against each."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.models import Case, Testimony
from cases.policy import CaseRequest, case_view
from cases.vocabulary import CountClass, Permission
from evidence.models import EvidenceItem
from findings.actions.assertions import judge_assertion, record_assertion
from findings.actions.claims import record_claim
from findings.forms import AssertionForm, ClaimForm, JudgementForm
from findings.models import FactAssertion
from findings.reading import claim_lines, fact_lines, own_count, own_sentence
from findings.vocabulary import FactState
from vault.vocabulary import Purpose


@require_GET
@case_view(Permission.FINDING_READ)
def finding_list(request: CaseRequest, case: Case) -> HttpResponse:
    """Show the own count apart, then others' figures, each with its scope in its line, then facts."""
    counts = own_count(case, request.user)
    context = {
        "case": case,
        "own": own_sentence(counts),
        "counts": [(CountClass(word).label, count) for word, count in counts.items()],
        "claims": claim_lines(case, request.user, Purpose.READ),
        "facts": fact_lines(case, request.user),
        "states": FactState.choices,
        "may_write": Permission.FINDING_WRITE in request.powers,
    }
    return render(request, "findings/finding_list.html", context)


@require_http_methods(["GET", "POST"])
@case_view(Permission.FINDING_WRITE)
def claim_add(request: CaseRequest, case: Case) -> HttpResponse:
    """Write down a figure that somebody gives."""
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_claim(by=request.user, case=case, facts=form.facts())
        messages.success(request, _("The figure stands beside the others. Nothing was added up."))
        return redirect("finding-list", case=case.pk)
    return render(request, "findings/claim_form.html", {"case": case, "form": form})


@require_http_methods(["GET", "POST"])
@case_view(Permission.FINDING_WRITE)
def assertion_add(request: CaseRequest, case: Case) -> HttpResponse:
    """Write down a fact and what it rests on."""
    form = AssertionForm(
        request.POST or None,
        testimonies=list(Testimony.objects.visible_to(request.user).filter(case=case)[:500]),
        items=list(EvidenceItem.objects.visible_to(request.user).filter(case=case)[:500]),
    )
    if request.method == "POST" and form.is_valid():
        record_assertion(by=request.user, case=case, text=form.cleaned_data["text"], links=form.links())
        messages.success(request, _("The assertion was written down. It is not established by that."))
        return redirect("finding-list", case=case.pk)
    return render(request, "findings/assertion_form.html", {"case": case, "form": form})


@require_POST
@case_view(Permission.FINDING_WRITE)
def assertion_judge(request: CaseRequest, case: Case, assertion: UUID) -> HttpResponse:
    """Give a fact its state."""
    rows = FactAssertion.objects.visible_to(request.user).filter(case=case)
    row = get_object_or_404(rows, pk=assertion)
    form = JudgementForm({**request.POST.dict(), "assertion": str(assertion)})
    if form.is_valid():
        state = FactState(form.cleaned_data["state"])
        judge_assertion(by=request.user, assertion=row, expected=form.cleaned_data["revision"], state=state)
        messages.success(request, _("The state was changed."))
    else:
        messages.error(request, _("There is no such state. Nothing was changed."))
    return redirect("finding-list", case=case.pk)
