"""Work that nobody waits for. A message here is no authority: the rows say what is owed."""

from contextlib import suppress
from functools import partial
from uuid import UUID

from celery import shared_task

from accounts.actions import repairs
from accounts.door import Machine, entering, reader_code
from accounts.owed import wake
from accounts.sweeping import alone
from cases.actions import locking, rekeying
from cases.actions.members import sweep_memberships
from cases.actions.rekeying import owed_rekeys
from cases.actions.repairing import ask_for_repair
from cases.actions.revoking import behind_the_directory, follow_the_directory
from cases.actions.sessions import lapse_sessions
from cases.actions.sweeping import discard_left_intake, drop_ended, left_intakes, sweep_drafts
from cases.actions.unsealing import lapse_requests
from cases.actions.watches import sweep_watches
from vault.errors import KeyLocked, RootKeyUnreachable, RotationRunning
from vault.keys.shredding import turn_past


@shared_task(name="cases.sweep_memberships")
def sweep_memberships_now(_about: str = "") -> None:
    """Close memberships that ran out or whose account was closed, so that nothing but a row in force ever
    carries a grant; then see to the keys of the cases that somebody left.
    """
    with entering(Machine.SWEEP, "membership-sweep"):
        sweep_memberships()
        owed, turns = owed_rekeys(), locking.owed_turns()
    for case in owed:
        wake(rekeying.TASK, case)
    for lock in turns:
        wake(locking.TASK, lock)


@shared_task(name=rekeying.TASK)
def rekey_now(case: str) -> None:
    """Give a case a new key, if that is owed; the sweep comes back to one that another rotation keeps off."""
    with entering(Machine.SWEEP, "rekey"):
        owed = owed_rekeys(UUID(case))
    for one in owed:
        # Locked meanwhile: the half of it that is left waits.
        with suppress(RotationRunning, RootKeyUnreachable, KeyLocked):
            rekeying.rekey(one)


@shared_task(name=locking.TASK)
def turn_locked_now(lock: str) -> None:
    """Turn the epoch until no older copy of a locked case's key opens; killed anywhere, it is owed still."""
    with entering(Machine.SWEEP, "case-lock"):
        epochs = locking.epochs_to_turn(UUID(lock))
    if not epochs:
        return
    with suppress(RotationRunning, RootKeyUnreachable):
        turn_past(epochs, by=reader_code(Machine.SWEEP))
        with entering(Machine.SWEEP, "case-lock"):
            locking.note_lock_turned(UUID(lock))


@shared_task(name="cases.sweep_drafts")
def sweep_drafts_now() -> None:
    """Delete drafts and intakes that nobody goes on with; an intake that fails keeps none of the others."""
    with entering(Machine.SWEEP, "draft-sweep"):
        sweep_drafts()
        intakes = left_intakes()
    for intake in intakes:
        alone("intake-sweep", partial(discard_left_intake, intake), about=f"witness:{intake}")


@shared_task(name="cases.sweep_identities")
def sweep_identities_now() -> None:
    """Delete names of intakes that are over, end requests whose time is over, follow who is a custodian."""
    alone("watch-sweep", sweep_watches)
    alone("request-sweep", lapse_requests)
    alone("session-sweep", lapse_sessions)
    behind: list[UUID] = []
    alone("custodian-sweep", lambda: behind.extend(behind_the_directory()))
    for identity in behind:
        alone("custodian-sweep", partial(follow_the_directory, identity), about=f"identity:{identity}")


@shared_task(name=repairs.TASK)
def sweep_repairs_now(_about: str = "") -> None:
    """Ask for the halves that a newcomer among the custodians still lacks, one file after the other."""
    alone("repair-sweep", ask_for_repair)


@shared_task(name="cases.drop_drafts")
def drop_drafts_now(subject: str) -> None:
    """Delete the drafts of a review or an account, if that has ended."""
    with entering(Machine.SWEEP, "draft-sweep"):
        drop_ended(UUID(subject))
