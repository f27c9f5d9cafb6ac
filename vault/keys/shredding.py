"""Destroying a witness's keys for good: the rows, and the epoch under which they lay.

Promise: the epochs that could open a deleted key are named in the same transaction that deletes it, and the
turning is over only when none of them is left in the file; a rotation that was under way before, and would
end under one of them, is finished and followed by another. Killed anywhere, both are called again. Called by
erasure.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from vault.errors import KeyStillInUse
from vault.keys import epoch, locks
from vault.keys.rotation import rotate_epoch, settle_epoch
from vault.keys.unitkeys import destroy_unit_key
from vault.scopes import Scope

_MOST_TURNS: Final = 3


def shred(scope: Scope, *, by: str) -> tuple[list[UUID], list[UUID]]:
    """Delete every key of a witness and of what belongs to them; return their ids, and those of the epochs
    under which a copy of them can lie. Must run in a transaction.
    """
    locks.writing()  # no epoch begins or ends until this transaction does
    epochs = epoch.load()
    key_ids = destroy_unit_key(scope, by=by)
    return key_ids, [one.id for one in (epochs.primary, *epochs.older)]


def turn_past(epochs: Collection[UUID], *, by: str) -> None:
    """Turn the epoch until none of these is left. Not in a transaction: each row commits by itself.

    Raises `RotationRunning`, `RootKeyUnreachable` where a service has a part in it and is away, and
    `KeyStillInUse` where turning does not help.
    """
    for _turn in range(_MOST_TURNS):
        if not _is_named(epochs):
            break
        rotate_epoch(by=by)
    else:
        if _is_named(epochs):
            raise KeyStillInUse
    if not epoch.is_settled():
        settle_epoch()


def is_past(epochs: Collection[UUID]) -> bool:
    """Tell whether none of these epochs can open anything any more, here or at a service that seals them."""
    return not _is_named(epochs) and epoch.is_settled()


def _is_named(epochs: Collection[UUID]) -> bool:
    now = epoch.load()
    return bool(set(epochs) & {one.id for one in (now.primary, *now.older)})
