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
from vault.keys.rotation import rotate_epoch
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

    Raises `RotationRunning`, and `KeyStillInUse` where turning does not help.
    """
    for _turn in range(_MOST_TURNS):
        if is_past(epochs):
            return
        rotate_epoch(by=by)
    if not is_past(epochs):
        raise KeyStillInUse


def is_past(epochs: Collection[UUID]) -> bool:
    """Tell whether none of these epochs can open anything any more."""
    now = epoch.load()
    return not set(epochs) & {one.id for one in (now.primary, *now.older)}
