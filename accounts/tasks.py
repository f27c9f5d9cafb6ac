"""The sweep of this room: what has lapsed is deleted. A message only makes it happen."""

from celery import shared_task

from accounts.door import Machine, entering
from accounts.sessionstore import SessionStore
from accounts.throttle import forget_lapsed


@shared_task(name="accounts.sweep", ignore_result=True)
def sweep() -> int:
    """Delete ended sessions and lapsed counters; neither lets anybody in, but neither should be kept."""
    with entering(Machine.SWEEP, "sweep"):
        SessionStore.clear_expired()
        return forget_lapsed()
