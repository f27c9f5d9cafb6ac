"""Where sealed bytes lie.

Promise: what is under a reference was finished and is durable; what was not finished is under none. A store
sees ciphertext only. What was left half written goes on behind its last whole segment, in any process. It is
a folder (`vault.files.folder`) or a bucket (`vault.files.bucket`), and nobody above can tell which. Called by
`vault.files` only.
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

    def flush(self) -> int:
        """Make durable what can be; return how many bytes from the start are. More may follow."""

    def finish(self) -> bytes:
        """Make the bytes durable, put them under their reference, return their BLAKE3 digest.

        Raises `FileExistsError`, and `OSError` as `room` does.
        """

    def abandon(self) -> None:
        """Leave nothing. Safe to repeat, and after `finish` too."""

    def leave(self) -> None:
        """Let go of it as it is: what `flush` made durable can be taken up again."""


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
        """Make this place the store: for the very first file, when nothing can be missed. Safe to repeat.

        Raises `StoreGone` where the place is out of reach, or cannot keep what the settings ask of it.
        """

    def begin(self, ref: str) -> Pending:
        """Begin to write the file that will be called `ref`. Raises `StoreGone`, `OSError`."""

    def take_up(self, ref: str, size: int) -> Pending:
        """Go on with what was left under `ref`, behind its first `size` bytes, which were durable.

        Whoever had it before loses it. Raises `Missing`, `Damaged`, `StoreGone`, `OSError`.
        """

    def drop(self, ref: str) -> None:
        """Remove what was begun under `ref` and not finished; nothing happens where there is none."""

    def open(self, ref: str) -> Reading:
        """Open a finished file. Raises `Missing`; where the whole store is, `StoreGone`."""

    def remove(self, ref: str) -> None:
        """Remove a finished file; nothing happens where there is none. Raises `Locked` where it must stay."""

    def finished(self) -> Iterator[tuple[str, datetime]]:
        """List what is finished: reference and time."""

    def unfinished(self) -> Iterator[tuple[str, datetime]]:
        """List what was begun and not finished: reference, or what is left of one, and time."""

    def free(self) -> int | None:
        """Return how many bytes still fit; None where the place does not tell."""

    def faults(self) -> Iterator[str]:
        """Say what the place does not do that the settings ask of it."""
