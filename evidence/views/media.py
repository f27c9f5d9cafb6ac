"""Looking at files: the content, whole or in ranges, and the preview."""

from uuid import UUID

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from accounts.policy import refused
from cases.errors import ElsewhereRow
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.vocabulary import Permission
from evidence import serving
from evidence.actions import viewing
from evidence.errors import FileUnusable
from evidence.vocabulary import CopyKind


@require_GET
@case_view(Permission.EVIDENCE_READ)
def file_content(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponseBase:
    """Show a file where a browser can do so safely; `?download` and everything else is an attachment."""
    # A range on a condition that does not hold, or that we do not know, is none (RFC 9110, 13.1.5).
    holds = request.headers.get("If-Range", "").strip() in {"", serving.tag_of(file)}
    wanted = request.headers.get("Range", "") if holds else ""
    goes_on = bool(wanted) and not wanted.replace(" ", "").startswith("bytes=0-")
    session = request.session.session_key or ""
    shown = viewing.open_content(
        by=request.user, case=case.pk, item=item, file=file, goes_on=goes_on, session=session
    )
    if shown is None:  # said, not raised: the alert that was just written must stand
        return refused(request, FileUnusable())
    return serving.content(
        shown,
        request.user,
        is_signed_in=lambda: request.session.exists(session),
        wanted=wanted,
        attached="download" in request.GET,
    )


@require_GET
@case_view(Permission.EVIDENCE_READ)
def file_thumbnail(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponseBase:
    """Show the preview of a file."""
    shown = viewing.open_preview(by=request.user, case=case.pk, item=item, file=file)
    if shown is None:
        return refused(request, ElsewhereRow())
    return serving.preview(*shown)


@require_GET
@case_view(Permission.EVIDENCE_READ)
def file_overview(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponseBase:
    """Show the contact sheet of a clip, or the waveform of a recording of sound."""
    kind = CopyKind.OVERVIEW
    shown = viewing.open_preview(by=request.user, case=case.pk, item=item, file=file, kind=kind)
    if shown is None:
        return refused(request, ElsewhereRow())
    return serving.preview(*shown)
