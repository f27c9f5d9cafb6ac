"""What custodians say to a request to open a name, or to compare names: approval, a stop, and its lifting.

Promise: a word counts once, for exactly the paper that was signed, from a member of the directory in force
who did not ask; two approvals agree, and at no moment can there be a third. What was said to the one opens
nothing of the other: the kind is part of what is signed. Called by the pages of requests and of sessions.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.custodians import member_of
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.unsealing_papers import (
    A,
    Asked,
    directory_for,
    held,
    paper_of,
    subject_of,
    trace,
    unfinished,
    words_on,
)
from cases.errors import (
    AnswerRefused,
    BreakGlassStands,
    DecidedMeanwhile,
    NotACustodian,
    OwnRequest,
    SaidAlready,
    StandsStopped,
)
from cases.models import IdentityDecision, SessionDecision
from cases.permissions import check
from cases.vocabulary import AccessState, Permission
from vault import unsealing
from vault.custodian import judging
from vault.custodian.directory import Directory, Member, Role
from vault.custodian.errors import CustodianError
from vault.custodian.pairs import Half
from vault.custodian.papers import Ask, Decision, Request, Verdict

_KINDS = {
    Verdict.APPROVE: Kind.IDENTITY_APPROVED,
    Verdict.VETO: Kind.IDENTITY_STOPPED,
    Verdict.LIFT: Kind.IDENTITY_STOP_LIFTED,
}


def ask_paper(*, by: User, request: A) -> bytes:
    """The file that a custodian takes to their own tool: the request, and the halves that they can open."""
    check(by, Permission.IDENTITY_GUARD, request.case_id)
    row = held(request)
    unfinished(row)
    paper = paper_of(row, by)
    directory = directory_for(row, subject="", scope=row.case_id)
    own = _member(row, by, directory)
    return Ask(paper, tuple(halves_for(paper, own.id))).write()


def decide_request(*, by: User, request: A, answer: bytes) -> A:
    """Count what a custodian signed.

    What an outside body signed is brought elsewhere (`carrying`). Raises `AnswerRefused`, `BreakGlassStands`,
    `OwnRequest`, `NotACustodian`, `SaidAlready`, `DecidedMeanwhile`, `StandsStopped`, `RequestOver`.
    """
    check(by, Permission.IDENTITY_GUARD, request.case_id)
    row = held(request)
    unfinished(row)
    subject, scope = subject_of(row), row.case_id
    if row.created_by_id == by.pk:
        raise OwnRequest(subject=subject, scope=scope)
    paper, directory = paper_of(row, by), directory_for(row, subject="", scope=scope)
    own = _member(row, by, directory)
    try:
        said = Decision.read(answer, paper)
        member = judging.check_decision(said, directory, timezone.now().timestamp())
    except CustodianError as refused:
        raise AnswerRefused(subject=subject, scope=scope, why=type(refused).__name__) from None
    if member.id != own.id:
        raise AnswerRefused(subject=subject, scope=scope, why="another's")
    return count(by, row, paper, said, directory)


def count(by: User, row: A, paper: Request, said: Decision, directory: Directory) -> A:
    """Keep a word that was judged to be its signer's, and move the request on. A step of two actions."""
    subject, scope = subject_of(row), row.case_id
    is_body = directory.member(said.by).role == Role.OUTSIDE_BODY
    before: list[Decision] = words_on(row, paper, by)
    if any((one.by, one.verdict) == (said.by, said.verdict) for one in before):
        raise SaidAlready(subject=subject, scope=scope)
    if said.verdict == Verdict.APPROVE and row.state == AccessState.APPROVED_2:
        raise DecidedMeanwhile(subject=subject, scope=scope)
    if said.verdict == Verdict.APPROVE and row.state == AccessState.DENIED and not is_body:
        raise StandsStopped(subject=subject, scope=scope)
    if said.verdict == Verdict.VETO and _agreed_by_bodies(row, before, paper, directory):
        raise BreakGlassStands(subject=subject, scope=scope)
    decision = _keep(by, row, said)
    _move_on(row, [*before, said], paper, directory)
    trace(_KINDS[said.verdict], by.staff_code, row, decision, member=directory.member(said.by).code)
    if row.state == AccessState.APPROVED_2 and said.verdict != Verdict.VETO:
        trace(Kind.IDENTITY_AGREED, by.staff_code, row)
        if _agreed_by_bodies(row, [*before, said], paper, directory):
            trace(Kind.IDENTITY_BREAK_GLASS_AGREED, by.staff_code, row)
    return row


def _agreed_by_bodies(row: Asked, said: list[Decision], paper: Request, directory: Directory) -> bool:
    """Tell whether the two outside bodies opened it: then no custodian stops it."""
    if row.state != AccessState.APPROVED_2:
        return False
    two = judging.agreed(paper, said, directory, timezone.now().timestamp())
    return judging.is_break_glass(two, directory)


def _keep(by: User, row: Asked, said: Decision) -> IdentityDecision | SessionDecision:
    decision = row.decision()
    decision.created_by = by
    decision.member, decision.verdict = said.by, said.verdict.value
    decision.digest = bytes(row.digest)
    decision.seal(paper=said.write().decode())
    decision.put_tag()
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise SaidAlready(subject=subject_of(row), scope=row.case_id) from None
    return decision


def _move_on(row: Asked, said: list[Decision], paper: Request, directory: Directory) -> None:
    """Where the request stands after all that was said to it."""
    now = timezone.now()
    try:
        judging.agreed(paper, said, directory, now.timestamp())
    except CustodianError:  # too few, or a custodian and an outside body, or a veto that stands
        is_approved = any(one.verdict == Verdict.APPROVE for one in said)
        row.state = AccessState.APPROVED_1 if is_approved else AccessState.REQUESTED
        if judging.stands_vetoed(said):
            row.state, row.agreed_at, row.opens_at = AccessState.DENIED, None, None
    else:
        if row.state == AccessState.APPROVED_2:
            return  # agreed already: no later word moves the time
        row.state, row.agreed_at = AccessState.APPROVED_2, now
        row.opens_at = now + row.delay
    row.put_tag()
    row.save(update_fields=["state", "agreed_at", "opens_at", "tag"])


def _member(row: Asked, by: User, directory: Directory) -> Member:
    found = member_of(by, directory)
    if found is None:
        raise NotACustodian(subject=subject_of(row), scope=row.case_id)
    return found


def halves_for(paper: Request, holder: UUID) -> list[Half]:
    """The halves of what is asked that one member can open."""
    codes = {one.witness_id: one.witness_code for one in paper.subjects}
    subjects = unsealing.subjects_of(
        unsealing.versions_of(codes), case_code=paper.subjects[0].case_code, codes=codes
    )
    asked = {pk: subject for pk, subject in subjects.items() if subject in paper.subjects}
    return unsealing.halves_of(asked, holder)
