"""Integrity of a case's files: runs, what they found, and alerts that wait for an answer."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.vocabulary import OwedState
from cases.errors import NotVisible
from cases.models import Case
from cases.policy import CaseRequest, case_view
from cases.views.common import attempting, posted, status_of
from cases.vocabulary import Permission
from evidence.actions.aside import set_aside
from evidence.actions.integrity import answer_alert
from evidence.actions.planning import ask_integrity_run, days_of, set_schedule
from evidence.forms.custody import AnswerForm, AsideForm
from evidence.forms.integrity import AskForm, ScheduleForm
from evidence.models import EvidenceItem, FileObject, FixityCheck, IntegrityRun
from evidence.overdue import is_overdue
from evidence.progress import runs_of_case
from evidence.views.rows import opened
from evidence.vocabulary import FileFlag, RunKind

MOST_ANSWERED = 50


@require_safe
@case_view(Permission.EVIDENCE_READ)
def integrity_page(request: CaseRequest, case: Case) -> HttpResponse:
    """How this case's files stand. A run over everything is told by its end alone: it counts others' too."""
    runs = runs_of_case(case.pk)
    routine_days, deep_days = days_of([case.pk])[case.pk]
    alerts = FixityCheck.objects.filter(case=case).select_related("file__item", "closed_by")
    seen = alerts.visible_to(request.user)
    closed = seen.filter(closed_at__isnull=False).order_by("-closed_at")[:MOST_ANSWERED]
    may_check = Permission.EVIDENCE_INTEGRITY in request.powers
    context = {
        "case": case,
        "files": _standing(request, case),
        "runs": runs,
        "under_way": [run for run in runs if run.is_under_way],
        "routine_days": routine_days,
        "deep_days": deep_days,
        "is_overdue": is_overdue(case.pk),
        "last_full": _last_full(),
        # Whoever answers alerts is told of each; the words of an answer, and the way to the exhibit, stay
        # with those who may read it.
        "waiting": (alerts if may_check else seen).filter(closed_at__isnull=True).order_by("created_at"),
        "readable": _readable(request, case),
        "answered": opened(closed, "answer", request=request),
        "may_check": may_check,
        # A run counts strictly confidential files too: how many there are is for those who may see them.
        "may_count": bool({Permission.EVIDENCE_INTEGRITY, Permission.STRICT_READ} & request.powers),
    }
    return render(request, "evidence/integrity_page.html", context)


@require_POST
@case_view(Permission.EVIDENCE_INTEGRITY)
def integrity_ask(request: CaseRequest, case: Case) -> HttpResponse:
    """Check every file of this case now, with or without opening it."""
    form = AskForm(request.POST)
    kind = RunKind(form.cleaned_data["kind"] or RunKind.ROUTINE) if form.is_valid() else RunKind.ROUTINE
    ask_integrity_run(by=request.user, case=case, kind=kind)
    messages.success(request, _("The check has begun. It goes on by itself; this page shows how far it is."))
    return redirect("integrity-page", case=case.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_INTEGRITY)
def integrity_schedule(request: CaseRequest, case: Case) -> HttpResponse:
    """Say how often this case is checked."""
    routine_days, deep_days = days_of([case.pk])[case.pk]
    form = ScheduleForm(posted(request), initial={"routine_days": routine_days, "deep_days": deep_days})
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            set_schedule(by=request.user, case=case, **form.cleaned_data)
            messages.success(request, _("The schedule is set. It counts from the next check on."))
            return redirect("integrity-page", case=case.pk)
    context = {
        "case": case,
        "form": form,
        "question": _("How often files are checked"),
        "verb": _("Set the schedule"),
        "cancel_url": reverse("integrity-page", args=[case.pk]),
        "consequences": [
            _("A routine check looks at the sealed bytes. It opens nothing and needs no key."),
            _("A deep check opens each file and compares it with what arrived. Each opening is in the log."),
            _("A check that is a day late is told to whoever keeps this case's evidence."),
        ],
    }
    return render(request, "evidence/integrity_schedule.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_INTEGRITY)
def alert_answer(request: CaseRequest, case: Case, alert: UUID) -> HttpResponse:
    """Say what was found out about a damaged or missing file."""
    rows = FixityCheck.objects.select_related("file__item", "closed_by")
    row = rows.filter(case=case, pk=alert).first()
    if row is None:
        raise NotVisible(subject=f"alert:{alert}", scope=case.pk)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            answer_alert(by=request.user, alert=row, answer=form.cleaned_data["answer"])
            messages.success(request, _("The alert is answered, and its file is checked once more."))
            return redirect("integrity-page", case=case.pk)
    context = {
        "case": case,
        "alert": row,
        "readable": _readable(request, case),
        "form": form,
        "may_set_aside": row.file.flag == FileFlag.DAMAGED and row.file.set_aside_at is None,
        "question": _("Answer an alert"),
        "verb": _("Answer the alert"),
        "cancel_url": reverse("integrity-page", args=[case.pk]),
        "consequences": [
            _(
                "The exhibit stays frozen until each of its damaged files is found intact again, or the same "
                "content has been received once more."
            ),
            _("A file that is still damaged raises a new alert."),
        ],
    }
    return render(request, "evidence/alert_answer.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.EVIDENCE_INTEGRITY)
def file_set_aside(request: CaseRequest, case: Case, item: UUID, file: UUID) -> HttpResponse:
    """Give up a file whose stored bytes are lost, whoever may read its exhibit."""
    rows = FileObject.objects.select_related("item").filter(case=case, item=item)
    row = rows.filter(pk=file, flag=FileFlag.DAMAGED, set_aside_at__isnull=True).first()
    if row is None:
        raise NotVisible(subject=f"file:{file}", scope=case.pk)
    form = AsideForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            set_aside(by=request.user, file=row, reason=form.cleaned_data["reason"])
            messages.success(request, _("The file is set aside. It stays on record with the reason."))
            return redirect("integrity-page", case=case.pk)
    context = {
        "case": case,
        "file": row,
        "readable": _readable(request, case),
        "form": form,
        "question": _("Set a lost file aside"),
        "verb": _("Set the file aside"),
        "is_grave": True,
        "cancel_url": reverse("integrity-page", args=[case.pk]),
        "consequences": [
            _("This cannot be undone. Set a file aside when nobody can bring its bytes back."),
            _("The exhibit waits for this file no more; its open alert is answered with the reason."),
            _("The file is never shown, sent or verified again. Exports list it as left out."),
            _("A verified exhibit is reopened, unless the same content has been received once more."),
        ],
    }
    return render(request, "evidence/file_set_aside.html", context, status=status_of(form))


def _readable(request: CaseRequest, case: Case) -> set[UUID]:
    """Exhibits with an alert that the reader may look at."""
    rows = EvidenceItem.objects.visible_to(request.user).filter(case=case, files__alerts__isnull=False)
    return set(rows.values_list("pk", flat=True))


def _standing(request: CaseRequest, case: Case) -> dict[str, object]:
    """Count what the reader may see: how many files, how many never found intact, how many failed."""
    return (
        FileObject.objects.visible_to(request.user)
        .filter(case=case)
        .aggregate(
            files=Count("pk"),
            never=Count("pk", filter=Q(intact_at__isnull=True)),
            failed=Count("pk", filter=Q(flag=FileFlag.DAMAGED, set_aside_at__isnull=True)),
            oldest=Min("intact_at"),
        )
    )


def _last_full() -> datetime | None:
    """When the machine last came to the end of everything."""
    runs = IntegrityRun.objects.filter(case__isnull=True, kind=RunKind.ROUTINE, state=OwedState.DONE)
    return runs.order_by("-finished_at").values_list("finished_at", flat=True).first()
