"""Break-glass: carrying a request to the two outside bodies, which have no account here, and answers back.

Promise: what two bodies signed opens as what two custodians signed does, and no custodian stops it; whoever
carries signs nothing and opens nothing, and each step is a leaf of the log at once. That the bodies agreed,
and that it was opened, all custodians are told on every page. Called by the pages of requests.
"""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.deciding import count, halves_for
from cases.actions.unsealing_papers import directory_for, held, paper_of, subject_of, trace, unfinished
from cases.errors import AnswerRefused, NotAnOutsideBody, OwnRequest
from cases.models import IdentityRequest
from cases.permissions import check
from cases.vocabulary import Permission
from vault.custodian import judging
from vault.custodian.directory import Directory, Role
from vault.custodian.errors import CustodianError
from vault.custodian.papers import Ask, Decision, Request, Verdict


def body_paper(*, by: User, request: IdentityRequest, body: UUID) -> bytes:
    """The file that is carried to an outside body: the request, and the half that it can open.

    Raises `NotAnOutsideBody`, `OwnRequest`, `RequestOver`.
    """
    row, paper, directory = _carried(by, request)
    member = next((one for one in directory.outside_bodies if one.id == body), None)
    if member is None:
        raise NotAnOutsideBody(subject=subject_of(row), scope=row.case_id)
    trace(Kind.IDENTITY_PAPER_CARRIED, by.staff_code, row, member=member.code)
    return Ask(paper, tuple(halves_for(paper, member.id))).write()


def bring_answer(*, by: User, request: IdentityRequest, answer: bytes) -> IdentityRequest:
    """Count what an outside body signed; with the second one, the name opens to its requester.

    Raises `AnswerRefused`, `NotAnOutsideBody`, `OwnRequest`, `SaidAlready`, `DecidedMeanwhile` and
    `RequestOver`.
    """
    row, paper, directory = _carried(by, request)
    subject, scope = subject_of(row), row.case_id
    try:
        said = Decision.read(answer, paper)
        member = judging.check_decision(said, directory, timezone.now().timestamp())
    except CustodianError as refused:
        raise AnswerRefused(subject=subject, scope=scope, why=type(refused).__name__) from None
    if member.role != Role.OUTSIDE_BODY or said.verdict != Verdict.APPROVE:
        raise NotAnOutsideBody(subject=subject, scope=scope)
    return count(by, row, paper, said, directory)


def _carried(by: User, request: IdentityRequest) -> tuple[IdentityRequest, Request, Directory]:
    """The request for whoever carries it, who did not ask."""
    check(by, Permission.IDENTITY_CARRY, request.case_id)
    row = held(request)
    unfinished(row)
    if row.created_by_id == by.pk:
        raise OwnRequest(subject=subject_of(row), scope=row.case_id)
    return row, paper_of(row, by), directory_for(row, subject="", scope=row.case_id)
