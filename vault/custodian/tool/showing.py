"""Papers in plain words: what the bytes are bound to, and nothing that the bytes do not say."""

from datetime import UTC, datetime

from vault.custodian import words
from vault.custodian.directory import Directory, Kept, Member, Role, Signed
from vault.custodian.papers import Kind, Request
from vault.custodian.repairpapers import Repair

_ASKED = {
    Kind.UNSEAL: "Open the name of one witness, to be shown once to the requester.",
    Kind.DRILL: "Drill: open an invented identity, to prove that names can be recovered.",
    Kind.REOPEN: "Reopen a locked case: the server gets its key back. No name is opened.",
    Kind.SESSION: "Identity session: compare the names of one case in memory; nobody sees them.",
    Kind.HANDOVER: "Hand-over: encrypt the names of these witnesses to one recipient; nobody here sees them.",
}


def request_lines(request: Request) -> list[str]:
    """Return everything that a signature on the request would say yes to."""
    first = request.subjects[0]
    lines = [
        f"Asked          {_ASKED[request.kind]}",
        f"Case           {first.case_code}",
        *(f"{_what(request)}{one.witness_code} (version {one.version})" for one in request.subjects),
        f"Fields         {', '.join(request.fields) or 'none are shown'}",
        f"Purpose        {request.purpose}",
    ]
    if request.reason:
        lines.append(f"Reason         {request.reason}")
    lines += [f"Bound to       {name}: {value}" for name, value in request.bound]
    return [
        *lines,
        f"Requester      {request.requester}",
        f"Made           {_time(request.made_at)}",
        f"Expires        {_time(request.expires_at)}",
        f"Directory      {request.directory}",
        f"Request        {words.as_words(request.digest)}",
    ]


def _what(request: Request) -> str:
    return "Lock           " if request.kind is Kind.REOPEN else "Witness        "


def directory_lines(signed: Signed) -> list[str]:
    """Return a directory with the words of every member."""
    directory = signed.directory
    signers = [_name(directory, one.by) for one in signed.signatures]
    lines = [f"Directory      {directory.number}", f"Words          {directory.words}"]
    lines.append(f"Numbers        {words.as_numbers(directory.digest)}")
    for member in directory.members:
        lines += member_lines(member)
    return [*lines, f"Signatures     {', '.join(signers) or 'none yet'} (not judged here)"]


def member_lines(member: Member) -> list[str]:
    """Return one member with their words."""
    role = "custodian" if member.role == Role.CUSTODIAN else "outside body, break-glass"
    kept = "key kept off the server" if member.kept == Kept.OFF_SERVER else "KEY KEPT ON THE SERVER"
    return [
        f"{member.code:<14} {role}; {kept}",
        f"               {member.keys.words}",
        f"               {words.as_numbers(member.keys.fingerprint)}",
    ]


def repair_lines(repair: Repair, directory: Directory) -> list[str]:
    """Return what a repair would do."""
    names = [directory.member(one).code for one in repair.partners]
    cases = sorted({one.subject.case_code for one in repair.sources})
    return [
        f"Newcomer       {directory.member(repair.newcomer).code}",
        f"               {directory.member(repair.newcomer).keys.words}",
        f"Pairs with     {', '.join(names)}",
        f"Helpers        {', '.join(directory.member(one).code for one in repair.helpers)}",
        f"Identities     {len(repair.sources)} of {', '.join(cases)}",
        f"Directory      {repair.directory}",
        f"Repair         {words.as_words(repair.digest)}",
    ]


def _name(directory: Directory, member_id: object) -> str:
    return next((one.code for one in directory.members if one.id == member_id), "somebody who is no member")


def _time(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%d %B %Y, %H:%M} UTC"
    except (OverflowError, ValueError):
        return "never (not a time)"
