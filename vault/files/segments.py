"""A file as a run of segments, each an envelope of its own.

Promise: a segment opens as the n-th of this file, last or not, or raises `Damaged`: whatever is cut, moved,
doubled, appended or brought from another file is refused. No cipher stream is ever continued. Called by
`vault.files` only.
"""

from typing import Final
from uuid import UUID

from vault import cipher, envelope
from vault.envelope import HEADER_LENGTH, Place
from vault.errors import Damaged, NotVerified
from vault.scopes import Scope
from vault.vocabulary import Use

SEGMENT: Final = 1 << 20
SEALED_SEGMENT: Final = HEADER_LENGTH + cipher.sealed_length(SEGMENT)


class Segments:
    """Seals and opens the segments of one file under its key."""

    __slots__ = ("_key", "_place", "key_id")

    def __init__(self, key_id: UUID, key: bytes, file_id: UUID, scope: Scope) -> None:
        self.key_id, self._key = key_id, key
        self._place = Place(Use.EVIDENCE, "vault_storedfile", "segment", file_id, scope)

    def __repr__(self) -> str:
        return "<segments>"

    def seal(self, number: int, plaintext: memoryview, room: memoryview, *, last: bool) -> None:
        """Seal the segment of a number, counted from 0, into `room` of `sealed_length` bytes."""
        envelope.seal_into(
            self._key, self.key_id, self._place, plaintext, room, _mark(last=last), number=number
        )

    def unseal(self, number: int, sealed: memoryview, room: memoryview, *, last: bool) -> int:
        """Open a segment into `room` and return its length; raises `Damaged`."""
        try:
            header = envelope.read_header(bytes(sealed[:HEADER_LENGTH]))
            if header.number == number and header.key_id == self.key_id:
                return envelope.unseal_into(self._key, self._place, sealed, room, _mark(last=last))
        except NotVerified:
            pass
        raise Damaged(f"segment {number} of {self._place.row}") from None


def _mark(*, last: bool) -> bytes:
    return b"last" if last else b"more"


def sealed_length(length: int) -> int:
    """Return how many bytes a segment of `length` bytes becomes."""
    return HEADER_LENGTH + cipher.sealed_length(length)


def count(padded: int) -> int:
    """Return how many segments `padded` bytes make; an empty file has one too."""
    return max(1, -(-padded // SEGMENT))


def sealed_size(padded: int) -> int:
    """Return how many sealed bytes a file of `padded` bytes has."""
    before = count(padded) - 1
    return before * SEALED_SEGMENT + sealed_length(padded - before * SEGMENT)
