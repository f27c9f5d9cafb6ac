"""Asking for what a newcomer among the custodians lacks, file by file. Called by the sweep alone.

Promise: what is owed is read from the identities themselves, so that a kill between two files, or between two
identities, loses nothing: the next sweep asks for what is still missing. Of a locked case nothing is asked
until it is reopened, and an identity that is not as it was sealed keeps no other from its repair.
"""

from collections.abc import Iterator

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from accounts.actions.repairs import Source, check_source, end_overtaken, write_repair
from accounts.custodians import directory_in_force
from accounts.models import Repair
from accounts.repairs import Owed, next_owed
from accounts.sweeping import set_aside
from cases.actions.revoking import bound_to
from cases.models import Case
from vault import mending
from vault.errors import VaultError
from vault.identities import identity_of


def ask_for_repair() -> Repair | None:
    """Write the next repair that is owed, where none waits; return it."""
    if end_overtaken():
        return None
    directory = directory_in_force()
    if directory is None or directory.number == 1:
        return None
    locked = Case.objects.filter(locked_at__isnull=False).values_list("pk", flat=True)
    waits = mending.within(locked)
    while (owed := next_owed(directory, waits)) is not None:
        sources = list(_sound(owed))
        if sources:
            return write_repair(owed, sources, directory)
        waits.update(owed.identities)
    return None


def _sound(owed: Owed) -> Iterator[Source]:
    """What can be repaired of it; what is not as it was sealed is told, once."""
    for identity in owed.identities:
        try:
            with transaction.atomic():
                source = Source(identity, bound_to(identity_of(identity)))
                check_source(owed, source)
        except (VaultError, ObjectDoesNotExist) as refused:
            set_aside(f"identity:{identity}", because=type(refused).__name__)
        else:
            yield source
