"""Removing sealed bytes that belong to nothing.

Promise: a file, whole or half written, goes only when it is old, no row names it, and the keystore holds no
key for it, so nobody could ever open it again; and only from a store that holds a file of ours: the store of
another installation, named by mistake, is left alone. What a store must keep is left until its day. Called
by the sweep, in a transaction.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models.expressions import RawSQL

from vault.errors import Locked, Missing
from vault.files import stores
from vault.files.storage import Storage
from vault.models.keys import KeystoreKey
from vault.models.storedfile import StoredFile
from vault.stepping import Guarded, stepping_into

Found = Iterator[tuple[str, datetime]]
_BATCH = 1000
_REF = re.compile(r"[0-9a-f]{32}")


def sweep_orphans(*, before: datetime, storage: Storage | None = None) -> int:
    """Remove what an interrupted upload or a rolled-back transaction left before a time; return how many."""
    store = storage or stores.default()
    removed = 0
    for found, remove in _kinds(store):
        old = (ref for ref, changed in found if changed < before)
        while batch := set(islice(old, _BATCH)):
            for ref in _orphans(batch):
                with suppress(Locked):
                    remove(ref)
                    removed += 1
    return removed


def find_strays(*, before: datetime, storage: Storage | None = None) -> Iterator[str]:
    """Yield the finished files from before a time that no row names, with or without a key."""
    store = storage or stores.default()
    old = (ref for ref, changed in store.finished() if changed < before)
    while batch := set(islice(old, _BATCH)):
        yield from sorted(batch - _named(batch))


def _kinds(store: Storage) -> list[tuple[Found, Callable[[str], None]]]:
    """What may be swept: nothing finished before we know a file of ours, nothing at all where it is not."""
    unfinished, known = (store.unfinished(), store.drop), StoredFile.objects.order_by("id").first()
    if known is None:
        return [unfinished]
    try:
        store.open(known.storage_ref).close()
    except Missing:
        return []
    return [unfinished, (store.finished(), store.remove)]


def _named(refs: set[str]) -> set[str]:
    """Which of them a row names; asked as one value, since a thousand are dear to take in singly."""
    asked = RawSQL("SELECT unnest(%s::text[])", [list(refs)])
    return set(StoredFile.objects.filter(storage_ref__in=asked).values_list("storage_ref", flat=True))


def _orphans(refs: set[str]) -> set[str]:
    named = _named(refs)
    with stepping_into(Guarded.KEYSTORE):
        # A copy that was broken off is no reference: it goes whatever the keystore holds.
        units = [UUID(ref) for ref in refs - named if _REF.fullmatch(ref)]
        kept = KeystoreKey.objects.filter(unit__in=units)
        keyed = {unit.hex for unit in kept.values_list("unit", flat=True)}
    return refs - named - keyed
