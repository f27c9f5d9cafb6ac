"""Checking stored files without a key.

Promise: it opens nothing and records nothing; it says whether the sealed bytes are those that were stored.
Called by the integrity run and by whoever relies on a file first.
"""

import hmac
from collections.abc import Callable

from blake3 import blake3

from vault.errors import Damaged
from vault.files import stores
from vault.files.storage import Storage
from vault.models.storedfile import StoredFile

_PIECE = 4 << 20


def check_sealed(
    stored: StoredFile, *, storage: Storage | None = None, alive: Callable[[], object] = lambda: None
) -> None:
    """Digest the sealed bytes anew. Raises `Missing`, `Damaged`, `StoreGone`, or `OSError` (a bad disk).

    `alive` is called after each piece: a file may take longer than others wait for a sign of life.
    """
    file = (storage or stores.default()).open(stored.storage_ref)
    try:
        if file.size != stored.sealed_size:
            raise Damaged
        digest, offset, room = blake3(), 0, memoryview(bytearray(min(_PIECE, file.size)))
        while offset < file.size and (done := file.read_into(offset, room)):
            digest.update(room[:done])
            offset += done
            alive()
    finally:
        file.close()
    if not hmac.compare_digest(digest.digest(), bytes(stored.sealed_digest)):
        raise Damaged
