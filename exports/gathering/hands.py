"""Whose hands an exhibit went through, as a package tells it: both sides of each hand-over, in codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from evidence.models import CustodyEvent
from exports.gathering.document import Codes
from exports.models import Export
from exports.vocabulary import PseudonymKind, Tier


@dataclass(frozen=True, slots=True)
class Hands:
    """Who did what an entry tells of, who had it afterwards, and on whose word that rests."""

    by: str
    to: str
    confirmed: str

    def told(self) -> dict[str, str]:
        """What is known of it; an entry that is no hand-over has one side."""
        known = {"by": self.by, "to": self.to, "confirmed": self.confirmed}
        return {name: value for name, value in known.items() if value}


def hands(export: Export, events: Iterable[CustodyEvent], codes: Codes) -> dict[UUID, Hands]:
    """Name the people of each entry towards this recipient; machines are told as such.

    Somebody outside this system is `outside`: who that is the package does not say. The public learns neither
    side.
    """
    found = list(events)
    named = {code for event in found for code in (event.by_code, event.to_code) if code}
    staff = {
        user.staff_code: codes.of(PseudonymKind.STAFF, user.pk)
        for user in User.objects.filter(staff_code__in=named)
    }
    return {event.pk: _hands(event, staff, is_public=export.tier == Tier.PUBLIC) for event in found}


def _hands(event: CustodyEvent, staff: dict[str, str], *, is_public: bool) -> Hands:
    to, confirmed = staff.get(event.to_code, ""), ""
    if event.hand_over_id is not None:
        to, confirmed = (to, "by both") if event.to_code else ("outside", "by receipt")
    by = staff.get(event.by_code, "system")
    return Hands("", "", confirmed) if is_public else Hands(by, to, confirmed)
