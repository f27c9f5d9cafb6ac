"""Work that nobody waits for. A message here is no authority: the rows say what is owed."""

from uuid import UUID

from celery import shared_task

from accounts.door import Machine, entering
from cases.actions.members import sweep_memberships
from cases.actions.sweeping import discard_left_intake, drop_ended, left_intakes, sweep_drafts
from cases.actions.unsealing import lapse_requests
from cases.actions.watches import sweep_watches


@shared_task(name="cases.sweep_memberships")
def sweep_memberships_now() -> None:
    """Close memberships that ran out, so that nothing but a row in force ever carries a grant."""
    with entering(Machine.SWEEP, "membership-sweep"):
        sweep_memberships()


@shared_task(name="cases.sweep_drafts")
def sweep_drafts_now() -> None:
    """Delete drafts and intakes that nobody goes on with; an intake that fails keeps none of the others."""
    with entering(Machine.SWEEP, "draft-sweep"):
        sweep_drafts()
        intakes = left_intakes()
    for intake in intakes:
        with entering(Machine.SWEEP, "intake-sweep"):
            discard_left_intake(intake)


@shared_task(name="cases.sweep_identities")
def sweep_identities_now() -> None:
    """Delete the names of intakes that are over by now, and end requests whose time is over."""
    with entering(Machine.SWEEP, "watch-sweep"):
        sweep_watches()
    with entering(Machine.SWEEP, "request-sweep"):
        lapse_requests()


@shared_task(name="cases.drop_drafts")
def drop_drafts_now(subject: str) -> None:
    """Delete the drafts of a review or an account, if that has ended."""
    with entering(Machine.SWEEP, "draft-sweep"):
        drop_ended(UUID(subject))
