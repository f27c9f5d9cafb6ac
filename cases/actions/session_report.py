"""Reading what a session found.

Promise: the report goes to whoever answers for disclosure and to the custodians who let names be compared,
never first to whoever wrote what was compared; who may be registered twice is told to the custodians alone.
Every reading is an event. Called by the page of the report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from accounts.models import User
from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.actions.session_queue import queued
from cases.actions.unsealing_papers import held, is_ours, subject_of, trace
from cases.errors import ForgedRequest, NoReportYet, NotForAuthors, NotForYou
from cases.models import IdentitySession, SessionDecision, SessionItem, SessionReport
from cases.permissions import check
from cases.vocabulary import Found, MemberRole, Permission, SessionCheck, SessionState, Verdict
from vault.opening import open_row
from vault.vocabulary import Purpose

_ORDER = {Found.BLOCK.value: 0, Found.LOOK.value: 1, Found.CLEAR.value: 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One word about one item of the queue, or about two witnesses who may be one."""

    check: SessionCheck
    word: Found
    item: SessionItem
    pair: tuple[UUID, ...]
    part: int  # a paragraph, counted from 1; 0 for the whole


@dataclass(frozen=True, slots=True)
class Told:
    """A report as one reader is told it; `authors` says how often something was found in what each wrote."""

    lines: Sequence[Line]
    too_many: bool
    hides_duplicates: bool
    authors: Mapping[str, int]


def read_report(*, by: User, session: IdentitySession) -> Told:
    """Open the report. Raises `NoReportYet`, `NotForYou`, `NotForAuthors`, or `ForgedRequest`."""
    membership = check(by, Permission.IDENTITY_SESSION, session.case_id)
    session = held(session)
    subject, scope = subject_of(session), session.case_id
    row = SessionReport.objects.filter(session=session).first()
    if row is None or session.state != SessionState.COMPARED:
        raise NoReportYet(subject=subject, scope=scope)
    guards = membership.role == MemberRole.IDENTITY_CUSTODIAN  # taking a grant away gives nobody more
    if guards and by.pk != session.created_by_id and not _approved(by, session):
        raise NotForYou(subject=subject, scope=scope)
    items = {one.number: one for one in queued(session)}
    if any(one.author_id == by.pk for one in items.values()):
        raise NotForAuthors(subject=subject, scope=scope)
    said = cast(
        "dict[str, object]",
        open_row(row, "said", reader=by.staff_code, purpose=Purpose.IDENTITY).json("said"),
    )
    if said.get("session") != str(session.pk):
        raise ForgedRequest(subject=subject, scope=scope)
    trace(Kind.IDENTITY_REPORT_READ, by.staff_code, session)
    lines = [_line(one, items) for one in cast("list[dict[str, object]]", said["lines"])]
    shown = [one for one in lines if guards or one.check != SessionCheck.DUPLICATES]
    codes = {str(one.author_id): one.author.staff_code for one in items.values() if one.author}
    hits = cast("dict[str, int]", said["authors"])
    asked = any(one.kind == SessionCheck.DUPLICATES for one in items.values())
    return Told(
        sorted(shown, key=lambda one: (_ORDER[one.word.value], one.item.number, one.part)),
        too_many=said["too_many"] is True,
        hides_duplicates=asked and not guards,
        authors={codes[who]: count for who, count in hits.items() if who in codes},
    )


def may_read(user: User, session: IdentitySession) -> bool:
    """Tell whether `read_report` would let this person read it."""
    try:
        membership = check(user, Permission.IDENTITY_SESSION, session.case_id)
    except Refusal:
        return False
    if SessionItem.objects.filter(session=session, author=user).exists():
        return False
    guards = membership.role == MemberRole.IDENTITY_CUSTODIAN
    return not guards or user.pk == session.created_by_id or _approved(user, session)


def _approved(by: User, session: IdentitySession) -> bool:
    """Tell whether this custodian's word opened it: to the paper as it stands, and under our tag."""
    said = SessionDecision.objects.filter(
        request=session, verdict=Verdict.APPROVE, created_by=by, digest=session.digest
    )
    return any(is_ours(one) for one in said.select_related("request"))


def _line(one: Mapping[str, object], items: Mapping[int, SessionItem]) -> Line:
    check = SessionCheck(str(one["check"]))
    pair = tuple(UUID(str(who)) for who in cast("list[str]", one["pair"]))
    if check == SessionCheck.DUPLICATES:
        item = next(item for item in items.values() if item.kind == check)
    else:
        item = items[int(str(one["place"]))]
    return Line(check, Found(str(one["word"])), item, pair, int(str(one["part"])))
