"""Removing sealed bytes that belong to nothing.

Promise: a file, whole or half written, goes only when it is old, no row names it, and the keystore holds no
key for it; so nobody could ever open it again. Called by the sweep, in a transaction.
"""

import re
from datetime import datetime
from itertools import islice
from uuid import UUID

from vault.files import stores
from vault.files.storage import Storage
from vault.models.keys import KeystoreKey
from vault.models.storedfile import StoredFile
from vault.stepping import Guarded, stepping_into

_BATCH = 1000
_REF = re.compile(r"[0-9a-f]{32}")


def sweep_orphans(*, before: datetime, storage: Storage | None = None) -> int:
    """Remove what an interrupted upload or a rolled-back transaction left before a time; return how many."""
    store = storage or stores.default()
    removed = 0
    for found, remove in ((store.unfinished(), store.drop), (store.finished(), store.remove)):
        old = (ref for ref, changed in found if changed < before)
        while batch := set(islice(old, _BATCH)):
            orphans = _orphans(batch)
            for ref in orphans:
                remove(ref)
            removed += len(orphans)
    return removed


def count_strays(*, before: datetime, storage: Storage | None = None) -> int:
    """Count the finished files from before a time that no row names, with or without a key."""
    store = storage or stores.default()
    old = (ref for ref, changed in store.finished() if changed < before)
    strays = 0
    while batch := set(islice(old, _BATCH)):
        named = set(StoredFile.objects.filter(storage_ref__in=batch).values_list("storage_ref", flat=True))
        strays += len(batch - named)
    return strays


def _orphans(refs: set[str]) -> set[str]:
    named = set(StoredFile.objects.filter(storage_ref__in=refs).values_list("storage_ref", flat=True))
    with stepping_into(Guarded.KEYSTORE):
        # A copy that was broken off is no reference: it goes whatever the keystore holds.
        units = [UUID(ref) for ref in refs - named if _REF.fullmatch(ref)]
        kept = KeystoreKey.objects.filter(unit__in=units)
        keyed = {unit.hex for unit in kept.values_list("unit", flat=True)}
    return refs - named - keyed
