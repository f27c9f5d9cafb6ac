"""Work that nobody waits for. A message here carries nothing: the rows say what is owed."""

from celery import shared_task

from accounts.door import Machine, entering
from cases.actions.members import sweep_memberships


@shared_task(name="cases.sweep_memberships")
def sweep_memberships_now() -> None:
    """Close memberships that ran out, so that nothing but a row in force ever carries a grant."""
    with entering(Machine.SWEEP, "membership-sweep"):
        sweep_memberships()
