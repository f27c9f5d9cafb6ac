"""What everybody who guards names, or answers for those who do, is told on each page until they have read it.

Promise: an alarm is an event of the log and nothing besides: it stands with its cause or the cause does not
stand, no row takes it away, and a row that others wrote into the log is none. Called by the frame of the
pages.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User, UserRole
from accounts.vocabulary import Role
from audit.actions import event_mac
from audit.models import Event
from audit.vocabulary import ALARMS, Kind

HEARERS = (Role.IDENTITY_CUSTODIAN, Role.SUPERVISOR, Role.AUDITOR)
_SHOWN, _MOST = 3, 200
_WORDS: dict[str, Promise | str] = {
    Kind.DRILL_FAILED: _(
        "A drill failed: what is sealed to two custodians may not open. The page of custodians says to whom."
    ),
    Kind.DRILL_TOUCHED: _(
        "Somebody reached for an invented identity outside a drill. Nobody has a reason to. Nothing was "
        "opened; find out who is trying to open names."
    ),
    Kind.IDENTITY_BREAK_GLASS_AGREED: _(
        "Break-glass: the two outside bodies have agreed to open a name. Custodians cannot stop it."
    ),
    Kind.IDENTITY_BREAK_GLASS_OPENED: _("Break-glass: a name was opened with the outside bodies' keys."),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: what happened, when, and whose doing the log says it was."""

    id: UUID
    words: Promise | str
    at: datetime
    actor: str


def hears(user: User) -> bool:
    """Tell whether alarms are shown to this person."""
    return user.has_role(*HEARERS)


def alarms_for(user: User) -> list[Alarm]:
    """Return the newest alarms since the person came that they have not read."""
    if not hears(user):
        return []
    rows = Event.objects.of_kinds(ALARMS).filter(at__gte=_since(user)).newest_first()
    found = list(islice((one for one in rows.iterator() if _is_ours(one)), _MOST))  # ours first, then cut
    if not found:
        return []
    read = Event.objects.of_kinds([Kind.ALARM_SEEN]).of_actor(user.staff_code)
    told = {one.subject for one in read if _is_ours(one)}
    left = [one for one in found if subject_of(one) not in told]
    return [Alarm(one.pk, _WORDS[one.kind], one.at, one.actor) for one in left[:_SHOWN]]


def _since(user: User) -> datetime:
    """Since when the person hears alarms, by their roles' tags: a person's own row is under none."""
    rows = UserRole.objects.filter(user=user, role__in=HEARERS, ended_at__isnull=True)
    return min(row.granted_at for row in rows if row.verified())


def subject_of(event: Event) -> str:
    """How the log names an alarm."""
    return f"event:{event.pk}"


def _is_ours(event: Event) -> bool:
    return hmac.compare_digest(event_mac(event.pk, event.leaf), bytes(event.mac))
