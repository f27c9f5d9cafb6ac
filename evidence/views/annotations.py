"""Writing, correcting and withdrawing notes on files."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.errors import NotVisible
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, opened_line, posted, status_of
from cases.vocabulary import Permission
from evidence.actions.annotations import annotate, correct_annotation, withdraw_annotation
from evidence.annotating import note_of
from evidence.forms.notes import NoteForm, WithdrawalForm
from evidence.models import Annotation, EvidenceItem, FileObject
from evidence.views.rows import exhibit, named, parted_page
from evidence.views.sheets import ShownFile, files_of
from vault.vocabulary import Purpose


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def annotation_create(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponse:
    """Write a note on a file."""
    row = exhibit(request, case, item)
    shown = _file(request, row, file)
    form = NoteForm(posted(request), family=shown.family)
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            annotate(by=request.user, file=shown.line.row, note=form.note())
            messages.success(request, _("The note was kept."))
            return _back(row)
    return _page(
        request, case, row, shown, form, heading=_("Write a note on a file"), verb=_("Keep the note")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def annotation_correct(
    request: CaseRequest, case: Case, item: UUID, file: UUID, annotation: UUID
) -> HttpResponse:
    """Put a corrected version in the place of a note; the version before is kept."""
    row = exhibit(request, case, item)
    shown = _file(request, row, file)
    newest = _note(request, case, shown.line.row, annotation)
    told = opened_line(newest, "annotation", request=request, why=Purpose.EDIT).opened.json("annotation")
    form = NoteForm(posted(request), family=shown.family, initial=NoteForm.initial_from(note_of(told)))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            correct_annotation(by=request.user, newest=newest, note=form.note())
            messages.success(request, _("The note was corrected. What stood there before is kept."))
            return _back(row)
    return _page(request, case, row, shown, form, heading=_("Correct a note"), verb=_("Keep the correction"))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_VERIFY)
def annotation_withdraw(
    request: CaseRequest, case: Case, item: UUID, file: UUID, annotation: UUID
) -> HttpResponse:
    """Let a note stand no more, with the reason; it stays readable."""
    row = exhibit(request, case, item)
    newest = _note(request, case, _file(request, row, file).line.row, annotation)
    told = opened_line(newest, "annotation", request=request).opened.json("annotation")
    form = WithdrawalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            withdraw_annotation(by=request.user, newest=newest, reason=form.cleaned_data["reason"])
            messages.success(request, _("The note is withdrawn. It stays readable with the reason."))
            return _back(row)
    context = {
        "case": case,
        "line": named(row, request),
        "note": note_of(told),
        "form": form,
        "question": _("Withdraw a note?"),
        "verb": _("Withdraw the note"),
        "cancel_url": reverse("exhibit-detail", args=[case.pk, row.pk]),
        "consequences": [_("The note stays readable, marked as withdrawn, with your code and the reason.")],
    }
    return render(request, "evidence/annotation_withdraw.html", context, status=status_of(form))


def _file(request: CaseRequest, row: EvidenceItem, file: UUID) -> ShownFile:
    """Return the file as the page shows it; a preview or a lost file is none that anybody writes on."""
    for shown in files_of(request, row):
        if shown.line.row.pk == file and not shown.is_damaged:
            return shown
    raise NotVisible(subject=f"file:{file}", scope=row.case_id)


def _note(request: CaseRequest, case: Case, file: FileObject, annotation: UUID) -> Annotation:
    rows = Annotation.objects.filter(file=file).select_related("file__item", "first")
    return find(rows, request, case, annotation)


def _back(row: EvidenceItem) -> HttpResponseRedirect:
    return redirect("exhibit-detail", case=row.case_id, item=row.pk)


def _page(
    request: CaseRequest,
    case: Case,
    row: EvidenceItem,
    shown: ShownFile,
    form: NoteForm,
    *,
    heading: str,
    verb: str,
) -> HttpResponse:
    return parted_page(
        request,
        case,
        form,
        template="evidence/annotation.html",
        heading=heading,
        verb=verb,
        back=reverse("exhibit-detail", args=[case.pk, row.pk]),
        code=row.exhibit_no,
        line=opened_line(row, "traits", request=request),
        file=shown,
    )
