"""Asking that the names of a case be compared, and ending that.

Promise: one session at a time and one a day compares the names of a case, for all that is queued for it; what
is compared is fixed when it is asked. Its one-time key is made by a process of its own (`session_steps`), and
lies nowhere else. Called by the pages of sessions and by the sweep.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import sweeping
from accounts.custodians import member_of
from accounts.door import Machine, reader_code
from accounts.models import User
from audit.actions import record
from audit.believing import believed
from audit.models import Event
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.actions.session_queue import Stream, identities_of, material_of, queue
from cases.actions.unsealing_papers import directory_for, held, is_ours, subject_of, trace
from cases.errors import (
    AuthorAsks,
    ForgedRequest,
    NothingAsked,
    NothingToCompare,
    NotVisible,
    NotYourRequest,
    OncePerDay,
    RequestOver,
    SessionUnderWay,
    TooFewCustodians,
    TooManyTexts,
    TooManyWitnesses,
)
from cases.models import Case, IdentitySession, SessionItem, TestimonyVersion
from cases.permissions import check
from cases.vocabulary import (
    BETWEEN_SESSIONS,
    LIVE_SESSION,
    MOST_STREAMS,
    MOST_TEXTS,
    SESSION_LIFE,
    Permission,
    SessionCheck,
    SessionPurpose,
    SessionState,
)
from vault.custodian import canonical
from vault.custodian.errors import CustodianError
from vault.custodian.papers import MOST_SUBJECTS
from vault.errors import VaultError
from vault.vocabulary import ScopeKind

ENDED = ("state", "closed_at", "ended_by", "tag")


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What somebody asks for: why, and what is to be compared with the names."""

    purpose: SessionPurpose
    checks: Collection[SessionCheck]
    reason: str
    texts: Collection[UUID] = ()  # versions of accounts
    streams: Sequence[Stream] = ()


def ask_for_session(*, by: User, case: Case, facts: SessionFacts) -> IdentitySession:
    """Ask two custodians to let the names of a case be compared.

    Raises `NoCustodians`, `TooFewCustodians`, `NothingAsked`, `NothingToCompare`, `TooManyWitnesses`,
    `SessionUnderWay` or `OncePerDay`; for texts and files `TooManyTexts`, `AuthorAsks` for one's own, and
    `NotVisible` for what is not of this case or may not be read.
    """
    check(by, Permission.IDENTITY_SESSION, case)
    subject, scope = f"case:{case.pk}", case.pk
    directory = directory_for(None, subject=subject, scope=scope)
    if member_of(by, directory) is not None and len(directory.custodians) < 3:
        raise TooFewCustodians(subject=subject, scope=scope)
    _seldom(case)
    row = IdentitySession(id=uuid4(), case=case, created_by=by, purpose=facts.purpose)
    row.seal(reason=_reason(case, facts))
    items = queue(row, facts.checks, _texts(by, case, facts.texts), _streams(by, case, facts.streams))
    return put(row, items)


def put(row: IdentitySession, items: Sequence[SessionItem]) -> IdentitySession:
    """Save a session with its queue. A step of asking for one. Raises `SessionUnderWay`."""
    row.material = material_of(items)
    row.expires_at = timezone.now() + SESSION_LIFE
    row.put_tag()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            SessionItem.objects.bulk_create(items)
    except IntegrityError:
        raise SessionUnderWay(subject=f"case:{row.case_id}", scope=row.case_id) from None
    by = row.created_by.staff_code
    trace(Kind.IDENTITY_ASKED, by, row, *items, purpose=str(row.purpose), items=len(items))
    return row


def close_session(*, by: User, session: IdentitySession) -> IdentitySession:
    """End one's own session before it has begun; its process is killed. Raises `RequestOver`."""
    check(by, Permission.IDENTITY_SESSION, session.case_id)
    row = held(session)
    if row.created_by_id != by.pk:
        raise NotYourRequest(subject=subject_of(row), scope=row.case_id)
    if row.state not in LIVE_SESSION or row.state == SessionState.RUNNING:
        raise RequestOver(subject=subject_of(row), scope=row.case_id, state=str(row.state))
    end(row, SessionState.CLOSED)
    trace(Kind.IDENTITY_CLOSED, by.staff_code, row)
    return row


def lapse_sessions() -> int:
    """End sessions whose time is over; return how many. For the sweep's task: the keeper may be gone."""
    rows = IdentitySession.objects.select_for_update(of=("self",), skip_locked=True)
    over = rows.filter(state__in=LIVE_SESSION, expires_at__lte=timezone.now())
    found = list(over.exclude(state=SessionState.RUNNING))
    for row in found:
        try:
            row.verify_tag()
            with transaction.atomic():
                end(row, SessionState.EXPIRED)
                trace(Kind.IDENTITY_LAPSED, reader_code(Machine.SWEEP), row)
        except VaultError:  # it is not ours, or holds what was never sealed
            _put_aside(row, by=reader_code(Machine.SWEEP))
    return len(found)


def set_aside(row: IdentitySession, *, by: str) -> bool:
    """End a session that is not ours, and tell whether it was one: it never gets a tag of ours for that."""
    if is_ours(row):
        return False
    _put_aside(row, by=by)
    return True


def _put_aside(row: IdentitySession, *, by: str) -> None:
    because = ForgedRequest.__name__
    IdentitySession.objects.filter(pk=row.pk).update(
        state=SessionState.FAILED, ended_by=because, closed_at=timezone.now()
    )
    kind, facts = Kind.IDENTITY_COMPARING_FAILED, {"because": because}
    seal_now(record(kind, by=by, subject=subject_of(row), scope=row.case_id, facts=facts))
    sweeping.set_aside(subject_of(row), because=because, scope=row.case_id, by=by)


def end(row: IdentitySession, state: SessionState, because: str = "") -> None:
    """Put a session into a state from which nothing follows; recording it is the caller's."""
    row.state, row.ended_by, row.closed_at = state, because, timezone.now()
    row.put_tag()
    row.save(update_fields=ENDED)


def _texts(by: User, case: Case, asked: Collection[UUID]) -> list[TestimonyVersion]:
    """The versions that are named, if the person may read them all and wrote none of these accounts."""
    if not asked:
        return []
    subject, scope = f"case:{case.pk}", case.pk
    check(by, Permission.TESTIMONY_READ, case)
    rows = TestimonyVersion.objects.visible_to(by).filter(case=case, pk__in=asked)
    found = list(rows.order_by("testimony__registration_no", "seq"))
    if len(found) != len(set(asked)):
        raise NotVisible(subject=subject, scope=scope)
    if len(found) > MOST_TEXTS:
        raise TooManyTexts(subject=subject, scope=scope)
    accounts = {one.testimony_id for one in found}
    if TestimonyVersion.objects.filter(testimony__in=accounts, created_by=by).exists():
        raise AuthorAsks(subject=subject, scope=scope)
    return found


def _streams(by: User, case: Case, asked: Sequence[Stream]) -> Sequence[Stream]:
    """Files of this case alone, none of them made by the person who asks."""
    subject, scope = f"case:{case.pk}", case.pk
    if any((one.file.scope_kind, one.file.scope_id) != (ScopeKind.CASE.value, case.pk) for one in asked):
        raise NotVisible(subject=subject, scope=scope)
    if len(asked) > MOST_STREAMS:
        raise TooManyTexts(subject=subject, scope=scope)
    if any(one.author is not None and one.author.pk == by.pk for one in asked):
        raise AuthorAsks(subject=subject, scope=scope)
    return asked


def _seldom(case: Case) -> None:
    """Refuse a second session a day. The log says when names were compared, and so do the sessions: what is
    deleted from the one stands in the other, and what others wrote into either counts for nothing. A
    hand-over compares nothing.
    """
    subject, scope = f"case:{case.pk}", case.pk
    if IdentitySession.objects.filter(case=case, state__in=LIVE_SESSION).exists():
        raise SessionUnderWay(subject=subject, scope=scope)
    since = timezone.now() - BETWEEN_SESSIONS
    begun = Event.objects.of_scope(case.pk).of_kinds([Kind.IDENTITY_COMPARING]).filter(at__gt=since)
    ran = IdentitySession.objects.filter(case=case, started_at__gt=since).exclude(
        purpose=SessionPurpose.HANDOVER
    )
    if believed(begun) or any(is_ours(one) for one in ran):
        raise OncePerDay(subject=subject, scope=scope)


def _reason(case: Case, facts: SessionFacts) -> str:
    """What custodians are told; raises where there is nothing to compare, or nothing to compare it with."""
    subject, scope, reason = f"case:{case.pk}", case.pk, " ".join(facts.reason.split())
    asked = facts.checks or facts.texts or facts.streams
    is_handover = facts.purpose == SessionPurpose.HANDOVER or SessionCheck.HANDOVER in facts.checks
    if not reason or not asked or is_handover:  # a hand-over is asked for with its export
        raise NothingAsked(subject=subject, scope=scope)
    names = identities_of(case.pk)
    if not names:
        raise NothingToCompare(subject=subject, scope=scope)
    if len(names) > MOST_SUBJECTS:
        raise TooManyWitnesses(subject=subject, scope=scope)
    try:
        canonical.encode({"reason": reason})
    except CustodianError:  # marks that turn the direction of writing
        raise NothingAsked(subject=subject, scope=scope) from None
    return reason
