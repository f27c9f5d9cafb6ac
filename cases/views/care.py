"""What is owed to a witness before a meeting: the risk that was weighed, and what they told before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.risks import assess_risk, justify_repetition, note_prior_account
from cases.actions.witness_steps import GONE
from cases.forms.risk import PriorAccountForm, RepetitionForm, RiskForm
from cases.models import (
    Case,
    ContactEntry,
    Interview,
    PriorAccount,
    Referral,
    RiskAssessment,
    Witness,
)
from cases.models.risk import NEWEST
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, form_page, opened_lines, posted, status_of
from cases.views.contacts import rules_of
from cases.vocabulary import Permission

RISK = ("threats", "likelihood", "impact", "mitigations", "residual", "decision")
CONTACT = ("channel", "outcome", "safety", "note")
REFERRAL = ("kind", "answer", "note")
PRIOR = ("form", "organisation", "told_on", "is_signed", "is_copy_held")


@require_safe
@case_view(Permission.WITNESS_READ)
def witness_care(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """All that was weighed and asked before meetings with one witness, the newest first."""
    row = find(Witness.objects.all(), request, case, witness)
    risks = RiskAssessment.objects.visible_to(request.user).filter(witness=row).select_related("created_by")
    priors = PriorAccount.objects.visible_to(request.user).filter(witness=row).select_related("created_by")
    contacts = ContactEntry.objects.visible_to(request.user).filter(witness=row).select_related("created_by")
    offers = Referral.objects.visible_to(request.user).filter(witness=row).select_related("created_by")
    context = {
        "case": case,
        "row": row,
        "rules": rules_of(request, row),
        "contacts": opened_lines(contacts.order_by("-at"), *CONTACT, request=request),
        "offers": opened_lines(offers.order_by("-created_at"), *REFERRAL, request=request),
        "may_log": Permission.INTERVIEW_WRITE in request.powers and case.is_written,
        "risks": opened_lines(risks.order_by(*NEWEST), *RISK, request=request),
        "priors": opened_lines(priors.order_by("-created_at"), *PRIOR, request=request),
        "today": timezone.localdate(),
        "may_write": Permission.INTERVIEW_WRITE in request.powers
        and case.is_written
        and row.status not in GONE,
    }
    return render(request, "cases/witness_care.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def risk_create(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Weigh what a meeting risks."""
    row = find(Witness.objects.all(), request, case, witness)
    form = RiskForm(posted(request), initial={"assessed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            assess_risk(by=request.user, witness=row, facts=form.risk(), once=form.drawn())
            messages.success(request, _("The assessment was recorded."))
            return redirect("witness-care", case=case.pk, witness=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Assess the risk to %(code)s") % {"code": row.code},
        verb=_("Record the assessment"),
        back=reverse("witness-care", args=[case.pk, row.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def prior_create(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Record one telling before ours, or that there was none."""
    row = find(Witness.objects.all(), request, case, witness)
    form = PriorAccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            note_prior_account(by=request.user, witness=row, facts=form.prior(), once=form.drawn())
            messages.success(request, _("The answer was recorded."))
            return redirect("witness-care", case=case.pk, witness=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("What %(code)s told before") % {"code": row.code},
        verb=_("Record the answer"),
        back=reverse("witness-care", args=[case.pk, row.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.TESTIMONY_REVIEW)
def interview_justify(request: CaseRequest, case: Case, interview: UUID) -> HttpResponse:
    """Write down why somebody who gave a full statement before is asked for a full account."""
    row = find(Interview.objects.select_related("witness"), request, case, interview)
    form = RepetitionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            justify_repetition(by=request.user, interview=row, reason=form.cleaned_data["reason"])
            messages.success(request, _("The reason was recorded. The interview can be cleared now."))
            return redirect("interview-detail", case=case.pk, interview=row.pk)
    context = {
        "case": case,
        "line": row,
        "form": form,
        "question": _("May a full account be taken again?"),
        "consequences": [_("The interview can then be cleared, as far as the assessed risk allows it.")],
        "verb": _("Record the reason"),
        "cancel_url": reverse("interview-detail", kwargs={"case": case.pk, "interview": row.pk}),
    }
    return render(request, "cases/interview_move.html", context, status=status_of(form))
