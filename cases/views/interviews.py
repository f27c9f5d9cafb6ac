"""Interviews, from the proposal to the end."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.interviews import (
    CLEARED,
    STEPS,
    change_interview,
    day_of,
    move_interview,
    propose_interview,
)
from cases.actions.specialists import fitting, interpreters, interviewers, table_of
from cases.errors import NotVisible
from cases.forms.interviews import InterviewForm, NewInterviewForm, NoteForm, RightsForm
from cases.models import Case, Interview, RepetitionReason, Testimony, Witness
from cases.policy import CaseRequest, case_view
from cases.views.common import Line, attempting, find, form_page, opened_line, posted, status_of
from cases.views.contacts import rules_of
from cases.views.naming import chosen, witnesses_of
from cases.views.saving import desk_of
from cases.vocabulary import TOLD, InterviewStatus, InterviewType, Permission
from vault.vocabulary import Purpose

FIELDS = (
    "mode",
    "recording",
    "place_type",
    "place",
    "language",
    "dialect",
    "interviewer",
    "interpreter",
    "participants",
    "breaks",
    "added_value",
    "earlier_accounts",
    "risk_note",
    "not_taken_reason",
)

QUESTIONS = {
    InterviewStatus.RISK_CLEARED: gettext_lazy("Does the assessed risk allow this meeting?"),
    InterviewStatus.NOT_TAKEN: gettext_lazy("Why is no account taken?"),
    InterviewStatus.SCHEDULED: gettext_lazy("Is the meeting agreed?"),
    InterviewStatus.IN_PROGRESS: gettext_lazy("Begin the interview?"),
    InterviewStatus.COMPLETED: gettext_lazy("Is the interview complete?"),
    InterviewStatus.STOPPED_BY_WITNESS: gettext_lazy("Did the witness stop the interview?"),
    InterviewStatus.ABORTED: gettext_lazy("Was the interview broken off?"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.WITNESS_READ)
def interview_list(request: CaseRequest, case: Case) -> HttpResponse:
    """All interviews; nothing is opened for the list."""
    desk = desk_of(request, case, "interview-list", Permission.WITNESS_READ, state=InterviewStatus.values)
    if desk.answer:
        return desk.answer
    rows = Interview.objects.visible_to(request.user).filter(case=case).select_related("witness")
    wanted = request.GET.get("state", "")
    if wanted in InterviewStatus.values:
        rows = rows.filter(status=wanted)
    context = {
        "case": case,
        "interviews": rows.order_by("-created_at"),
        "states": InterviewStatus.choices,
        "wanted": wanted,
        "desk": desk,
        "may_write": Permission.INTERVIEW_WRITE in request.powers,
    }
    return render(request, "cases/interview_list.html", context, status=desk.status)


@require_safe
@case_view(Permission.WITNESS_READ)
def interview_detail(request: CaseRequest, case: Case, interview: UUID) -> HttpResponse:
    """One interview and the steps that are open now."""
    row = find(Interview.objects.select_related("witness"), request, case, interview)
    may_write = Permission.INTERVIEW_WRITE in request.powers
    accounts = Testimony.objects.visible_to(request.user).filter(interview=row)
    steps = STEPS[InterviewStatus(row.status)] if may_write else frozenset()
    line = opened_line(row, *FIELDS, request=request)
    context = {
        "case": case,
        "line": line,
        "steps": [step for step in InterviewStatus if step in steps],
        "accounts": accounts.order_by("created_at"),
        "may_write": may_write,
        "reason": _reason(request, row),
        "rules": rules_of(request, row.witness),
        **_hearing(request, line),
        "may_justify": Permission.TESTIMONY_REVIEW in request.powers
        and row.status == InterviewStatus.PROPOSED
        and row.type == InterviewType.FULL_ACCOUNT
        and row.created_by_id != request.user.pk,
        "may_take_down": Permission.TESTIMONY_WRITE in request.powers and row.status in TOLD,
    }
    return render(request, "cases/interview_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def interview_create(request: CaseRequest, case: Case) -> HttpResponse:
    """Propose an interview."""
    me = request.user.staff_code
    form = NewInterviewForm(
        posted(request), initial={"witness": request.GET.get("witness", ""), "interviewer": me}
    )
    form.offer("witness", witnesses_of(request, case))
    form.offer_seats(interviewers(case), interpreters(case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            witness = chosen(Witness.objects, request, case, form, "witness")
            if witness is not None:
                row = propose_interview(by=request.user, witness=witness, facts=form.facts())
                messages.success(request, _("The interview was proposed."))
                return redirect("interview-detail", case=case.pk, interview=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Propose an interview"),
        verb=_("Propose it"),
        back=reverse("interview-list", args=[case.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def interview_edit(request: CaseRequest, case: Case, interview: UUID) -> HttpResponse:
    """Complete or correct what is known of the meeting."""
    row = find(Interview.objects.select_related("witness"), request, case, interview)
    line = opened_line(row, *FIELDS, request=request, why=Purpose.EDIT)
    form = InterviewForm(posted(request), initial=_initial(line))
    form.offer_seats(interviewers(case), interpreters(case))
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            change_interview(
                by=request.user, interview=row, expected=form.read_revision(), facts=form.facts()
            )
            messages.success(request, _("The interview was changed."))
            return redirect("interview-detail", case=case.pk, interview=row.pk)
    return form_page(
        request,
        case,
        form,
        heading=_("Complete or correct an interview"),
        verb=_("Save the change"),
        back=reverse("interview-detail", args=[case.pk, row.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(Permission.INTERVIEW_WRITE)
def interview_move(request: CaseRequest, case: Case, interview: UUID, to: str) -> HttpResponse:
    """One step on, after one plain question where the step needs an answer."""
    row = find(Interview.objects.select_related("witness"), request, case, interview)
    if to not in InterviewStatus.values:
        raise NotVisible(subject=f"interview:{row.pk}", scope=case.pk)
    step = InterviewStatus(to)
    form = _step_form(request, step)
    if request.method == "POST" and form.is_valid():
        with attempting(request, form):
            move_interview(
                by=request.user,
                interview=row,
                to=step,
                note=form.cleaned_data.get("note", ""),
                rights_explained=form.cleaned_data.get("rights_explained", False),
            )
            messages.success(request, _("The interview is now: %(state)s.") % {"state": step.label})
            return redirect("interview-detail", case=case.pk, interview=row.pk)
    context = {
        "case": case,
        "line": row,
        "form": form,
        "question": str(QUESTIONS.get(step, _("Change the state of the interview?"))),
        "verb": step.label,
        "ways": _ways(case, row) if form.non_field_errors() and step in CLEARED else [],
        "cancel_url": reverse("interview-detail", kwargs={"case": case.pk, "interview": row.pk}),
    }
    return render(request, "cases/interview_move.html", context, status=status_of(form))


def _hearing(request: CaseRequest, line: Line[Interview]) -> dict[str, object]:
    """What whoever hears the person must be trained for, who is to, and who in the case could."""
    row = line.row
    if row.status not in (InterviewStatus.PROPOSED, *CLEARED):
        return {}
    on = day_of(row)
    table = table_of(row, line.opened, reader=request.user, on=on, why=Purpose.READ)
    if not table.wanted:
        return {}
    return {
        "table": table,
        "wanted": sorted(one.label for one in table.wanted),
        "fitting": fitting(row.case, table.wanted, on),
        "ways": [] if table.fits else _ways(row.case, row),
    }


def _ways(case: Case, interview: Interview) -> list[tuple[str, str]]:
    """What can be done where a meeting may not be held so."""
    here = {"case": case.pk, "interview": interview.pk}
    care = reverse("witness-care", args=[case.pk, interview.witness_id])
    ways = [
        (_("Look at the risk, earlier accounts and contact"), care),
        (_("Name others, or correct the interview"), reverse("interview-edit", kwargs=here)),
    ]
    if InterviewStatus.NOT_TAKEN in STEPS[InterviewStatus(interview.status)]:
        not_taken = {**here, "to": InterviewStatus.NOT_TAKEN.value}
        ways.append((_("Take no account, and say why"), reverse("interview-move", kwargs=not_taken)))
    offer = reverse("referral-create", args=[case.pk, interview.witness_id])
    return [*ways, (_("Record help that you offered"), offer)]


def _step_form(request: CaseRequest, step: InterviewStatus) -> forms.Form:
    if step == InterviewStatus.NOT_TAKEN:
        return NoteForm(posted(request))
    if step == InterviewStatus.IN_PROGRESS:
        return RightsForm(posted(request))
    return forms.Form(posted(request))


def _reason(request: CaseRequest, interview: Interview) -> Line[RepetitionReason] | None:
    """Why a full account is taken again, where a reviewer wrote it down."""
    rows = RepetitionReason.objects.visible_to(request.user).select_related("created_by")
    row = rows.filter(interview=interview).first()
    return opened_line(row, "reason", request=request) if row else None


def _initial(line: Line[Interview]) -> dict[str, object]:
    row, opened = line.row, line.opened
    present = opened.json("participants")
    names = (
        "mode",
        "recording",
        "place_type",
        "place",
        "language",
        "dialect",
        "interviewer",
        "interpreter",
        "breaks",
        "added_value",
    )
    return {
        **{name: opened.text(name) for name in names},
        "type": row.type,
        "planned_at": timezone.localtime(row.planned_at) if row.planned_at else None,
        "participants": "\n".join(present) if isinstance(present, list) else "",
        "revision": row.revision,
    }
