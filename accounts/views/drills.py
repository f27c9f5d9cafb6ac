"""Drills on the custodians' pages: what waits, the file to take away, and handing in what was signed."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actions.drills import answer_drill, drill_paper
from accounts.actions.installation import is_demonstration
from accounts.custodians import directory_in_force, member_of, tool_of
from accounts.door import note_refusal
from accounts.drills import Standing, believe, is_carried, standings, waiting_for_member
from accounts.errors import DrillRefused
from accounts.forms import DrillAnswerForm
from accounts.models import Drill, User
from accounts.policy import StaffRequest, fresh, purpose, signed_in
from accounts.vocabulary import DrillState, Role


@require_GET
@signed_in(Role.IDENTITY_CUSTODIAN)
def drill_list(request: StaffRequest) -> HttpResponse:
    """What waits for this custodian, and how every pair stands."""
    directory = directory_in_force()
    me = member_of(request.user, directory) if directory else None
    mine = waiting_for_member(me.id) if me else []
    pairs: list[Standing] = standings(directory) if directory else []
    context = {"directory": directory, "mine": mine, "pairs": pairs, "me": me}
    return render(request, "accounts/drill_list.html", context)


@require_GET
@signed_in(Role.IDENTITY_CUSTODIAN)
def drill_file(request: StaffRequest, drill: UUID) -> HttpResponse:
    """The file that one of the pair takes to their own tool."""
    response = HttpResponse(
        drill_paper(by=request.user, drill=_found(drill)), content_type="application/json"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="drill.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.IDENTITY_CUSTODIAN)
@fresh
def drill_answer(request: StaffRequest, drill: UUID) -> HttpResponse:
    """Hand in what one of the pair signed; what does not count stays in the field, with the reason."""
    row = _found(drill)
    form = DrillAnswerForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                with transaction.atomic():
                    row = answer_drill(by=request.user, drill=row, answer=form.cleaned_data["paper"].encode())
            except DrillRefused as refusal:
                note_refusal(refusal, request.user, purpose(request))
                form.add_error("paper", str(refusal.message))
                status = refusal.status
            else:
                _say(request, row)
                return redirect("drill-list")
    directory = directory_in_force()
    context = {
        "row": row,
        "form": form,
        "tool": _commands(request.user),
        "is_carried": directory is not None and is_carried(row, directory),
    }
    return render(request, "accounts/drill_answer.html", context, status=status)


def _found(drill: UUID) -> Drill:
    row = Drill.objects.filter(pk=drill).first()
    if row is None:
        raise Http404
    believe(row)
    return row


def _say(request: StaffRequest, row: Drill) -> None:
    if row.state == DrillState.PASSED:
        messages.success(request, _("Passed: these two can open what is sealed to them."))
    elif row.state == DrillState.FAILED:
        messages.error(request, _("Failed: what these two opened is not what was sealed. The log says why."))
    else:
        messages.success(request, _("Counted. Now the other of the two must answer."))


def _commands(user: User) -> str:
    """How the tool is called to answer."""
    return tool_of(user, "approve", "drill.json", "answer.json", demonstration=is_demonstration())
