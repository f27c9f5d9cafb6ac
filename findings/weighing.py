"""What a fact stands on: which of its sources count, which do not and why.

Promise: one rule for whoever judges and for the page that shows, so that the two never disagree. What
supports counts only while it may be used at all; what contradicts goes on speaking though its exhibit is
frozen, so that damage silences nothing; what was taken back does neither. Called by the actions and pages of
this room.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import Testimony
from cases.vocabulary import TestimonyStatus
from evidence.models import EvidenceItem
from evidence.vocabulary import ItemStatus
from findings.models import FactLink
from findings.vocabulary import SetAside, Stance

INDEPENDENT = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """How many groups of sources support a fact, and how many things contradict it."""

    groups: int
    contrary: int

    @property
    def is_carried(self) -> bool:
        """It may be called corroborated."""
        return self.groups >= INDEPENDENT and not self.contrary


def set_aside(source: Testimony | EvidenceItem) -> SetAside | None:
    """Say why nothing may rest on an account or an exhibit now; None where it may."""
    if isinstance(source, Testimony):
        return SetAside.WITHDRAWN if source.status == TestimonyStatus.WITHDRAWN else None
    if source.status == ItemStatus.REJECTED:
        return SetAside.REJECTED
    return SetAside.FROZEN if source.is_frozen else None


def counted_not(link: FactLink) -> SetAside | None:
    """Say why a link counts for nothing; None where it counts. Testimony and exhibit are loaded with it."""
    if link.retracted_at is not None:
        return SetAside.TAKEN_BACK
    source = link.testimony or link.item
    why = set_aside(source) if source is not None else None
    return None if why == SetAside.FROZEN and link.stance == Stance.CONTRADICTS else why


def standing(links: Iterable[tuple[FactLink, str]]) -> Standing:
    """Weigh links, each with its group of sources."""
    counted = [(link, group) for link, group in links if counted_not(link) is None]
    return Standing(
        groups=len({group.casefold() for link, group in counted if link.stance == Stance.SUPPORTS}),
        contrary=sum(link.stance == Stance.CONTRADICTS for link, _group in counted),
    )
