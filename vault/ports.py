"""Where the vault tells what was opened and what happened to keys.

Promise: without a recorder nothing opens. The log installs itself here when the program starts; the vault
knows a reader as a string and imports nothing of the log.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from vault.errors import NoRecorder
from vault.scopes import Scope


class Recorder(Protocol):
    """Writes into the transaction that is open now, or raises."""

    def opened(
        self,
        *,
        reader: str,
        purpose: str,
        scopes: Sequence[Scope],
        kind: str,
        count: int,
        commitment: bytes,
    ) -> None:
        """One call of opening: `kind` is the table, `commitment` a digest over row ids and columns."""

    def key_event(self, *, event: str, key_id: UUID, scope: Scope | None, by: str) -> None:
        """A key was `created`, `rotated` or `destroyed`."""


_installed: list[Recorder] = []


def install(recorder: Recorder | None) -> Recorder | None:
    """Make `recorder` the one that is told; return the one before. None leaves the vault closed."""
    before = _installed.pop() if _installed else None
    if recorder is not None:
        _installed.append(recorder)
    return before


def current() -> Recorder:
    """Return the recorder, or raise `NoRecorder`."""
    if not _installed:
        raise NoRecorder
    return _installed[0]
