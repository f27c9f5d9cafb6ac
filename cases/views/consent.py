"""What a witness agreed to: reading it aloud, and recording it anew."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.consents import record_consent
from cases.forms.consent import NewTalkForm, UsesForm, consent_facts
from cases.models import Case, Consent, ConsentEvent, ConsentScope, Witness
from cases.models.consent import IN_FORCE
from cases.policy import CaseRequest, case_view
from cases.reading import standing_consents
from cases.views.common import attempting, find, opened_line, opened_lines, posted, status_of
from cases.views.sentences import by_purpose
from cases.vocabulary import Permission


@require_safe
@case_view(Permission.WITNESS_READ)
def consent_detail(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """One consent in whole sentences."""
    row = find(Consent.objects.select_related("witness", "explained_by"), request, case, consent)
    answers = ConsentScope.objects.visible_to(request.user).filter(consent=row).order_by("created_at")
    events = ConsentEvent.objects.visible_to(request.user).filter(consent=row).order_by("at")
    is_open = row.state in IN_FORCE
    standing = standing_consents([row.witness_id], timezone.now()).get(row.witness_id)
    opened = opened_lines(answers, "conditions", request=request)
    context = {
        "case": case,
        "line": opened_line(row, "circumstances", request=request),
        "purposes": by_purpose(opened),
        "events": opened_lines(events.select_related("created_by"), "note", request=request),
        "counts": standing is not None and standing.pk == row.pk,
        "may_withdraw": is_open and Permission.CONSENT_WITHDRAW in request.powers,
        "may_recontact": is_open
        and Permission.CONSENT_RECORD in request.powers
        and any(line.row.recontact_before_use and line.row.withdrawn_at is None for line in opened),
        "may_record": Permission.CONSENT_RECORD in request.powers,
    }
    return render(request, "cases/consent_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CONSENT_RECORD)
def consent_record(request: CaseRequest, case: Case, witness: UUID) -> HttpResponse:
    """Record a consent; the one before it is replaced. Every answer is asked anew."""
    row = find(Witness.objects.all(), request, case, witness)
    talk, uses = NewTalkForm(posted(request)), UsesForm(posted(request))
    # Both are asked, so that one page says all that is to mend.
    if request.method == "POST" and all([talk.is_valid(), uses.is_valid()]):
        with attempting(request, talk):
            facts = consent_facts(talk, uses)
            made = record_consent(by=request.user, witness=row, facts=facts, once=talk.drawn())
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
