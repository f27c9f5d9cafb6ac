"""What a witness agreed to, to be read aloud: as a page and on paper, in Arabic and English."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case, Consent, ConsentScope
from cases.policy import CaseRequest, case_view
from cases.views.common import find, opened_line, opened_lines
from cases.vocabulary import Permission
from exports.printing.agreed import agreed_paper
from exports.printing.paper import Paper
from exports.views.papers import asked_language, handed_out
from vault.opening import open_row
from vault.vocabulary import Purpose


@require_safe
@case_view(Permission.WITNESS_READ)
def consent_paper(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """One page to read aloud from; `?in=ar` asks for it in Arabic."""
    row = _row(request, case, consent)
    context = {"case": case, "consent": row, "paper": _paper(request, row)}
    return render(request, "exports/consent_paper.html", context)


@require_POST
@case_view(Permission.WITNESS_READ)
def consent_paper_take(request: CaseRequest, case: Case, consent: UUID) -> HttpResponse:
    """The same as a PDF, in the language of the button."""
    row = _row(request, case, consent)
    return handed_out(_paper(request, row), f"{row.witness.code}-consent-{row.number}")


def _row(request: CaseRequest, case: Case, consent: UUID) -> Consent:
    return find(Consent.objects.all(), request, case, consent)


def _paper(request: CaseRequest, row: Consent) -> Paper:
    answers = ConsentScope.objects.visible_to(request.user).filter(consent=row).order_by("created_at")
    opened = open_row(row.witness, "public_pseudonym", reader=request.user.staff_code, purpose=Purpose.READ)
    return agreed_paper(
        opened_line(row, "circumstances", request=request),
        opened_lines(answers, "conditions", request=request),
        pseudonym=opened.text("public_pseudonym"),
        language=asked_language(request),
    )
