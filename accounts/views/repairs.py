"""Repairs on the custodians' pages: how far a newcomer is, the files to take away, and handing them in."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actions.installation import is_demonstration
from accounts.actions.repairs import hand_in_repair, help_paper, repair_paper
from accounts.custodians import directory_in_force, tool_of
from accounts.door import note_refusal
from accounts.errors import RepairRefused
from accounts.forms import RepairForm
from accounts.models import Repair
from accounts.policy import StaffRequest, fresh, purpose, signed_in
from accounts.repairs import asked_repair, believe, progress
from accounts.vocabulary import RepairState, Role
from vault.custodian.directory import Directory


@require_GET
@signed_in(Role.IDENTITY_CUSTODIAN)
def repair_list(request: StaffRequest) -> HttpResponse:
    """Every newcomer who cannot open everything yet, and what waits for whom."""
    return _show(request, RepairForm())


@require_POST
@signed_in(Role.IDENTITY_CUSTODIAN)
@fresh
def repair_hand_in(request: StaffRequest, repair: UUID) -> HttpResponse:
    """Take what a helper or the newcomer signed; what does not hold is told with its reason."""
    row, form = _found(repair), RepairForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=400)
    try:
        with transaction.atomic():
            row = hand_in_repair(by=request.user, repair=row, paper=form.cleaned_data["paper"].encode())
    except RepairRefused as refusal:
        note_refusal(refusal, request.user, purpose(request))
        form.add_error("paper", str(refusal.message))
        return _show(request, form, status=refusal.status)
    if row.state == RepairState.FINISHED:
        messages.success(request, _("Finished: the newcomer has halves of these identities."))
    else:
        messages.success(request, _("Kept. The others can go on."))
    return redirect("repair-list")


@require_GET
@signed_in(Role.IDENTITY_CUSTODIAN)
def repair_file(request: StaffRequest, repair: UUID) -> HttpResponse:
    """The file that helpers and newcomer take to their tools."""
    return _file(repair_paper(by=request.user, repair=_found(repair)), "repair.json")


@require_GET
@signed_in(Role.IDENTITY_CUSTODIAN)
def help_file(request: StaffRequest, repair: UUID, place: int) -> HttpResponse:
    """What one of the two helpers signed, for the newcomer's tool."""
    if place not in {1, 2}:
        raise Http404
    return _file(help_paper(by=request.user, repair=_found(repair), place=place - 1), f"help{place}.json")


def _show(request: StaffRequest, form: RepairForm, status: int = 200) -> HttpResponse:
    directory = directory_in_force()
    row = asked_repair()
    is_of_now = row is not None and directory is not None and row.directory_number == directory.number
    demonstration = is_demonstration()
    context = {
        "directory": directory,
        "newcomers": progress(directory) if directory else [],
        "form": form,
        **(_waiting(row, directory) if row is not None and directory is not None and is_of_now else {}),
        "help_command": tool_of(
            request.user, "help-newcomer", "repair.json", "help.json", demonstration=demonstration
        ),
        "join_command": tool_of(
            request.user,
            "join-helps",
            *("repair.json", "help1.json", "help2.json", "joined.json"),
            demonstration=demonstration,
        ),
    }
    return render(request, "accounts/repair_list.html", context, status=status)


def _waiting(row: Repair, directory: Directory) -> dict[str, object]:
    helps = (row.first_help, row.second_help)
    helpers = [
        {"code": directory.member(one).code, "place": place, "has_helped": helps[place - 1] is not None}
        for place, one in enumerate(row.helpers, start=1)
    ]
    return {
        "row": row,
        "newcomer": directory.member(row.newcomer),
        "helpers": helpers,
        "is_helped": all(one is not None for one in helps),
    }


def _found(repair: UUID) -> Repair:
    row = Repair.objects.filter(pk=repair).first()
    if row is None:
        raise Http404
    return believe(row)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
