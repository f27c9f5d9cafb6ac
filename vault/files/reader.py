"""Opening a sealed file, whole or in ranges.

Promise: bytes come out in whole verified segments or `Damaged` is raised; the opening is recorded once,
before the first byte. A reader goes on working after the transaction that opened it: it needs no row any
more. Called by actions and views that serve or examine a file.
"""

from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import Self

from vault.errors import Damaged
from vault.files import segments, stores
from vault.files.digests import Digests
from vault.files.segments import SEALED_SEGMENT, SEGMENT, Segments
from vault.files.storage import Reading, Storage
from vault.keys.ring import refuse_destroyed, ring
from vault.models.storedfile import StoredFile
from vault.opening import open_row
from vault.padding import file_length
from vault.vocabulary import Purpose


class SealedReader:
    """The plaintext of one file. `length` is its true length. Close it, or use it as a context."""

    def __init__(
        self, opened: Segments, file: Reading, digests: Digests, reopen: Callable[[], Reading] | None = None
    ) -> None:
        self._segments, self._file, self._reopen = opened, file, reopen
        self.digests = digests
        self.length = digests.length
        self._count = segments.count(file_length(self.length))

    def __repr__(self) -> str:
        return "<sealed file>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the whole file in pieces of a segment."""
        return self.read(0, self.length)

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from `start` up to, not including, `end`. Raises `ValueError` outside the file."""
        if not 0 <= start <= end <= self.length:
            raise ValueError("The range lies outside the file.")
        return self._pieces(start, end)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def again(self) -> "SealedReader":
        """Open the same file once more, for a look that goes on, with no leaf of its own.

        Whoever keeps a reader for this keeps the key of its file in memory, and asks before each call whether
        the look may go on. Raises `DestroyedKey`, and as `open_file` where the bytes are gone or others.
        """
        refuse_destroyed([self._segments.key_id])
        if self._reopen is None:
            raise ValueError("Only what was opened for a reader is opened again.")
        file = self._reopen()
        if file.size != segments.sealed_size(file_length(self.length)):
            file.close()
            raise Damaged
        return SealedReader(self._segments, file, self.digests, self._reopen)

    def passing(self) -> Iterator[memoryview]:
        """Yield the whole file in pieces that are gone with the next: for whoever reads each once, at less
        than half the time.
        """
        sealed, opened = self._rooms()
        for number in range(self._count):
            length = self._open(number, sealed, opened)
            yield opened[: max(0, min(length, self.length - number * SEGMENT))]  # behind it, padding alone

    def _pieces(self, start: int, end: int) -> Iterator[bytes]:
        sealed, opened = self._rooms()
        while start < end:
            number, skip = divmod(start, SEGMENT)
            self._open(number, sealed, opened)
            piece = bytes(opened[skip : min(SEGMENT, skip + end - start)])
            start += len(piece)
            yield piece

    def _rooms(self) -> tuple[memoryview, memoryview]:
        """Return memory for the largest sealed segment of this file, and for what is in it."""
        largest = min(SEGMENT, file_length(self.length))
        return memoryview(bytearray(segments.sealed_length(largest))), memoryview(bytearray(largest))

    def _open(self, number: int, sealed: memoryview, opened: memoryview) -> int:
        """Open a segment into `opened`; return its length, padding included."""
        last = number == self._count - 1
        expected = file_length(self.length) - number * SEGMENT if last else SEGMENT
        done = self._file.read_into(number * SEALED_SEGMENT, sealed)
        length = self._segments.unseal(number, sealed[:done], opened, last=last)
        if length != expected:
            raise Damaged
        return length


def open_file(
    stored: StoredFile, *, reader: str, purpose: Purpose, storage: Storage | None = None
) -> SealedReader:
    """Open a file for a reader and a purpose: one leaf. Must run in a transaction.

    Raises `Missing` or `Damaged` when the store holds no or other bytes, `StoreGone` when it is not there,
    and what `open_rows` raises.
    """
    manifest = open_row(stored, "manifest", reader=reader, purpose=purpose).json("manifest")
    digests = _read_manifest(stored, manifest)
    scope = stored.scope()
    if stored.manifest is None:
        raise Damaged
    key_id = stored.manifest.header.key_id
    reopen = partial((storage or stores.default()).open, stored.storage_ref)
    file = reopen()
    if file.size != stored.sealed_size:
        file.close()
        raise Damaged
    opened = Segments(key_id, ring().key(key_id, scope), stored.id, scope)
    return SealedReader(opened, file, digests, reopen)


def _read_manifest(stored: StoredFile, manifest: object) -> Digests:
    if not isinstance(manifest, dict) or manifest.get("version") != 1:
        raise Damaged
    digests = Digests(
        bytes.fromhex(manifest["sha256"]), bytes.fromhex(manifest["blake3"]), int(manifest["length"])
    )
    said = (manifest["sealed_size"], manifest["sealed_digest"], manifest["segments"])
    padded = file_length(digests.length)
    held = (stored.sealed_size, bytes(stored.sealed_digest).hex(), segments.count(padded))
    if said != held or stored.sealed_size != segments.sealed_size(padded):
        raise Damaged
    return digests


def check_content(stored: StoredFile, *, reader: str, purpose: Purpose) -> Digests:
    """Open every segment, compare both digests, return them. Raises `Damaged` or `Missing`."""
    with open_file(stored, reader=reader, purpose=purpose) as opened:
        return compare_content(opened)


def compare_content(opened: SealedReader, *, alive: Callable[[], object] = lambda: None) -> Digests:
    """As `check_content`, for an open file: needs no transaction. `alive` is called after each piece."""
    if Digests.over(_alive(opened.passing(), alive)) != opened.digests:
        raise Damaged
    return opened.digests


def _alive(pieces: Iterator[memoryview], alive: Callable[[], object]) -> Iterator[memoryview]:
    for piece in pieces:
        yield piece
        alive()
