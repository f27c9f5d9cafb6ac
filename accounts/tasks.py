"""The sweep of this room: what has lapsed is deleted. A message only makes it happen."""

from functools import partial

from celery import shared_task

from accounts.actions.drills import owed_drills, write_drill
from accounts.door import Machine, entering
from accounts.sessionstore import SessionStore
from accounts.sweeping import alone
from accounts.throttle import forget_lapsed
from vault.custodian.pairs import Pair


@shared_task(name="accounts.sweep", ignore_result=True)
def sweep() -> int:
    """Delete ended sessions and lapsed counters; neither lets anybody in, but neither should be kept."""
    with entering(Machine.SWEEP, "sweep"):
        SessionStore.clear_expired()
        return forget_lapsed()


@shared_task(name="accounts.sweep_drills", ignore_result=True)
def sweep_drills() -> int:
    """End drills that nobody answered, and ask every pair that owes one; one pair stops no other."""
    owed: list[Pair] = []
    alone("drill-sweep", lambda: owed.extend(owed_drills()))
    for pair in owed:
        alone("drill-sweep", partial(write_drill, pair), about=f"pair:{pair.first}.{pair.second}")
    return len(owed)
