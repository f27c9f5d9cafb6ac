"""Steps of a sweep that stand alone.

Promise: a row that cannot be believed, opened or found keeps a sweep from no other; it is set aside, and that
is an alarm of the log, not at each run but again each week while it lasts. Called by the tasks that sweep.
"""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from accounts.door import Machine, entering, reader_code
from audit.believing import tell_once
from audit.models import Event
from audit.refusals import Refusal
from audit.vocabulary import Kind
from vault.errors import DrillTouched, KeyLocked, RotationRunning, VaultError

_SWEEP = reader_code(Machine.SWEEP)
_LOCKED = 423  # how a refusal says that a case is locked; what a case is, this room does not know


def alone(purpose: str, step: Callable[[], object], *, about: str = "") -> bool:
    """Take one step of a sweep as its machine; tell whether it was taken.

    `about` is what the step is for, in the log's words. What waits for a locked case, or for another
    rotation of keys, is owed still and no alarm.
    """
    try:
        with entering(Machine.SWEEP, purpose):
            return _is_taken(purpose, step, about)
    except DrillTouched:  # an alarm of its own, which the door has made
        return False


def set_aside(subject: str, *, because: str, scope: UUID | None = None, by: str = _SWEEP) -> Event | None:
    """Say, once a week, that something is left out of a sweep; what is done about its row is the caller's."""
    return tell_once(Kind.ROW_SET_ASIDE, by=by, subject=subject, scope=scope, facts={"because": because})


def _is_taken(purpose: str, step: Callable[[], object], about: str) -> bool:
    try:
        with transaction.atomic():
            step()
    except (KeyLocked, RotationRunning):
        return False
    except DrillTouched:
        raise
    except Refusal as refused:
        if refused.status == _LOCKED:
            return False
        subject = refused.subject or about or f"sweep:{purpose}"
        set_aside(subject, because=type(refused).__name__, scope=refused.scope)
        return False
    except (VaultError, ObjectDoesNotExist) as refused:
        set_aside(about or f"sweep:{purpose}", because=type(refused).__name__)
        return False
    return True
