"""Files that arrive in several turns.

Promise: such a file has its key in the keystore from the first turn on, so that any process goes on with
it, and erasing its witness takes it too; dropped, its key is destroyed before its bytes go. Called by actions
that receive files, in a transaction; these remember how many segments are durable, and let one at a time go
on.
"""

from contextlib import suppress
from uuid import UUID, uuid4

from django.db import transaction

from vault.files import stores
from vault.files.storage import Storage
from vault.keys.unitkeys import destroy_unit_key, keep_unit_key, new_unit_key
from vault.scopes import Scope


def begin_file(*, scope: Scope, by: str) -> UUID:
    """Keep the key of a file that will arrive, and return the file's id. Raises `OutsideTransaction`."""
    file = uuid4()
    keep_unit_key(Scope(scope.kind, scope.id, file), new_unit_key(belongs_to=scope.unit), by=by)
    return file


def drop_file(file: UUID, *, scope: Scope, by: str, storage: Storage | None = None) -> None:
    """Destroy the key of a file that never became one; its bytes go with the end of the transaction, or, were
    the process to die then, with the next sweep. Safe to repeat.
    """
    destroy_unit_key(Scope(scope.kind, scope.id, file), by=by)
    store = storage or stores.default()
    transaction.on_commit(lambda: _remove(store, file.hex))


def _remove(store: Storage, ref: str) -> None:
    """Remove what was begun, or finished and never committed. What cannot go now has no key any more."""
    with suppress(OSError):
        store.drop(ref)
        store.remove(ref)
