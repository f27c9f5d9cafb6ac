"""Saying that one has read an alarm.

Promise: it is said by one person for themself and stands in the log; the others are told as before. Called by
the button beside an alarm.
"""

from uuid import UUID

from accounts.alarms import hears, subject_of
from accounts.errors import NotInThisState, RoleRequired
from accounts.models import User
from audit.actions import record
from audit.believing import believed
from audit.models import Event
from audit.vocabulary import ALARMS, Kind


def read_alarm(*, alarm: UUID, by: User) -> Event:
    """Note that the person has read an alarm. Raises `RoleRequired`, `NotInThisState` for what is none."""
    if not hears(by):
        raise RoleRequired(subject=f"event:{alarm}")
    found = believed(Event.objects.of_kinds(ALARMS).filter(pk=alarm))
    if not found:
        raise NotInThisState(subject=f"event:{alarm}")
    return record(Kind.ALARM_SEEN, by=by.staff_code, subject=subject_of(found[0]))
