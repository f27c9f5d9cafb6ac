"""A witness takes their consent back: any member who works in the case records it, at once, on their word.

Whoever may not read what witnesses said finds them here by code alone; nothing is opened.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.consents import withdraw_consent
from cases.errors import NotVisible
from cases.forms.consent import WithdrawalForm
from cases.models import Case, Consent
from cases.models.consent import IN_FORCE
from cases.policy import CaseRequest, case_view
from cases.views.common import posted, status_of
from cases.vocabulary import ConsentPurpose, Decision, Permission


@require_safe
@case_view(Permission.CONSENT_WITHDRAW)
def consent_choose(request: CaseRequest, case: Case) -> HttpResponse:
    """Whose consent is taken back: by the codes of the witnesses, who are known by nothing else here."""
    rows = Consent.objects.visible_to(request.user, Permission.CONSENT_WITHDRAW)
    open_now = rows.filter(case=case, state__in=IN_FORCE).select_related("witness")
    context = {
        "case": case,
        "consents": list(open_now.order_by("witness__code")),
        "sees_strict": Permission.STRICT_READ in request.powers,
    }
    return render(request, "cases/consent_choose.html", context)


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
        return redirect("withdrawal-detail", case=case.pk, consent=done.pk)
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
        _("What was delivered before stays with its recipient. The next page says with whom."),
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
