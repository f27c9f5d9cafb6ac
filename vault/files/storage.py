"""Where sealed bytes lie.

Promise: what is under a reference was finished and is durable; what was not finished is under none. A store
sees ciphertext only. Today it is a folder (`vault.files.folder`); a bucket fits the same interface, since a
part of a multipart upload is a whole number of segments, and an interrupted upload can go on behind its last
whole segment. Called by `vault.files` only.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol


class Pending(Protocol):
    """A file that is being written, under no reference yet."""

    def room(self, length: int) -> memoryview:
        """Return memory for the next `length` bytes, a sealed segment at most, to be filled before the next
        call. Raises `OSError` when bytes given before could not be written.
        """

    def finish(self) -> bytes:
        """Make the bytes durable, put them under their reference, return their BLAKE3 digest.

        Raises `FileExistsError`, and `OSError` as `room` does.
        """

    def abandon(self) -> None:
        """Leave nothing. Safe to repeat, and after `finish` too."""


class Reading(Protocol):
    """A finished file, opened for reading in any order."""

    size: int

    def read_into(self, offset: int, room: memoryview) -> int:
        """Fill `room` with the bytes from `offset`; return how many, fewer than it holds at the end alone."""

    def close(self) -> None:
        """Let go of the file."""


class Storage(Protocol):
    """A store of sealed files under random references."""

    def is_there(self) -> bool:
        """Tell whether this is the store that was established, and not the empty place where it should be."""

    def establish(self) -> None:
        """Make this place the store: for the very first file, when nothing can be missed. Safe to repeat."""

    def begin(self, ref: str) -> Pending:
        """Begin to write the file that will be called `ref`. Raises `StoreGone`, `OSError`."""

    def open(self, ref: str) -> Reading:
        """Open a finished file. Raises `Missing`; where the whole store is, `StoreGone`."""

    def remove(self, ref: str) -> None:
        """Remove a finished file; nothing happens where there is none."""

    def finished(self) -> Iterator[tuple[str, datetime]]:
        """List what is finished: reference and time."""

    def remove_unfinished(self, before: datetime) -> int:
        """Remove what was begun before a time and never finished; return how many."""
