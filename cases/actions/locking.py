"""Locking a case in an emergency: one person's act, at once.

Promise: in one transaction the case's key goes to the custodians and off this server, the case says that it
is locked, and its members' sessions end; no legal hold stands in the way, since nothing is destroyed. That
older copies of the key are unreadable too is the epoch's turning, which a task does and says when it is done.
Called by the page of the lock and the tasks.
"""

import secrets
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.actions.repairs import end_asked_repair
from accounts.actions.sessions import end_all_sessions
from accounts.custodians import directory_in_force
from accounts.door import Machine, reader_code
from accounts.models import User
from accounts.owed import wake
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.errors import LockedAlready, NobodyToReopen, StepNotPossible
from cases.models import Case, CaseLock, Membership
from cases.models.sets import in_force
from cases.permissions import check
from cases.vocabulary import Permission
from vault import caselocks
from vault.custodian.pairs import Subject
from vault.keys.shredding import is_past
from vault.rows import SealedRow

TASK = "cases.turn_locked"
_LEAST_CUSTODIANS = 2


def lock_case(*, by: User, case: Case) -> CaseLock:
    """Lock a case. Raises `LockedAlready`, `NobodyToReopen`."""
    check(by, Permission.CASE_LOCK, case)
    held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # two who lock at once stand in line
    subject = f"case:{held.pk}"
    if held.locked_at is not None:
        raise LockedAlready(subject=subject, scope=held.pk)
    directory = directory_in_force()
    if directory is None or len(directory.custodians) < _LEAST_CUSTODIANS:
        raise NobodyToReopen(subject=subject, scope=held.pk)
    row = CaseLock(id=uuid4(), case=held, created_by=by, code=f"LOCK-{secrets.randbelow(10**6):06d}")
    taken = caselocks.take_away(subject_of(row), directory, by=by.staff_code)
    row.sealed, row.keys, row.epochs = taken.sealed, taken.keys, taken.epochs
    row.save(force_insert=True)
    held.locked_at = row.created_at
    held.save(update_fields=["locked_at"])
    inside = Membership.objects.filter(in_force(), case=held).order_by("user").select_related("user")
    for member in inside:
        end_all_sessions(user=member.user, by=by.staff_code)
    end_asked_repair(by=by.staff_code)  # it may give a newcomer halves of this case's names
    trace_lock(Kind.CASE_LOCKED, by.staff_code, row, held, keys=row.keys, directory=directory.number)
    wake(TASK, row.pk)
    return row


def owed_turns() -> list[UUID]:
    """The locks whose epochs have not all turned. For the sweep."""
    return list(CaseLock.objects.filter(turned_at__isnull=True).values_list("pk", flat=True))


def epochs_to_turn(lock: UUID) -> list[UUID]:
    """The epochs that must be over before no older copy of a locked case's key opens; none once they are."""
    row = CaseLock.objects.filter(pk=lock, turned_at__isnull=True).first()
    return [] if row is None else list(row.epochs)


def note_lock_turned(lock: UUID) -> CaseLock:
    """Say that none is left: the machine's step. Raises `StepNotPossible` while one is, or if it was said."""
    row = CaseLock.objects.select_for_update(of=("self",)).get(pk=lock)
    if row.turned_at is not None or not is_past(row.epochs):
        raise StepNotPossible(subject=lock_name(row), scope=row.case_id)
    row.turned_at = timezone.now()
    row.save(update_fields=["turned_at"])
    trace_lock(Kind.CASE_LOCK_TURNED, reader_code(Machine.SWEEP), row)
    return row


def subject_of(row: CaseLock) -> Subject:
    """What the halves of a lock are bound to."""
    return caselocks.subject_of(case=(row.case_id, row.case.code), lock=(row.pk, row.code))


def lock_name(row: CaseLock) -> str:
    """How the log names a lock."""
    return f"case-lock:{row.pk}"


def trace_lock(kind: Kind, by: str, row: CaseLock, *more: SealedRow, **facts: str | int) -> None:
    """One step, recorded and sealed into the log at once: a database put back contradicts the tree."""
    sealed = caselocks.digest_of(bytes(row.sealed))
    facts = {"lock": row.code, "sealed": sealed, **facts}
    seal_now(record(kind, by=by, subject=lock_name(row), scope=row.case_id, facts=facts, rows=[row, *more]))
