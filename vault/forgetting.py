"""Deleting who a witness is.

Promise: every sealed version and every half that a custodian could open goes in one transaction; what backups
hold of them opens with nothing once the server's share was destroyed with the witness's keys. Called by
erasure.
"""

from uuid import UUID

from vault.models.identities import IdentityHalf, SealedIdentity
from vault.stepping import Guarded, stepping_into


def forget_identities(subject: UUID) -> int:
    """Delete the sealed identities of a witness; return how many there were. Must run in a transaction."""
    with stepping_into(Guarded.IDENTITY):
        IdentityHalf.objects.filter(identity__subject=subject).delete()
        gone, _by_table = SealedIdentity.objects.filter(subject=subject).delete()
    return gone
