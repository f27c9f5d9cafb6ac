"""What a witness agreed to: reading it aloud, recording it anew, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.consents import record_consent, withdraw_consent
from cases.errors import NotVisible
from cases.forms.consent import TalkForm, UsesForm, WithdrawalForm, consent_facts
from cases.models import Case, Consent, ConsentEvent, ConsentScope, Witness
from cases.models.consent import IN_FORCE
from cases.policy import CaseRequest, case_view
from cases.reading import standing_consents
from cases.views.common import attempting, find, opened_line, opened_lines, posted, status_of
from cases.views.sentences import by_purpose
from cases.vocabulary import ConsentPurpose, Decision, Permission


@require_safe
@case_view(Permission.WITNESS_READ)
def consent_detail(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """One consent in whole sentences."""
    row = find(Consent.objects.select_related("witness", "explained_by"), request, case, consent)
    answers = ConsentScope.objects.visible_to(request.user).filter(consent=row).order_by("created_at")
    events = ConsentEvent.objects.visible_to(request.user).filter(consent=row).order_by("at")
    is_open = row.state in IN_FORCE
    standing = standing_consents([row.witness_id], timezone.now()).get(row.witness_id)
    context = {
        "case": case,
        "line": opened_line(row, "circumstances", request=request),
        "purposes": by_purpose(opened_lines(answers, "conditions", request=request)),
        "events": opened_lines(events.select_related("created_by"), "note", request=request),
        "counts": standing is not None and standing.pk == row.pk,
        "may_withdraw": is_open and Permission.CONSENT_WITHDRAW in request.powers,
        "may_record": Permission.CONSENT_RECORD in request.powers,
    }
    return render(request, "cases/consent_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CONSENT_RECORD)
def consent_record(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Record a consent; the one before it is replaced. Every answer is asked anew."""
    row = find(Witness.objects.all(), request, case, witness)
    talk, uses = TalkForm(posted(request)), UsesForm(posted(request))
    # Both are asked, so that one page says all that is to mend.
    if request.method == "POST" and all([talk.is_valid(), uses.is_valid()]):
        with attempting(request, talk):
            made = record_consent(by=request.user, witness=row, facts=consent_facts(talk, uses))
            messages.success(request, _("The consent is in force from now on. Read it aloud to the witness."))
            return redirect("consent-detail", case=case.pk, consent=made.pk)
    context = {
        "case": case,
        "line": row,
        "talk": talk,
        "uses": uses,
        "standing": standing_consents([row.pk], timezone.now()).get(row.pk),
        "back": reverse("witness-detail", args=[case.pk, row.pk]),
    }
    status = max(status_of(talk), status_of(uses))
    return render(request, "cases/consent_record.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CONSENT_WITHDRAW)
def consent_withdraw(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """Take a consent back on the witness's word: whole, or for one purpose. One step, at once."""
    row = _to_withdraw(request, case, consent)
    form = WithdrawalForm(posted(request), initial={"purpose": ""})
    form.offer(_agreed(row))
    if request.method == "POST" and form.is_valid():
        done = withdraw_consent(
            by=request.user,
            consent=row,
            channel=form.cleaned_data["channel"],
            note=form.cleaned_data["note"],
            purpose=form.chosen(),
        )
        messages.success(request, _("Withdrawn. It counts from this instant, for everybody here."))
        if Permission.WITNESS_READ in request.powers:
            return redirect("consent-detail", case=case.pk, consent=done.pk)
        return redirect("case-detail", case=case.pk)
    context = {
        "case": case,
        "line": row,
        "form": form,
        "question": _("Does the witness take the consent back?"),
        "consequences": _consequences(),
        "verb": _("Withdraw the consent"),
        "is_grave": True,
        "cancel_url": reverse("case-detail", args=[case.pk])
        if Permission.WITNESS_READ not in request.powers
        else reverse("consent-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/consent_withdraw.html", context, status=status_of(form))


def _consequences() -> list[str]:
    return [
        _("It counts from this instant: exports that wait are stopped, and nothing new can be requested."),
        _("No account can be taken down or approved without a consent in force."),
        _("What was delivered before stays with its recipient. The list of exports says with whom."),
        _("Nothing is deleted by this step. Whether the material is erased is decided on its own."),
    ]


def _to_withdraw(request: CaseRequest, case: Case, consent: UUID) -> Consent:
    """Whoever may withdraw finds the consent by its address, even where they may not read it."""
    rows = Consent.objects.visible_to(request.user, Permission.CONSENT_WITHDRAW)
    row = rows.select_related("witness").filter(case=case, pk=consent).first()
    if row is None:
        raise NotVisible(subject=f"consent:{consent}", scope=case.pk)
    return row


def _agreed(consent: Consent) -> list[ConsentPurpose]:
    """The purposes for which something is still agreed or to be asked again."""
    rows = consent.scopes.filter(withdrawn_at__isnull=True).exclude(decision=Decision.REFUSED)
    found = set(rows.values_list("purpose", flat=True))
    return [purpose for purpose in ConsentPurpose if purpose in found]
