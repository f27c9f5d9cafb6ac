"""Showing a paper as a page, and handing it out as a PDF."""

from django.http import HttpResponse
from django.utils.translation import get_language

from cases.policy import CaseRequest
from exports.printing.paper import Paper, chosen_language, paper_pdf


def asked_language(request: CaseRequest) -> str:
    """Return the language in which a paper is asked for, by the address or by a button."""
    return chosen_language(request.POST.get("language") or request.GET.get("in", "") or get_language() or "")


def handed_out(paper: Paper, name: str) -> HttpResponse:
    """Return a paper as a PDF to take away. The name holds codes alone."""
    response = HttpResponse(paper_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}-{paper.language}.pdf"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
