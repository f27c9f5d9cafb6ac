"""The envelope of every sealed byte, and the context that binds it to its place.

    blob    = magic | version | suite | key id (16) | number (8) | Cobblestone256(key, context, plaintext)
    context = count, then each field behind its length of 8 bytes:
              label, suite, key id, use, table, column, row id, scope, value number
              (and `last`, for a file's segment)

Promise: a blob opens in the place it was sealed for, under the key it names, or an error is raised. There is
one version and one suite, no second try and no fallback. Called by the vault's own modules only.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vault import cipher
from vault.errors import NotVerified
from vault.scopes import Scope
from vault.vocabulary import Use

MAGIC: Final = b"CMSV"
VERSION: Final = 1
SUITE: Final = 1  # Cobblestone-256 with AES-256-GCM and SHA-512
_LABEL: Final = b"casemgr sealed value"
_START: Final = MAGIC + bytes((VERSION, SUITE))
_SUITE_FIELD: Final = bytes((SUITE,))
HEADER_LENGTH: Final = len(_START) + 16 + 8
NUMBER_AT: Final = HEADER_LENGTH - 8
_NUMBER_LIMIT: Final = 1 << 63


@dataclass(frozen=True, slots=True)
class Place:
    """Where a blob belongs. `row` is the row's id, allocated before the row is written."""

    use: Use
    table: str
    column: str
    row: UUID
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What a blob says of itself; believed only once the blob has opened, since the context repeats it."""

    key_id: UUID
    number: int


def encode(*fields: bytes) -> bytes:
    """Join fields so that no two different lists give the same bytes (a count, and a length before each)."""
    parts = [len(fields).to_bytes(8)]
    for field in fields:
        parts += (len(field).to_bytes(8), field)
    return b"".join(parts)


def context(place: Place, header: Header, *extra: bytes) -> bytes:
    """Return the bytes a blob is bound to."""
    return encode(
        _LABEL,
        _SUITE_FIELD,
        header.key_id.bytes,
        place.use.encode(),
        place.table.encode(),
        place.column.encode(),
        place.row.bytes,
        place.scope.name if place.scope else b"",
        header.number.to_bytes(8),
        *extra,
    )


class CellContext:
    """The context of many cells of one column under one key: the constant part is built once."""

    __slots__ = ("_after", "_before")

    def __init__(self, table: str, column: str, scope: Scope, key_id: UUID) -> None:
        place = Place(Use.CELL, table, column, UUID(int=0), scope)
        whole = context(place, Header(key_id, 0))
        # Behind the column come the row's id (8 + 16 bytes), the scope and the number (8 + 8 bytes).
        row_at = len(whole) - 8 - 8 - len(encode(scope.name)) + 8 - 16
        self._before, self._after = whole[:row_at], whole[row_at + 16 : -8]

    def of(self, row: bytes, number: bytes) -> bytes:
        """Return the context of one cell, equal to `context()`'s: of the row's id, and the blob's number."""
        return self._before + row + self._after + number


def write_header(header: Header) -> bytes:
    """Return the bytes before the ciphertext."""
    if not 0 <= header.number < _NUMBER_LIMIT:
        raise ValueError("A value number is a whole number below 2^63.")
    return _START + header.key_id.bytes + header.number.to_bytes(8)


def read_header(blob: bytes) -> Header:
    """Read what a blob says of itself; an unknown magic, version or suite raises `NotVerified`."""
    if len(blob) < HEADER_LENGTH or not blob.startswith(_START):
        raise NotVerified
    return Header(UUID(bytes=blob[len(_START) : NUMBER_AT]), int.from_bytes(blob[NUMBER_AT:HEADER_LENGTH]))


def seal(key: bytes, key_id: UUID, place: Place, plaintext: bytes, *extra: bytes, number: int = 0) -> bytes:
    """Seal `plaintext` for `place` under the key that is called `key_id`."""
    header = Header(key_id, number)
    return write_header(header) + cipher.seal(key, context(place, header, *extra), plaintext)


def unseal(key: bytes, place: Place, blob: bytes, *extra: bytes) -> bytes:
    """Open a blob in its place; raises `NotVerified`. The caller finds the key by the blob's own header."""
    header = read_header(blob)
    return cipher.unseal(key, context(place, header, *extra), memoryview(blob)[HEADER_LENGTH:])


def seal_into(
    key: bytes,
    key_id: UUID,
    place: Place,
    plaintext: memoryview,
    room: memoryview,
    *extra: bytes,
    number: int,
) -> None:
    """Seal as `seal` does, into memory of the header's and the sealed length."""
    header = Header(key_id, number)
    room[:HEADER_LENGTH] = write_header(header)
    cipher.seal_into(key, context(place, header, *extra), plaintext, room[HEADER_LENGTH:])


def unseal_into(key: bytes, place: Place, blob: memoryview, room: memoryview, *extra: bytes) -> int:
    """Open as `unseal` does, into `room`; return the length. Raises `NotVerified`."""
    header = read_header(bytes(blob[:HEADER_LENGTH]))
    return cipher.unseal_into(key, context(place, header, *extra), blob[HEADER_LENGTH:], room)
