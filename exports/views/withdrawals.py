"""What a withdrawal reached, to be told to the witness by whoever recorded it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.actions.talks import confirm_withdrawal
from cases.errors import NotVisible
from cases.models import Case, Consent
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted, status_of
from cases.vocabulary import ConsentEventKind, ConsentState, Permission
from exports.believing import refuse_altered
from exports.forms import ToldForm
from exports.models import Destruction
from exports.printing.letters import Erasing, withdrawal_paper
from exports.printing.paper import Paper
from exports.recalling import reach_of
from exports.views.papers import asked_language, handed_out
from exports.vocabulary import DestructionState
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

_TAKEN_BACK = (ConsentState.WITHDRAWN, ConsentState.PARTLY_WITHDRAWN)


@require_safe
@case_view(Permission.CONSENT_WITHDRAW)
def withdrawal_detail(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """What was stopped, who holds something already, what is kept: in words to read to the witness."""
    return _shown(request, case, _row(request, case, consent), ToldForm())


@require_POST
@case_view(Permission.CONSENT_WITHDRAW)
def withdrawal_take(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """Hand it out as a PDF, in the language of the button."""
    row = _row(request, case, consent)
    return handed_out(_paper(request, row), f"{row.witness.code}-withdrawal")


@require_POST
@case_view(Permission.CONSENT_WITHDRAW)
def withdrawal_confirm(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """Write down that the witness was told."""
    row = _row(request, case, consent)
    form = ToldForm(posted(request))
    if form.is_valid():
        with attempting(request, form):
            confirm_withdrawal(by=request.user, consent=row, channel=form.cleaned_data["channel"])
            messages.success(request, _("It is recorded that the witness was told."))
            return redirect("withdrawal-detail", case=case.pk, consent=row.pk)
    return _shown(request, case, row, form)


def _row(request: CaseRequest, case: Case, consent: UUID) -> Consent:
    """Whoever may withdraw a consent may read what that reached."""
    # After an erasure too: then it is what tells the day from which it is final.
    rows = Consent.objects.visible_to(request.user, Permission.CONSENT_WITHDRAW, erased=True)
    row = rows.select_related("witness").filter(case=case, pk=consent, state__in=_TAKEN_BACK).first()
    if row is None:
        raise NotVisible(subject=f"consent:{consent}", scope=case.pk)
    return row


def _paper(request: CaseRequest, row: Consent) -> Paper:
    reach, code = reach_of(row), request.user.staff_code
    bodies = {one.recipient for one in (*reach.stopped, *reach.held)}
    told = open_rows(bodies, "name", reader=code, purpose=Purpose.READ)
    pseudonym = ""
    if Permission.WITNESS_READ in request.powers and row.witness.erased_at is None:
        opened = open_row(row.witness, "public_pseudonym", reader=code, purpose=Purpose.READ)
        pseudonym = opened.text("public_pseudonym")
    return withdrawal_paper(
        row,
        reach,
        names={pk: told[pk].text("name") for pk in told},
        pseudonym=pseudonym,
        whole=row.state == ConsentState.WITHDRAWN,
        erasing=_erasing(row),
        language=asked_language(request),
    )


def _erasing(row: Consent) -> Erasing:
    found = (
        Destruction.objects.filter(witness=row.witness_id).exclude(state=DestructionState.DECLINED).first()
    )
    if found is None:
        return Erasing()
    refuse_altered(found)
    return Erasing(asked=True, final_from=found.final_from)


def _shown(request: CaseRequest, case: Case, row: Consent, form: ToldForm) -> HttpResponse:
    told = row.events.filter(kind=ConsentEventKind.WITHDRAWAL_CONFIRMED).order_by("-at").first()
    context = {"case": case, "consent": row, "paper": _paper(request, row), "form": form, "told": told}
    return render(request, "exports/withdrawal_detail.html", context, status=status_of(form))
