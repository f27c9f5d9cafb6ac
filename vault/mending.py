"""Pairs that a change of custodians left without halves, and the halves that a repair made.

Promise: nothing is opened here, and no half is deleted: a repair adds both halves of a pair or neither, to an
identity that stands under the directory in force. Called by the actions of repairs.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from vault.custodian.pairs import Half, Pair, Side, Subject
from vault.custodian.repairpapers import Source
from vault.errors import NotVerified
from vault.identities import digest_of_halves, half_of, row_of
from vault.models.identities import IdentityHalf, SealedIdentity
from vault.stepping import Guarded, stepping_into

Since = Mapping[UUID, int]  # of each member in force, the directory from which on their present key counts
Rows = Sequence[IdentityHalf]


def without(pair: Pair, since: Since) -> list[UUID]:
    """Return the identities to which a pair cannot both open a half, in a fixed order."""
    with stepping_into(Guarded.IDENTITY):
        return list(_without(pair, since).order_by("pk").values_list("pk", flat=True))


def within(scopes: Iterable[UUID]) -> set[UUID]:
    """Return the identities of these cases."""
    wanted = list(scopes)
    with stepping_into(Guarded.IDENTITY):
        return set(SealedIdentity.objects.filter(scope_id__in=wanted).values_list("pk", flat=True))


def count_without(pair: Pair, since: Since) -> int:
    """How many they are."""
    with stepping_into(Guarded.IDENTITY):
        return int(_without(pair, since).count())


def halves_in_force(identities: Iterable[UUID], since: Since) -> dict[UUID, list[IdentityHalf]]:
    """Return, for each identity, the halves that the keys of today open."""
    with stepping_into(Guarded.IDENTITY):
        rows = list(IdentityHalf.objects.filter(identity__in=list(identities)).order_by("created_at", "pk"))
    found: dict[UUID, list[IdentityHalf]] = {}
    for row in rows:
        if _counts(row, since):
            found.setdefault(row.identity_id, []).append(row)
    return found


def pairs_among(halves: Rows, people: Iterable[UUID]) -> list[frozenset[UUID]]:
    """Return which two of these people open an identity together, by its halves in force."""
    there = {(row.custodian, row.partner) for row in halves}
    two = combinations(sorted(people), 2)
    return [frozenset(one) for one in two if one in there and one[::-1] in there]


def source_of(halves: Rows, helpers: frozenset[UUID], subject: Subject) -> Source:
    """Return the newest two halves of two helpers, the first of the pair first. Raises `NotVerified`."""
    mine = [row for row in halves if {row.custodian, row.partner} == helpers]
    newest = max((row.directory_number for row in mine), default=0)
    two = [half_of(row, subject) for row in mine if row.directory_number == newest]
    if [one.binding.side for one in sorted(two, key=lambda one: one.binding.side)] != list(Side):
        raise NotVerified  # halves that nobody made together
    first, second = sorted(two, key=lambda one: one.binding.side)
    return Source((first, second))


def add_halves(identity: UUID, halves: Iterable[Half]) -> str:
    """Put the halves of new pairs beside those that an identity has; return their digest for the log."""
    with transaction.atomic():
        with stepping_into(Guarded.IDENTITY):
            SealedIdentity.objects.select_for_update().get(pk=identity)
        rows = [row_of(identity, half) for half in halves]
        IdentityHalf.objects.bulk_create(rows)
    return digest_of_halves(rows)


def _without(pair: Pair, since: Since) -> QuerySet[SealedIdentity]:
    least = max(since[pair.first], since[pair.second])
    rows = IdentityHalf.objects.filter(identity=OuterRef("pk"), directory_number__gte=least)
    one = rows.filter(custodian=pair.first, partner=pair.second)
    other = rows.filter(custodian=pair.second, partner=pair.first)
    return SealedIdentity.objects.exclude(Exists(one) & Exists(other))


def _counts(row: IdentityHalf, since: Since) -> bool:
    least = [since.get(one) for one in (row.custodian, row.partner)]
    return all(one is not None and row.directory_number >= one for one in least)
