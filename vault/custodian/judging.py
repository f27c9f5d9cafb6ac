"""Whether two people agreed: the rules over a request and the decisions on it.

Promise: `agreed` returns a pair only where two different members of the directory in force approved exactly
this request before it expired, neither of them the requester, and no veto stands. The server asks it at every
step, and the rules are the same for a session, a hand-over and a drill. It reads no clock: the caller says
what time it is.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from vault.custodian.directory import Directory, Member, Role
from vault.custodian.errors import PaperRefused
from vault.custodian.papers import SIGNED_AS, Decision, Request, Verdict
from vault.errors import NotVerified

LIFTERS: Final = 2


def check_decision(decision: Decision, directory: Directory, now: float) -> Member:
    """Return who decided; raises `PaperRefused` or `DirectoryRefused` where the decision does not hold."""
    request = decision.request
    request.check_time(now)
    if request.directory != directory.number or request.directory_digest != directory.digest:
        raise PaperRefused("The request was made under another directory: it is asked anew.")
    member = directory.member(decision.by)
    if member.id == request.requester_id or member.code == request.requester:
        raise PaperRefused("Who asks does not answer.")
    if decision.verdict != Verdict.APPROVE and member.role != Role.CUSTODIAN:
        raise PaperRefused("A veto is a custodian's.")
    try:
        member.keys.verify(decision.signature, SIGNED_AS, decision.signed_bytes)
    except NotVerified:
        raise PaperRefused(f"The signature is not {member.code}'s on this answer.") from None
    if any(one.binding.holder != member.id for one in decision.halves):
        raise PaperRefused("Somebody answers with another person's half.")
    return member


def stands_vetoed(decisions: Sequence[Decision]) -> bool:
    """Say whether a veto stands: two members other than whoever vetoed must lift each."""
    vetoed = {one.by for one in decisions if one.verdict == Verdict.VETO}
    lifters = {one.by for one in decisions if one.verdict == Verdict.LIFT}
    return any(len(lifters - {by}) < LIFTERS for by in vetoed)


def is_break_glass(two: Sequence[Decision], directory: Directory) -> bool:
    """Say whether it was the outside bodies who agreed."""
    return all(directory.member(one.by).role == Role.OUTSIDE_BODY for one in two)


def agreed(
    request: Request, decisions: Iterable[Decision], directory: Directory, now: float
) -> tuple[Decision, Decision]:
    """Return two approvals that open the request together. Raises `PaperRefused`, `DirectoryRefused`.

    Two outside bodies agree without veto (break-glass); a custodian and an outside body never do.
    """
    kept = list(decisions)
    roles: dict[UUID, Role] = {}
    for one in kept:
        if one.request != request:
            raise PaperRefused("The answer is to another request.")
        roles[one.by] = check_decision(one, directory, now).role
    if len({(one.by, one.verdict) for one in kept}) != len(kept):
        raise PaperRefused("The same person answers twice.")
    approvals = sorted((one for one in kept if one.verdict == Verdict.APPROVE), key=lambda one: str(one.by))
    for role in (Role.OUTSIDE_BODY, Role.CUSTODIAN):
        of_role = [one for one in approvals if roles[one.by] == role]
        if len(of_role) >= 2 and (role == Role.OUTSIDE_BODY or not stands_vetoed(kept)):
            return of_role[0], of_role[1]
    if stands_vetoed(kept):
        raise PaperRefused("A custodian's veto stands.")
    raise PaperRefused("Two people have not approved yet.")
