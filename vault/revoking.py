"""What a change of custodians asks of the server: halves that count no more go, and each identity gets a new
share of the server.

Promise: no name is opened for it, and an identity is never left without a pair of custodians who can open it:
where nobody else could yet, the halves stay until a newcomer's were made, and the caller is told. Each
identity is one transaction, so that a kill anywhere leaves all of them whole and the next run goes on. Called
by the sweep of `cases`, which knows the codes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from vault.models.identities import IdentityHalf, SealedIdentity
from vault.models.keys import KeystoreKey
from vault.stepping import Guarded, stepping_into

Since = Mapping[UUID, int]  # of each member in force, the directory from which on their present key counts


def with_older_share(moment: datetime) -> set[UUID]:
    """Return the identities whose share of the server is from before `moment`. Must run in a transaction."""
    with stepping_into(Guarded.IDENTITY):
        shares = dict(SealedIdentity.objects.values_list("share_id", "pk"))
    with stepping_into(Guarded.KEYSTORE):
        older = KeystoreKey.objects.filter(pk__in=list(shares), created_at__lt=moment)
        return {shares[share] for share in older.values_list("pk", flat=True)}


def with_gone_halves(since: Since) -> set[UUID]:
    """Return the identities that hold halves of nobody's present key. Must run in a transaction."""
    with stepping_into(Guarded.IDENTITY):
        return set(IdentityHalf.objects.filter(_gone(since)).values_list("identity_id", flat=True))


def drop_halves(identity: UUID, since: Since, custodians: Iterable[UUID]) -> int:
    """Delete the halves that count no more, unless no pair of `custodians` would be left; return how many."""
    with transaction.atomic(), stepping_into(Guarded.IDENTITY):
        SealedIdentity.objects.select_for_update().get(pk=identity)
        ours = IdentityHalf.objects.filter(identity=identity)
        people = list(custodians)
        if not ours.filter(custodian__in=people, partner__in=people).exclude(_gone(since)).exists():
            return 0
        return ours.filter(_gone(since)).delete()[0]


def _gone(since: Since) -> Q:
    members = list(since)
    gone = ~Q(custodian__in=members) | ~Q(partner__in=members)
    for member, number in since.items():
        gone |= Q(directory_number__lt=number) & (Q(custodian=member) | Q(partner=member))
    return gone
