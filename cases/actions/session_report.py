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
from audit.vocabulary import Kind
from cases.actions.unsealing_papers import subject_of, trace
from cases.errors import NoReportYet, NotForAuthors, NotForYou
from cases.models import IdentitySession, SessionDecision, SessionItem, SessionReport
from cases.permissions import can, check
from cases.vocabulary import Found, Permission, SessionCheck, Verdict
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
    """Open the report. Raises `NoReportYet`, `NotForYou`, or `NotForAuthors`."""
    membership = check(by, Permission.IDENTITY_SESSION, session.case_id)
    subject, scope = subject_of(session), session.case_id
    row = SessionReport.objects.filter(session=session).first()
    if row is None:
        raise NoReportYet(subject=subject, scope=scope)
    guards = can(by, Permission.IDENTITY_GUARD, membership.case_id)
    if guards and by.pk != session.created_by_id and not _approved(by, session):
        raise NotForYou(subject=subject, scope=scope)
    items = {one.number: one for one in SessionItem.objects.filter(session=session).select_related("author")}
    if any(one.author_id == by.pk for one in items.values()):
        raise NotForAuthors(subject=subject, scope=scope)
    said = cast(
        "dict[str, object]",
        open_row(row, "said", reader=by.staff_code, purpose=Purpose.IDENTITY).json("said"),
    )
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
    if not can(user, Permission.IDENTITY_SESSION, session.case_id):
        return False
    if SessionItem.objects.filter(session=session, author=user).exists():
        return False
    guards = can(user, Permission.IDENTITY_GUARD, session.case_id)
    return not guards or user.pk == session.created_by_id or _approved(user, session)


def _approved(by: User, session: IdentitySession) -> bool:
    said = SessionDecision.objects.filter(request=session, verdict=Verdict.APPROVE, created_by=by)
    return said.exists()


def _line(one: Mapping[str, object], items: Mapping[int, SessionItem]) -> Line:
    check = SessionCheck(str(one["check"]))
    pair = tuple(UUID(str(who)) for who in cast("list[str]", one["pair"]))
    if check == SessionCheck.DUPLICATES:
        item = next(item for item in items.values() if item.kind == check)
    else:
        item = items[int(str(one["place"]))]
    return Line(check, Found(str(one["word"])), item, pair, int(str(one["part"])))
