"""Asking a witness again before a use, and writing down what they said."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.actions.talks import record_recontact
from cases.forms.consent import RecontactForm
from cases.models import Case, Consent
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, posted, status_of
from cases.vocabulary import ConsentPurpose, Permission, Reached


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.CONSENT_RECORD)
def consent_recontact(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """Record that the person was asked before a use, and what came of it."""
    row = find(Consent.objects.select_related("witness"), request, case, consent)
    asked = row.scopes.filter(recontact_before_use=True, withdrawn_at__isnull=True)
    wanted = set(asked.values_list("purpose", flat=True))
    form = RecontactForm(posted(request))
    form.offer([one for one in ConsentPurpose if one in wanted])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with attempting(request, form):
            record_recontact(
                by=request.user,
                consent=row,
                purpose=ConsentPurpose(said["purpose"]),
                reached=Reached(said["reached"]),
                channel=said["channel"],
                note=said["note"],
            )
            messages.success(request, _("The talk is recorded with the consent."))
            return redirect("consent-detail", case=case.pk, consent=row.pk)
    context = {
        "case": case,
        "line": row,
        "form": form,
        "question": _("What did the person say before this use?"),
        "consequences": [
            _("Only a yes opens the use, for thirty days; then the person is asked again."),
            _("A no, or nobody reached, keeps it closed."),
        ],
        "verb": _("Record the talk"),
        "cancel_url": reverse("consent-detail", args=[case.pk, row.pk]),
    }
    return render(request, "cases/consent_recontact.html", context, status=status_of(form))
