"""Sealing a file while it arrives.

Promise: no byte of plaintext reaches a disk; what was not committed leaves nothing, or, where a file arrives
in several turns, its whole durable segments; what was committed is durable, padded, and under a key of its
own that the keystore keeps. Called by actions that receive or make files, in the door's transaction; what the
file means, and its event, are theirs.

A transaction that rolls back after `commit` leaves sealed bytes without a key, which nobody can open; a sweep
removes them (`vault.files.sweeping`).
"""

import hashlib
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from blake3 import blake3
from django.db import transaction

from vault.files import stores
from vault.files.digests import Digests
from vault.files.lanes import Lane
from vault.files.reader import SealedReader
from vault.files.segments import SEALED_SEGMENT, SEGMENT, Segments, sealed_length
from vault.files.storage import Storage
from vault.keys.ring import ring
from vault.keys.unitkeys import keep_unit_key, new_unit_key
from vault.models.storedfile import StoredFile
from vault.padding import file_length
from vault.scopes import Scope


@dataclass(frozen=True, slots=True)
class Turn:
    """One of several turns in which a file arrives: which file, and how many segments are durable already."""

    file: UUID
    segments: int


class FileSealer:
    """Takes bytes in pieces of any size; `commit` makes a `StoredFile` of them. Used as a context.

    `scope` is the case, or a witness in it: then erasing the witness takes the file's key too. `by` is a
    staff code or a machine. With a `turn` it goes on behind what is durable of a file whose key was kept
    before (`vault.files.turns`); made in a transaction then.
    """

    def __init__(
        self, *, scope: Scope, by: str, turn: Turn | None = None, storage: Storage | None = None
    ) -> None:
        self.id = turn.file if turn is not None else uuid4()
        self._scope = Scope(scope.kind, scope.id, self.id)
        self._by, self._turn = by, turn
        self._new_key = new_unit_key(belongs_to=scope.unit) if turn is None else None
        key = (self._new_key.id, self._new_key.key) if self._new_key else ring().primary(self._scope)
        self._segments = Segments(*key, self.id, self._scope)
        self._number = turn.segments if turn is not None else 0
        self._length, self._size = self._number * SEGMENT, self._number * SEALED_SEGMENT
        # What earlier turns brought was digested by nobody who remembers: then all of it is, at the end.
        self._hashing = _Hashing() if not self._number else None
        self._rest = bytearray()  # at most a segment
        self._storage = storage or stores.default()
        self._tried = self._committed = False
        self._whole: tuple[bytes, Digests] | None = None

    def __enter__(self) -> Self:
        if not self._storage.is_there() and not StoredFile.objects.exists():
            self._storage.establish()
        if self._turn is None:
            self._pending = self._storage.begin(self.id.hex)
        else:
            self._pending = self._storage.take_up(self.id.hex, self._size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._hashing is not None:
                self._hashing.close()
        finally:
            if (error is not None or not self._committed) and self._turn is None:
                self._pending.abandon()
            elif error is not None or not self._committed:
                self._pending.leave()

    def write(self, chunk: bytes) -> None:
        """Take the next piece. Raises `OSError` when the store is full or gone."""
        if self._tried:
            raise ValueError("A file takes nothing after its end.")
        self._length += len(chunk)
        # A lane still reads it when this returns: memory that its owner may use again is copied first.
        self._take(memoryview(chunk if type(chunk) is bytes else bytes(chunk)))

    def settle(self, *, more: bool) -> int:
        """Make durable what is whole; return how many segments are. With `more` it is certain that bytes
        follow: else a segment that is just full waits, since it may be the last. Raises `OSError`.
        """
        if more and len(self._rest) == SEGMENT:
            self._seal(memoryview(self._rest), last=False)
            self._rest = bytearray()
        return self._pending.flush() // SEALED_SEGMENT

    def complete(self) -> tuple[bytes, Digests]:
        """Seal the rest, make all of it durable, and digest it where earlier turns brought a part: that takes
        long, and wants no transaction. Returns the digest of the sealed bytes, and those of the content.
        Raises `Damaged`, `OSError`.
        """
        if self._tried:
            raise ValueError("A file is completed once.")
        self._tried = True
        self._seal_rest()
        sealed_digest = self._pending.finish()
        self._whole = sealed_digest, self._digests()
        return self._whole

    def commit(self) -> tuple[StoredFile, Digests]:
        """Complete the file where that was not done, keep its key, save its row; return it and the digests.

        Must run in a transaction. Raises `OutsideTransaction`, `UnknownKey` where the scope has no key, and
        what `complete` raises.
        """
        if self._committed:
            raise ValueError("A file is committed once.")
        sealed_digest, digests = self._whole or self.complete()
        with transaction.atomic():
            if self._new_key is not None:
                keep_unit_key(self._scope, self._new_key, by=self._by)
            stored = StoredFile(
                id=self.id,
                scope_kind=self._scope.kind,
                scope_id=self._scope.id,
                storage_ref=self.id.hex,
                sealed_size=self._size,
                sealed_digest=sealed_digest,
                created_by=self._by,
            )
            stored.seal(manifest=self._manifest(digests, bytes(stored.sealed_digest)))
            stored.save(force_insert=True)
        self._committed = True
        return stored, digests

    def _manifest(self, digests: Digests, sealed_digest: bytes) -> dict[str, object]:
        return {
            "version": 1,
            "segments": self._number,
            "length": digests.length,
            "sha256": digests.sha256.hex(),
            "blake3": digests.blake3.hex(),
            "sealed_size": self._size,
            "sealed_digest": sealed_digest.hex(),
        }

    def _take(self, piece: memoryview) -> None:
        """Seal whole segments, straight from `piece` where one begins in it; keep what may be the last."""
        while piece:
            if len(self._rest) == SEGMENT:  # a byte follows: so it is not the last
                self._seal(memoryview(self._rest), last=False)
                self._rest = bytearray()
            elif not self._rest and len(piece) > SEGMENT:
                self._seal(piece[:SEGMENT], last=False)
                piece = piece[SEGMENT:]
            else:
                part = piece[: SEGMENT - len(self._rest)]
                self._rest += part
                piece = piece[len(part) :]

    def _seal_rest(self) -> None:
        padding = file_length(self._length) - self._length
        while padding:
            part = min(padding, SEGMENT)
            self._take(memoryview(bytes(part)))
            padding -= part
        self._seal(memoryview(self._rest), last=True)

    def _digests(self) -> Digests:
        if self._hashing is not None:
            return self._hashing.digests(self._length)
        unknown = Digests(b"", b"", self._length)
        with SealedReader(self._segments, self._storage.open(self.id.hex), unknown) as opened:
            return Digests.over(opened.passing())

    def _seal(self, segment: memoryview, *, last: bool) -> None:
        """Seal a segment into the store's memory while a lane digests it; nobody writes to it any more."""
        true = max(0, min(len(segment), self._length - self._number * SEGMENT))
        if self._hashing is not None:
            self._hashing.take(segment[:true])
        length = sealed_length(len(segment))
        self._segments.seal(self._number, segment, self._pending.room(length), last=last)
        self._number += 1
        self._size += length


class _Hashing:
    """Digests the plaintext in a lane of its own: hashing costs more than sealing."""

    def __init__(self) -> None:
        self._sha256, self._blake3 = hashlib.sha256(), blake3()
        self._lane = Lane("hashing")

    def take(self, segment: memoryview) -> None:
        self._lane.put(self._update, segment)

    def digests(self, length: int) -> Digests:
        self._lane.wait()
        return Digests(self._sha256.digest(), self._blake3.digest(), length)

    def close(self) -> None:
        self._lane.close()

    def _update(self, segment: memoryview) -> None:
        self._sha256.update(segment)
        self._blake3.update(segment)
