"""Legal holds: keeping what an authority ordered to keep.

Promise: a hold counts from the instant it is written, and holds against erasure whoever asks for it; it ends
by its own day or by the word of two people. Called by the pages of holds and by tests.
"""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.believing import is_as_written, last_written
from audit.models import Event
from audit.sealing import seal_now
from audit.vocabulary import OF_HOLD, Kind
from cases.errors import ElsewhereRow, HoldAltered, HoldIncomplete, HoldLifted, LiftedByTwo
from cases.models import Case, LegalHold, Witness
from cases.permissions import check
from cases.vocabulary import Permission


def place_hold(
    *, by: User, case: Case, authority: str, witness: Witness | None = None, ends_at: datetime | None = None
) -> LegalHold:
    """Keep a case, or what one witness gave, on an authority's word. Raises `HoldIncomplete`."""
    check(by, Permission.HOLD_MANAGE, case)
    if witness is not None and not Witness.objects.visible_to(by).filter(pk=witness.pk, case=case).exists():
        raise ElsewhereRow(subject=f"witness:{witness.pk}", scope=case.pk)
    if not authority.strip():
        raise HoldIncomplete(subject=f"case:{case.pk}", scope=case.pk, field="authority")
    if ends_at is not None and ends_at <= timezone.now():
        raise HoldIncomplete(subject=f"case:{case.pk}", scope=case.pk, field="ends_on")
    hold = LegalHold(case=case, witness=witness, ends_at=ends_at, created_by=by)
    hold.seal(authority=authority.strip())
    hold.save(force_insert=True)
    _record(Kind.HOLD_PLACED, by, hold)
    return hold


def ask_lift(*, by: User, hold: LegalHold, reason: str) -> LegalHold:
    """Ask that a hold be lifted; another person must confirm. Raises `HoldLifted`, `HoldIncomplete`."""
    row = _locked(by, hold)
    if not reason.strip():
        raise HoldIncomplete(subject=f"hold:{row.pk}", scope=row.case_id, field="reason")
    row.lift_asked_at, row.lift_asked_by = timezone.now(), by
    row.seal(reason=reason.strip())
    row.save(update_fields=["lift_asked_at", "lift_asked_by", "reason"])
    _record(Kind.HOLD_LIFT_ASKED, by, row)
    return row


def lift_hold(*, by: User, hold: LegalHold) -> LegalHold:
    """Lift a hold as the second of two people. Raises `HoldLifted`, `LiftedByTwo`."""
    row = _locked(by, hold)
    if row.lift_asked_by_id is None or row.lift_asked_by_id == by.pk:
        raise LiftedByTwo(subject=f"hold:{row.pk}", scope=row.case_id)
    row.lifted_at, row.lifted_by = timezone.now(), by
    row.save(update_fields=["lifted_at", "lifted_by"])
    _record(Kind.HOLD_LIFTED, by, row)
    return row


def _locked(by: User, hold: LegalHold) -> LegalHold:
    check(by, Permission.HOLD_MANAGE, hold.case_id)
    row = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    subject = f"hold:{row.pk}"
    # A step would write the row into the log as it is: what others wrote into it must not become ours.
    if not is_as_written(row, last_written(Event.objects.of_subject(subject).of_kinds(OF_HOLD))):
        raise HoldAltered(subject=subject, scope=row.case_id)
    if row.lifted_at is not None:
        raise HoldLifted(subject=subject, scope=row.case_id)
    return row


def _record(kind: Kind, by: User, hold: LegalHold) -> None:
    leaf = record(
        kind,
        by=by.staff_code,
        subject=f"hold:{hold.pk}",
        scope=hold.case_id,
        facts={"witness": str(hold.witness_id or ""), "ends": str(hold.ends_at or "")},
        rows=[hold],
    )
    # A database put back to the hour before must contradict the tree from the first second on.
    seal_now(leaf)
