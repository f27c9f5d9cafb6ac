"""Asking for what a newcomer among the custodians lacks, file by file. Called by the sweep alone.

Promise: what is owed is read from the identities themselves, so that a kill between two files, or between two
identities, loses nothing: the next sweep asks for what is still missing.
"""

from accounts.actions.repairs import Source, end_overtaken, write_repair
from accounts.custodians import directory_in_force
from accounts.models import Repair
from accounts.repairs import next_owed
from cases.actions.revoking import bound_to
from vault.identities import identity_of


def ask_for_repair() -> Repair | None:
    """Write the next repair that is owed, where none waits; return it."""
    if end_overtaken():
        return None
    directory = directory_in_force()
    owed = next_owed(directory) if directory is not None and directory.number > 1 else None
    if directory is None or owed is None:
        return None
    sources = [Source(one, bound_to(identity_of(one))) for one in owed.identities]
    return write_repair(owed, sources, directory)
