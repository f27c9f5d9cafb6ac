"""Redacted copies: drawing what is taken out, looking at what was made, letting it go or sending it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.policy import refused
from cases.errors import ElsewhereRow
from cases.models import Case
from cases.models.sets import CaseRowSet
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, find, opened_line, posted, status_of
from cases.vocabulary import Permission
from evidence import serving
from evidence.actions.redaction import (
    approve_redaction,
    draft_redaction,
    kind_of,
    redactable,
    return_redaction,
)
from evidence.actions.viewing import open_content
from evidence.decoding.burning.regions import region_of
from evidence.decoding.kinds import Family
from evidence.decoding.workshop import draw_page
from evidence.errors import FileUnusable, ItemFrozen
from evidence.forms.redaction import Drawing, ReturnForm
from evidence.models import EvidenceItem, FileObject, Redaction, RedactionSet
from evidence.views.copies import copies_of, shown_regions
from evidence.views.rows import exhibit, named, opened
from vault.vocabulary import Purpose


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EXPORT_REDACT)
def redaction_draft(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponse:
    """Draw what is taken out of one file; `from` names the set that is corrected."""
    row = exhibit(request, case, item)
    if row.is_frozen:
        raise ItemFrozen(subject=f"evidence:{row.pk}", scope=case.pk)
    source = redactable(row, request.user, find(_files(row), request, case, file))
    kind, corrects = kind_of(source, request.user), _corrected(request, case, source)
    drawing = Drawing(kind.family, posted(request), _initial(request, corrects))
    if request.method == "POST" and "more" not in request.POST and drawing.is_valid():
        with attempting(request, drawing.form):
            made = draft_redaction(by=request.user, file=source, facts=drawing.facts(), corrects=corrects)
            messages.success(
                request, _("The copy is being made. It is then checked, and waits for a second person.")
            )
            return redirect("redaction-detail", case=case.pk, item=row.pk, redaction=made.pk)
    context = {
        "case": case,
        "line": named(row, request),
        "file": source,
        "drawing": drawing,
        "form": drawing.form,
        "corrects": corrects,
        "family": kind.family.value,
        "is_playable": kind.is_shown,
        "has_picture": kind.family in {Family.PICTURE, Family.PAPER, Family.MOVING},
    }
    return render(request, "evidence/redaction_draft.html", context, status=status_of(drawing.form))


@require_GET
@case_view(Permission.EXPORT_REDACT)
def redaction_page(request: CaseRequest, case: Case, item: UUID, file: UUID, number: int) -> HttpResponseBase:
    """Show a page of a paper as it is drawn, for somebody who draws boxes on it: one look, one entry."""
    row = exhibit(request, case, item)
    source = redactable(row, request.user, find(_files(row), request, case, file))
    if kind_of(source, request.user).family is not Family.PAPER:
        raise ElsewhereRow(subject=f"file:{file}", scope=case.pk)
    shown = open_content(by=request.user, case=case.pk, item=item, file=source.pk, goes_on=True)
    if shown is None:  # said, not raised: the alert that was just written must stand
        return refused(request, FileUnusable())
    with shown.opened as content:
        picture, pages = draw_page(
            lambda start, end: b"".join(content.read(start, end)), length=content.length, number=number
        )
    if not picture:
        return refused(request, ElsewhereRow())
    response = serving.preview(f"{shown.name}-page-{number}", picture)
    response["X-Pages"] = str(pages)
    return response


@require_safe
@case_view(Permission.EVIDENCE_READ)
def redaction_detail(request: CaseRequest, case: Case, item: UUID, redaction: UUID) -> HttpResponse:
    """One set: what is taken out and why, the copy that was made, and what can be done now."""
    row = exhibit(request, case, item)
    return _page(request, case, row, _found(request, case, row, redaction))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EXPORT_APPROVE)
def redaction_approve(request: CaseRequest, case: Case, item: UUID, redaction: UUID) -> HttpResponse:
    """The second person, who has looked at the copy, lets it go."""
    row = exhibit(request, case, item)
    found = _found(request, case, row, redaction)
    if request.method == "POST":
        approve_redaction(by=request.user, redaction=found)
        messages.success(request, _("The copy is approved. Exports take it in the place of the original."))
        return redirect("redaction-detail", case=case.pk, item=row.pk, redaction=found.pk)
    context: dict[str, object] = {
        "question": _("Approve this redacted copy?"),
        "verb": _("Approve the copy"),
        "consequences": [
            _("You looked at the copy, or listened to it, and nothing is left in it that must not leave."),
            _("Below tier T3 exports send this copy in the place of the original."),
            _("Your code stands beside the copy from now on."),
        ],
    }
    return _confirm(request, case, row, found, context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EXPORT_APPROVE)
def redaction_return(request: CaseRequest, case: Case, item: UUID, redaction: UUID) -> HttpResponse:
    """Send a copy back, also one that was approved: it is sent to nobody any more."""
    row = exhibit(request, case, item)
    found = _found(request, case, row, redaction)
    form = ReturnForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            return_redaction(by=request.user, redaction=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("The copy was returned with your reason. A correction is a new set."))
            return redirect("redaction-detail", case=case.pk, item=row.pk, redaction=found.pk)
    context: dict[str, object] = {
        "form": form,
        "question": _("Return this redacted copy?"),
        "verb": _("Return the copy"),
        "consequences": [_("The copy stays on record and is sent to nobody. A correction is a new set.")],
    }
    return _confirm(request, case, row, found, context)


def _files(row: EvidenceItem) -> "CaseRowSet[FileObject]":
    return FileObject.objects.filter(item=row).select_related("item", "stored")


def _found(request: CaseRequest, case: Case, row: EvidenceItem, redaction: UUID) -> RedactionSet:
    rows = RedactionSet.objects.filter(file__item=row)
    rows = rows.select_related("file__item", "output", "created_by", "judged_by", "corrects", "job")
    return find(rows, request, case, redaction)


def _corrected(request: CaseRequest, case: Case, source: FileObject) -> RedactionSet | None:
    told = request.GET.get("from", "")
    if not told:
        return None
    try:
        pk = UUID(told)
    except ValueError:
        raise ElsewhereRow(subject=f"file:{source.pk}", scope=case.pk) from None
    return find(RedactionSet.objects.filter(file=source), request, case, pk)


def _initial(request: CaseRequest, corrects: RedactionSet | None) -> list[dict[str, object]]:
    """The rows of the set that is corrected, to be filled in again."""
    if corrects is None or request.method == "POST":
        return []
    rows = Redaction.objects.filter(redaction_set=corrects).order_by("number")
    lines = opened(rows, "region", "reason", "note", request=request, why=Purpose.EDIT)
    return [_typed(line) for line in lines]


def _typed(line: Line[Redaction]) -> dict[str, object]:
    told = line.opened.json("region")
    region = region_of(told if isinstance(told, dict) else {})
    left, top, right, bottom = region.box
    return {
        "kind": region.kind,
        "page": region.page or None,
        "start": region.start / 1000,
        "end": region.end / 1000,
        "left": round(left, 2),
        "top": round(top, 2),
        "width": round(right - left, 2),
        "height": round(bottom - top, 2),
        "reason": line.opened.text("reason"),
        "note": line.opened.text("note"),
    }


def _page(request: CaseRequest, case: Case, row: EvidenceItem, found: RedactionSet) -> HttpResponse:
    lines = Redaction.objects.filter(redaction_set=found).order_by("number")
    context = {
        "case": case,
        "line": opened_line(row, "type", "title", "traits", request=request),
        "set": opened_line(found, "note", "answer", request=request),
        "regions": shown_regions(opened(lines, "region", "reason", "note", request=request)),
        **copies_of(request, row, found),
    }
    return render(request, "evidence/redaction_detail.html", context)


def _confirm(
    request: CaseRequest, case: Case, row: EvidenceItem, found: RedactionSet, context: dict[str, object]
) -> HttpResponse:
    form = context.get("form")
    frame = {
        "case": case,
        "line": named(row, request),
        "set": found,
        "is_own": found.created_by_id == request.user.pk,
        "cancel_url": reverse("redaction-detail", args=[case.pk, row.pk, found.pk]),
    }
    status = status_of(form) if isinstance(form, ReturnForm) else 200
    return render(request, "evidence/redaction_judge.html", {**frame, **context}, status=status)
