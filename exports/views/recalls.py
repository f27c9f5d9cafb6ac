"""Calling back what was delivered: what is owed, each letter, and what came of it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, find, posted, status_of
from cases.vocabulary import Permission
from exports.actions.withdrawal import answer_recall, remind_recall, send_recall
from exports.forms import RecallAnswerForm, RecallForm
from exports.identities import codes_of
from exports.models import Export, ExportItem, RecallNotice
from exports.printing.letters import recall_letter
from exports.recalling import handed_among, owed
from exports.views.papers import asked_language, handed_out
from exports.vocabulary import RECALL_OPEN, RECALL_STEPS, RecallState
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose


def _letters(request: CaseRequest, case: Case) -> list[RecallNotice]:
    rows = RecallNotice.objects.visible_to(request.user).filter(case=case)
    return list(rows.select_related("export__recipient", "created_by").order_by("-created_at")[:200])


@require_safe
@case_view(Permission.EXPORT_READ)
def recall_list(request: CaseRequest, case: Case) -> HttpResponse:
    """What must be called back, and every letter that was written."""
    waiting = owed(Export.objects.visible_to(request.user).filter(case=case))
    notices = _letters(request, case)
    bodies = {one.export.recipient for one in waiting} | {one.export.recipient for one in notices}
    told = open_rows(bodies, "name", reader=request.user.staff_code, purpose=Purpose.LIST)
    context = {
        "case": case,
        "waiting": [(one, told[one.export.recipient_id].text("name")) for one in waiting],
        "notices": [(one, told[one.export.recipient_id].text("name"), _is_late(one)) for one in notices],
        "may_send": Permission.EXPORT_BUILD in request.powers,
    }
    return render(request, "exports/recall_list.html", context)


def _is_late(notice: RecallNotice) -> bool:
    late = notice.asked_at + timedelta(days=settings.RECALL_DAYS) < timezone.now()
    return late and notice.state in RECALL_OPEN


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EXPORT_BUILD)
def recall_send(request: CaseRequest, case: Case, export: UUID) -> HttpResponse:
    """Write the letter for one export: what it names, and how it goes."""
    rows = Export.objects.visible_to(request.user).filter(case=case)
    row = get_object_or_404(rows.select_related("recipient"), pk=export)
    found = owed(Export.objects.filter(pk=row.pk))
    form = RecallForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            notice = send_recall(by=request.user, export=row, note=form.cleaned_data["note"])
            messages.success(request, _("The letter is written. Print it, and send it by your usual way."))
            return redirect("recall-detail", case=case.pk, notice=notice.pk)
    context = {
        "case": case,
        "export": row,
        "recipient": open_row(row.recipient, "name", reader=request.user.staff_code, purpose=Purpose.READ),
        "items": found[0].items if found else (),
        "identities": len(handed_among(found[0].items)) if found else 0,
        "form": form,
        "question": _("Call back what is no longer covered?"),
        "consequences": [
            _("The package can no longer be fetched by anybody."),
            _("The letter names documents by the codes of the delivery, and says nothing of the person."),
            _("Who does not answer is shown to you again, to be reminded."),
        ],
        "verb": _("Write the letter"),
        "cancel_url": reverse("recall-list", args=[case.pk]),
    }
    return render(request, "exports/recall_send.html", context, status=status_of(form))


@require_safe
@case_view(Permission.EXPORT_READ)
def recall_detail(request: CaseRequest, case: Case, notice: UUID) -> HttpResponse:
    """One letter: what it names, how it went, what was answered."""
    row = _notice(request, case, notice)
    return _shown(request, case, row, _form(request, row))


@require_POST
@case_view(Permission.EXPORT_BUILD)
def recall_answer(request: CaseRequest, case: Case, notice: UUID) -> HttpResponse:
    """Write down what the recipient said."""
    row = _notice(request, case, notice)
    form = _form(request, row)
    if form.is_valid():
        with attempting(request, form):
            said = form.cleaned_data
            answer_recall(by=request.user, notice=row, to=RecallState(said["to"]), note=said["note"])
            messages.success(request, _("What the recipient said is kept with the letter."))
            return redirect("recall-detail", case=case.pk, notice=row.pk)
    return _shown(request, case, row, form)


@require_POST
@case_view(Permission.EXPORT_BUILD)
def recall_remind(request: CaseRequest, case: Case, notice: UUID) -> HttpResponse:
    """Ask once more."""
    row = _notice(request, case, notice)
    remind_recall(by=request.user, notice=row)
    messages.success(request, _("Reminded. Print the letter again: it says which reminder it is."))
    return redirect("recall-detail", case=case.pk, notice=row.pk)


@require_POST
@case_view(Permission.EXPORT_BUILD)
def recall_letter_take(request: CaseRequest, case: Case, notice: UUID) -> HttpResponse:
    """Hand the letter out as a PDF, in the language of the button."""
    row = _notice(request, case, notice)
    code = request.user.staff_code
    name = open_row(row.export.recipient, "name", reader=code, purpose=Purpose.EXPORT).text("name")
    items = list(_items(row))
    told = open_rows(items, "sha256_delivered", reader=code, purpose=Purpose.EXPORT)
    digests = {one.exported_id: told[one.pk].text("sha256_delivered") for one in items}
    codes = codes_of(row.export, [one.pk for one in handed_among(items)])
    called = open_rows(codes.values(), "code", reader=code, purpose=Purpose.EXPORT)
    paper = recall_letter(
        row,
        recipient=name,
        digests=digests,
        language=asked_language(request),
        identities=sorted(called[pk].text("code") for pk in called),
    )
    return handed_out(paper, f"{row.export.number}-recall")


def _notice(request: CaseRequest, case: Case, notice: UUID) -> RecallNotice:
    rows = RecallNotice.objects.select_related("export__recipient", "created_by")
    return find(rows, request, case, notice)


def _items(row: RecallNotice) -> "QuerySet[ExportItem]":
    rows = ExportItem.objects.filter(recalled__notice=row)
    return rows.select_related("testimony__witness", "evidence__witness")


def _form(request: CaseRequest, row: RecallNotice) -> RecallAnswerForm:
    form = RecallAnswerForm(posted(request))
    form.offer(row.state)
    return form


def _shown(request: CaseRequest, case: Case, row: RecallNotice, form: RecallAnswerForm) -> HttpResponse:
    code = request.user.staff_code
    acts = Permission.EXPORT_BUILD in request.powers
    context = {
        "case": case,
        "notice": row,
        "items": row.items.select_related("item").order_by("item__exported_id"),
        "identities": len(handed_among(list(_items(row)))),
        "recipient": open_row(row.export.recipient, "name", reader=code, purpose=Purpose.READ),
        "opened": open_row(row, "note", "answer", reader=code, purpose=Purpose.READ),
        "form": form if acts and RECALL_STEPS.get(RecallState(row.state)) else None,
        "may_send": acts,
        "may_remind": acts and row.state in RECALL_OPEN,
        "is_late": _is_late(row),
    }
    return render(request, "exports/recall_detail.html", context, status=status_of(form))
