"""The report on a case's integrity: as a page to read, as a PDF and as JSON to take away."""

import json
from typing import Final, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.vocabulary import Permission
from evidence.actions.report import integrity_report, take_report
from evidence.printing.integrity import integrity_pdf
from evidence.vocabulary import FixityResult

PAPERS: Final = {"pdf-en": "en", "pdf-ar": "ar"}
FOR_PROGRAMS: Final = "json"


@require_safe
@case_view(Permission.EVIDENCE_READ)
def integrity_report_page(request: CaseRequest, case: Case) -> HttpResponse:
    """What the report would say now."""
    report = integrity_report(request.user, case)
    alerts = cast("list[dict[str, str]]", report["alerts"])
    newest = cast("dict[str, str] | None", report["checkpoint"])
    context = {
        "case": case,
        "report": report,
        "alerts": [(one, FixityResult(one["result"]).label) for one in alerts],
        "note": newest["note"].splitlines() if newest is not None else [],
    }
    return render(request, "evidence/integrity_report.html", context)


@require_POST
@case_view(Permission.EVIDENCE_READ)
def integrity_report_take(request: CaseRequest, case: Case) -> HttpResponse:
    """Hand the report out: for people in a language, or for programs; keys: `docs/integrity-report.md`."""
    form = request.POST.get("form", "")
    if form == FOR_PROGRAMS:
        report = take_report(by=request.user, case=case, form="json")
        body = json.dumps(report, ensure_ascii=True, indent=1, sort_keys=True).encode()
        return _handed_out(body, "application/json", f"{case.code}-integrity.json")
    if form not in PAPERS:
        raise Http404
    language = PAPERS[form]
    report = take_report(by=request.user, case=case, form="pdf", language=language)
    name = f"{case.code}-integrity-{language}.pdf"
    return _handed_out(integrity_pdf(report, language), "application/pdf", name)


def _handed_out(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
