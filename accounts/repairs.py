"""Which pairs of custodians a change of directory left without halves, and how far their repair has come.

Promise: a newcomer is whoever's present key is younger than an identity; two custodians who can open it help,
and nobody becomes a pair with anybody of another kind. Called by the sweep and by the custodians' page.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from accounts.custodians import chain
from accounts.errors import ForgedRepair
from accounts.models import Repair
from accounts.vocabulary import RepairState
from vault import mending
from vault.custodian.directory import Directory, Member, held_since
from vault.custodian.pairs import Pair
from vault.errors import VaultError
from vault.mending import Since

MOST = 25  # identities in one file: a quarter of a megabyte for each helper


@dataclass(frozen=True, slots=True)
class Owed:
    """What one repair shall do."""

    newcomer: UUID
    partners: tuple[UUID, ...]
    helpers: frozenset[UUID]
    identities: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a newcomer is: how many identities they cannot open yet with somebody of their own kind."""

    member: Member
    left: int


def subject_of(row: Repair) -> str:
    """How the log names a repair."""
    return f"repair:{row.pk}"


def believe(row: Repair) -> Repair:
    """Return the row; raise `ForgedRepair` unless it carries our tag."""
    try:
        row.verify_tag()
    except VaultError:
        raise ForgedRepair(subject=subject_of(row)) from None
    return row


def asked_repair() -> Repair | None:
    """The repair that waits; one that others wrote into the database is none."""
    return next((one for one in Repair.objects.filter(state=RepairState.ASKED) if _is_ours(one)), None)


def _is_ours(row: Repair) -> bool:
    try:
        believe(row)
    except ForgedRepair:
        return False
    return True


def waits_for(member: UUID) -> Repair | None:
    """The repair in which this member is next: a helper who has not helped, or the newcomer after both."""
    row = asked_repair()
    if row is None:
        return None
    helped = {row.first: row.first_help is not None, row.second: row.second_help is not None}
    is_next = not helped[member] if member in helped else member == row.newcomer and all(helped.values())
    return row if is_next else None


def since_in_force() -> Since:
    """From which directory on each member holds their present key."""
    return held_since([signed.directory for signed in chain()])


def next_owed(directory: Directory, but: Collection[UUID] = ()) -> Owed | None:
    """Return what is to be repaired next: of one newcomer, identities with the same helpers and partners.

    `but` are identities that must wait.
    """
    since = since_in_force()
    custodians = [one.id for one in directory.custodians]
    for newcomer in _newcomers(directory, since):
        others = _kind_of(newcomer, directory)
        behind = {
            other: set(mending.without(Pair(other, newcomer.id), since)).difference(but) for other in others
        }
        for identities in _slices(sorted(set().union(*behind.values()))):
            halves = mending.halves_in_force(identities, since)
            groups: dict[tuple[frozenset[UUID], tuple[UUID, ...]], list[UUID]] = {}
            for identity in identities:
                pairs = mending.pairs_among(halves.get(identity, ()), custodians)
                usable = [one for one in pairs if newcomer.id not in one]
                partners = tuple(other for other in others if identity in behind[other])
                if usable:
                    groups.setdefault((usable[0], partners), []).append(identity)
            for (helpers, partners), found in groups.items():
                return Owed(newcomer.id, partners, helpers, tuple(found))
    return None


def progress(directory: Directory) -> list[Progress]:
    """Every newcomer who cannot open everything yet."""
    since = since_in_force()
    found = []
    for newcomer in _newcomers(directory, since):
        others = _kind_of(newcomer, directory)
        left = max((mending.count_without(Pair(one, newcomer.id), since) for one in others), default=0)
        if left:
            found.append(Progress(newcomer, left))
    return found


def _newcomers(directory: Directory, since: Since) -> list[Member]:
    """Whoever holds a key that is younger than the first directory, the oldest first."""
    young = [one for one in directory.members if since[one.id] > 1]
    return sorted(young, key=lambda one: (since[one.id], str(one.id)))


def _kind_of(newcomer: Member, directory: Directory) -> list[UUID]:
    same = [one.id for one in directory.members if one.role == newcomer.role and one.id != newcomer.id]
    return sorted(same, key=str)


def _slices(identities: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(identities), MOST):
        yield identities[start : start + MOST]
