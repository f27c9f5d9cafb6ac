"""Asking to open a name: what exactly, for whom and why; changing that, and ending it.

Promise: one person asks for one witness at a time and for few a day; what is asked is one paper, and whatever
is edited is another paper, to which nobody has said anything yet. Called by the pages of requests.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import sweeping
from accounts.custodians import member_of
from accounts.door import Machine, reader_code
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.unsealing_papers import (
    directory_for,
    enter,
    held,
    is_ours,
    subject_of,
    trace,
    unfinished,
)
from cases.errors import (
    ForgedRequest,
    KeyMisread,
    NothingAsked,
    NothingSealed,
    NotYourRequest,
    OneAtATime,
    OwnRequest,
    StandsStopped,
    TooManyNames,
)
from cases.models import IdentityRequest, Witness
from cases.permissions import check
from cases.vocabulary import (
    MOST_REQUESTS_A_DAY,
    REQUEST_LIFE,
    UNFINISHED_ACCESS,
    AccessState,
    IdentityField,
    IdentityPurpose,
    Permission,
)
from vault import unsealing
from vault.custodian import words
from vault.custodian.directory import Directory
from vault.custodian.errors import CustodianError
from vault.custodian.keys import BoxKey, BoxSecret
from vault.custodian.papers import Kind as PaperKind
from vault.custodian.papers import Request
from vault.errors import VaultError

_EDITED = ("purpose", "edition", "digest", "paper", "held_key", "expires_at")
_MOVED = ("state", "agreed_at", "opens_at", "tag")


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """What somebody asks for: why, which fields, and the public key of their own tool, if they use it."""

    purpose: IdentityPurpose
    fields: Collection[IdentityField]
    reason: str
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request; and where the server keeps the one-time key, the six words that are shown once."""

    request: IdentityRequest
    words: str


def ask_for_identity(*, by: User, witness: Witness, facts: AccessFacts) -> Asked:
    """Ask to see who one witness is.

    Raises `NoCustodians`, `NothingSealed`, `NothingAsked`, `KeyMisread`, `OneAtATime`, `TooManyNames`.
    """
    check(by, Permission.IDENTITY_REQUEST, witness.case_id)
    directory = directory_for(None, subject=f"witness:{witness.pk}", scope=witness.case_id)
    _few(by, witness)
    row = IdentityRequest(
        id=uuid4(), case=witness.case, witness=witness, created_by=by, sensitivity=witness.sensitivity
    )
    typed = _write(row, by, facts, directory)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise OneAtATime(subject=f"witness:{witness.pk}", scope=witness.case_id) from None
    trace(Kind.IDENTITY_ASKED, by.staff_code, row, purpose=str(facts.purpose), witness=witness.code)
    return Asked(row, typed)


def change_request(*, by: User, request: IdentityRequest, facts: AccessFacts) -> Asked:
    """Ask for something else instead, under another one-time key: what was said so far counts no more.

    Raises `StandsStopped` where a custodian has stopped it: an edit is no way round a veto.
    """
    row = _own(by, request)
    if row.state == AccessState.DENIED:
        raise StandsStopped(subject=subject_of(row), scope=row.case_id)
    directory = directory_for(row, subject="", scope=row.case_id)
    voided, row.state = str(row.state), AccessState.REQUESTED
    row.edition += 1
    row.agreed_at = row.opens_at = None
    typed = _write(row, by, facts, directory)
    row.save(update_fields=[*_EDITED, *_MOVED])
    trace(Kind.IDENTITY_ASK_CHANGED, by.staff_code, row, edition=row.edition, voided=voided)
    return Asked(row, typed)


def close_request(*, by: User, request: IdentityRequest) -> IdentityRequest:
    """End one's own request, whether something was shown or not."""
    row = _own(by, request, may_be_open=True)
    row.state, row.closed_at, row.held_key = AccessState.CLOSED, timezone.now(), None
    row.put_tag()
    row.save(update_fields=["state", "closed_at", "held_key", "tag"])
    trace(Kind.IDENTITY_CLOSED, by.staff_code, row)
    return row


def lapse_requests() -> int:
    """End requests whose time is over, and forget their keys; return how many. For the sweep's task.

    A request that is not ours ends too, whatever time it names: it would keep its person from asking.
    """
    rows = IdentityRequest.objects.select_for_update(of=("self",), skip_locked=True)
    return sum(_is_lapsed(row) for row in rows.filter(state__in=UNFINISHED_ACCESS))


def _is_lapsed(row: IdentityRequest) -> bool:
    try:
        row.verify_tag()
        if row.expires_at > timezone.now():
            return False
        with transaction.atomic():
            _lapse(row, reader_code(Machine.SWEEP))
    except VaultError:  # it is not ours, or holds what was never sealed
        _put_aside(row)
    return True


def _put_aside(row: IdentityRequest) -> None:
    """It gets no tag of ours."""
    rows = IdentityRequest.objects.filter(pk=row.pk)
    rows.update(state=AccessState.EXPIRED, closed_at=timezone.now(), held_key=None)
    sweeping.set_aside(subject_of(row), because=ForgedRequest.__name__, scope=row.case_id)


def _own(by: User, request: IdentityRequest, *, may_be_open: bool = False) -> IdentityRequest:
    """The request, held, for the person who made it and may still ask."""
    check(by, Permission.IDENTITY_REQUEST, request.case_id)
    row = held(request)
    if row.created_by_id != by.pk:
        raise NotYourRequest(subject=subject_of(row), scope=row.case_id)
    if not (may_be_open and row.state == AccessState.OPEN):
        unfinished(row)
    return row


def _few(by: User, witness: Witness) -> None:
    """Refuse what would be a list of names in slices. What of one's own has expired is ended first."""
    own = IdentityRequest.objects.select_for_update(of=("self",)).filter(created_by=by)
    for row in own.filter(state__in=UNFINISHED_ACCESS, expires_at__lte=timezone.now()):
        if is_ours(row):
            _lapse(row, by.staff_code)
    recent = own.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if len(recent) >= MOST_REQUESTS_A_DAY:
        raise TooManyNames(subject=f"witness:{witness.pk}", scope=witness.case_id)


def _lapse(row: IdentityRequest, by: str) -> None:
    row.state, row.closed_at, row.held_key = AccessState.EXPIRED, timezone.now(), None
    row.put_tag()
    row.save(update_fields=["state", "closed_at", "held_key", "tag"])
    trace(Kind.IDENTITY_LAPSED, by, row)


def _write(row: IdentityRequest, by: User, facts: AccessFacts, directory: Directory) -> str:
    """Make the paper and its key, and put both into the row; return the six words, if there are any."""
    subject, scope = f"witness:{row.witness_id}", row.case_id
    fields = [one for one in IdentityField if one in facts.fields]
    if not fields or not facts.reason.strip():
        raise NothingAsked(subject=subject, scope=scope)
    if member_of(by, directory) is not None and len(directory.custodians) < 3:
        raise OwnRequest(subject=subject, scope=scope)
    versions = unsealing.versions_of([row.witness_id])
    if not versions:
        raise NothingSealed(subject=subject, scope=scope)
    key, typed = _key(row, facts)
    codes = {row.witness_id: row.witness.code}
    now = int(timezone.now().timestamp())
    try:
        paper = Request(
            id=row.pk,
            kind=PaperKind.UNSEAL,
            subjects=tuple(unsealing.subjects_of(versions, case_code=row.case.code, codes=codes).values()),
            fields=tuple(one.value for one in fields),
            purpose=str(facts.purpose),
            reason=" ".join(facts.reason.split()),
            requester_id=by.pk,
            requester=by.staff_code,
            directory=directory.number,
            directory_digest=directory.digest,
            bound=(("edition", str(row.edition)),),
            made_at=now,
            expires_at=now + int(REQUEST_LIFE.total_seconds()),
            key=key,
        )
        paper.check()
        enter(row, paper)
    except CustodianError:  # a text that no paper may hold: marks that turn the direction of writing
        raise NothingAsked(subject=subject, scope=scope) from None
    row.purpose = facts.purpose
    row.put_tag()
    return typed


def _key(row: IdentityRequest, facts: AccessFacts) -> tuple[BoxKey, str]:
    """The key of the requester's own tool; or one that the server forgets, but for a copy under six words."""
    if facts.key:
        row.held_key = None
        try:
            return BoxKey(facts.key), ""
        except CustodianError:
            raise KeyMisread(subject=f"witness:{row.witness_id}", scope=row.case_id) from None
    typed, secret = words.draw(), BoxSecret.new()
    row.held_key = unsealing.keep_one_time(secret, row.pk, typed)
    return secret.public, typed
