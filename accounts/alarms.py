"""What everybody who guards names, or answers for those who do, is told on each page until they have read it.

Promise: an alarm is an event of the log and nothing besides: it stands with its cause or the cause does not
stand, no row takes it away, and a row that others wrote into the log is none. Called by the frame of the
pages.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User, UserRole
from accounts.vocabulary import Role
from audit.believing import is_ours
from audit.models import Event
from audit.vocabulary import ALARMS, Kind

HEARERS = (Role.IDENTITY_CUSTODIAN, Role.SUPERVISOR, Role.AUDITOR)
_SHOWN = 3
_EXAMINED = 250  # of each kind: more rows than these, whoever wrote them, cost no page more
_WORDS: dict[str, Promise | str] = {
    Kind.DRILL_FAILED: _(
        "A drill failed: what is sealed to two custodians may not open. The page of custodians says to whom."
    ),
    Kind.DRILL_LATE: _(
        "A drill was not answered in time, so nobody knows whether what is sealed to these two still opens. "
        "The page of drills says who they are."
    ),
    Kind.DRILL_TOUCHED: _(
        "Somebody reached for an invented identity outside a drill. Nobody has a reason to. Nothing was "
        "opened; find out who is trying to open names."
    ),
    Kind.IDENTITY_BREAK_GLASS_AGREED: _(
        "Break-glass: the two outside bodies have agreed to open a name. Custodians cannot stop it."
    ),
    Kind.IDENTITY_BREAK_GLASS_OPENED: _("Break-glass: a name was opened with the outside bodies' keys."),
    Kind.IDENTITY_TOO_MANY: _(
        "Names were compared and found in too many places, as if somebody asked for them. Nothing was told; "
        "find out who wrote what was compared."
    ),
    Kind.LOG_FAILED: _(
        "The log is not sound: somebody may have written into the database. Have it verified, and compare it "
        "with a checkpoint that lies elsewhere."
    ),
    Kind.ROW_SET_ASIDE: _(
        "Something in the database is not as this system wrote it, or does not open. It was set aside, and "
        "the rest went on. Find out who can write there."
    ),
}
_FLOODED = _(
    "Somebody writes alarms into the database that are none, so others may be missing here. Have the log "
    "verified, and find out who can write there."
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: what happened, to what, when, and whose doing the log says it was.

    One without an id is no event: it stands as long as what it tells of, and nobody can put it away.
    """

    words: Promise | str
    id: UUID | None = None
    at: datetime | None = None
    actor: str = ""
    subject: str = ""


def hears(user: User) -> bool:
    """Tell whether alarms are shown to this person."""
    return user.has_role(*HEARERS)


def alarms_for(user: User) -> list[Alarm]:
    """Return the newest alarms since the person came that they have not read."""
    if not hears(user):
        return []
    found, is_flooded = _examined(_since(user))
    told = [Alarm(_FLOODED)] if is_flooded else []
    if found:
        read = Event.objects.of_kinds([Kind.ALARM_SEEN]).of_actor(user.staff_code)
        about = read.filter(subject__in=[subject_of(one) for one in found])[: len(ALARMS) * _EXAMINED]
        seen = {one.subject for one in about if is_ours(one)}
        left = [one for one in found if subject_of(one) not in seen]
        told += [
            Alarm(_WORDS[one.kind], one.pk, one.at, one.actor, one.subject or "")
            for one in _of_each_kind(left)
        ]
    return told


def _examined(came: datetime) -> tuple[list[Event], bool]:
    """The newest alarms of each kind that are ours; and whether of one kind all that was read is others'.

    Kind by kind, so that many of one kind push no other out of sight.
    """
    rows = Event.objects.filter(at__gte=came)
    each = [rows.of_kinds([kind]).newest_first()[:_EXAMINED] for kind in ALARMS]
    read = list(each[0].union(*each[1:], all=True))
    found = sorted((one for one in read if is_ours(one)), key=lambda one: (one.at, one.pk), reverse=True)
    foreign = Counter(one.kind for one in read) - Counter(one.kind for one in found)
    return found, max(foreign.values(), default=0) == _EXAMINED


def _of_each_kind(left: list[Event]) -> list[Event]:
    """The newest of each kind first, and as many more as are shown."""
    newest = {one.kind: one for one in reversed(left)}
    first = [one for one in left if newest[one.kind] is one]
    return [*first, *(one for one in left if newest[one.kind] is not one)][: max(_SHOWN, len(first))]


def _since(user: User) -> datetime:
    """Since when the person hears alarms, by their roles' tags: a person's own row is under none."""
    rows = UserRole.objects.filter(user=user, role__in=HEARERS, ended_at__isnull=True)
    return min(row.granted_at for row in rows if row.verified())


def subject_of(event: Event) -> str:
    """How the log names an alarm."""
    return f"event:{event.pk}"
