"""A second copy of names, under a key that the server does not keep.

Promise: the copy opens with the key that the investigator's browser holds, and with nothing that lies on the
server; it has one length. Called by the watch over an intake's own texts.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from vault import cipher, envelope, padding
from vault.custodian.layers import LEAST
from vault.envelope import Place
from vault.errors import NotVerified
from vault.scopes import Scope
from vault.vocabulary import Use

KEY_LENGTH = cipher.KEY_LENGTH


def new_copy_key() -> bytes:
    """Return a fresh key; whoever asks gives it away and forgets it."""
    return cipher.new_key()


def seal_copy(key: bytes, *, row: UUID, case: UUID, names: Sequence[str]) -> bytes:
    """Seal names for one row of the watch."""
    content = json.dumps(list(names), ensure_ascii=False).encode()
    return envelope.seal(key, row, _place(row, case), padding.pad(content, LEAST))


def open_copy(key: bytes, *, row: UUID, case: UUID, blob: bytes) -> list[str]:
    """Open it. Raises `NotVerified`, also for a key that is none."""
    if len(key) != KEY_LENGTH:
        raise NotVerified
    said = json.loads(padding.unpad(envelope.unseal(key, _place(row, case), bytes(blob))))
    return [str(name) for name in said]


def _place(row: UUID, case: UUID) -> Place:
    return Place(Use.IDENTITY_COPY, "cases_namewatch", "sealed", row, Scope.case(case))
