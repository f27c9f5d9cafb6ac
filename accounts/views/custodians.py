"""The custodians' own page: the directory with its words, what waits for signatures, handing papers in."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actions.directories import hand_in_directory, proposals
from accounts.actions.installation import is_demonstration
from accounts.custodians import demonstration_folder, directory_in_force, member_of
from accounts.door import note_refusal
from accounts.errors import DirectoryNotTaken
from accounts.forms import DirectoryForm
from accounts.models import CustodianDirectory, User
from accounts.policy import StaffRequest, fresh, purpose, signed_in
from accounts.vocabulary import Role
from vault.custodian import directory as directories
from vault.custodian import words
from vault.custodian.directory import Directory, Signed


def _members(directory: Directory) -> list[dict[str, object]]:
    return [
        {
            "member": one,
            "words": one.keys.words,
            "numbers": words.as_numbers(one.keys.fingerprint),
            "is_outside": one in directory.outside_bodies,
            "is_here": one.kept == directories.Kept.SERVER,
        }
        for one in sorted(directory.members, key=lambda member: member.code)
    ]


def _proposal(row: CustodianDirectory, before: Directory | None) -> dict[str, object]:
    signed: Signed = directories.read(bytes(row.paper))
    judges = before or signed.directory
    return {
        "row": row,
        "directory": signed.directory,
        "members": _members(signed.directory),
        "signers": sorted(judges.member(one.by).code for one in signed.signatures),
        "needed": directories.SIGNERS if before else len(signed.directory.members),
    }


def _new_key(user: User, directory: Directory | None) -> str:
    """The command that makes a key; who stands in the directory keeps their id there."""
    me = member_of(user, directory) if directory else None
    known = f" --id {me.id}" if me else ""
    return f"python -m vault.custodian new-key KEY --code {user.staff_code}{known}"


def _demonstration(user: User) -> dict[str, object]:
    """Where a demonstration keeps its keys, and how its tool is called."""
    folder = demonstration_folder()
    tool = f".venv/bin/python -m vault.custodian --demonstration --passphrase-file {folder / 'passphrase'}"
    own, ask, answer = (folder / name for name in (f"{user.staff_code}.key", "ask", "answer"))
    return {"folder": folder, "show": f"{tool} show {ask}", "approve": f"{tool} approve {own} {ask} {answer}"}


def _show(request: StaffRequest, form: DirectoryForm, status: int = 200) -> HttpResponse:
    directory = directory_in_force()
    number = directory.number if directory else 0
    context = {
        "directory": directory,
        "numbers": words.as_numbers(directory.digest) if directory else "",
        "members": _members(directory) if directory else [],
        "papers": CustodianDirectory.objects.filter(in_force=True).order_by("-number"),
        "proposals": [_proposal(row, directory) for row in proposals(number + 1)],
        "form": form,
        "new_key": _new_key(request.user, directory),
        **(_demonstration(request.user) if is_demonstration() else {}),
    }
    return render(request, "accounts/custodian_list.html", context, status=status)


@require_GET
@signed_in(Role.IDENTITY_CUSTODIAN)
def custodian_list(request: StaffRequest) -> HttpResponse:
    """The directory in force, its papers, and what waits for signatures."""
    return _show(request, DirectoryForm())


@require_POST
@signed_in(Role.IDENTITY_CUSTODIAN)
@fresh
def directory_hand_in(request: StaffRequest) -> HttpResponse:
    """Take over a signed paper; what cannot be taken over stays in the field, with the reason."""
    form = DirectoryForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=400)
    try:
        with transaction.atomic():
            row = hand_in_directory(paper=form.cleaned_data["paper"].encode(), by=request.user)
    except DirectoryNotTaken as refusal:
        note_refusal(refusal, request.user, purpose(request))
        form.add_error("paper", refusal.reason)
        return _show(request, form, status=refusal.status)
    if row.in_force:
        messages.success(request, _("Directory %(number)s is in force.") % {"number": row.number})
    else:
        messages.info(request, _("Kept. It comes into force once enough members have signed it."))
    return redirect("custodian-list")


@require_GET
@signed_in(Role.IDENTITY_CUSTODIAN)
def directory_paper(_request: StaffRequest, paper: UUID) -> HttpResponse:
    """One paper as a file, for the custodian's tool."""
    row = get_object_or_404(CustodianDirectory, pk=paper)
    response = HttpResponse(bytes(row.paper), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="directory-{row.number}"'
    return response
