"""The signer: one process with a key and a memory of its own, outside the database.

Promise: what it signs always continues what it signed before. A tree that is smaller, forked, rewritten, or
holds a leaf that the application did not write, is refused, and the first leaf in doubt is named. Run by
`sign_log` alone.
"""

import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import connection, transaction

from audit.actions import event_mac
from audit.memory import Memory, SignerLost
from audit.models import Batch, Checkpoint
from audit.notes import Head, sign
from audit.tree import Frontier, leaf_hash

_CHUNK = 2_000


class TreeRefused(Exception):
    """The database's tree does not continue the one that was signed; `index` is the first leaf in doubt."""

    def __init__(self, reason: str, index: int) -> None:
        super().__init__(f"leaf {index}: {reason}")
        self.reason = reason
        self.index = index


class SignerBusy(RuntimeError):
    """Another signer holds the folder."""


class Signer:
    """Holds the folder for as long as it runs: `with Signer() as signer: signer.sign()`."""

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory or Memory()

    def __enter__(self) -> Self:
        memory = self._memory
        memory.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(memory.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise SignerBusy("another signer is running on this folder") from None
        try:
            self._start()
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)

    def _start(self) -> None:
        memory = self._memory
        if not memory.key.exists():
            if memory.last.exists() or Checkpoint.objects.exists():
                raise SignerLost("this log was signed before, but the signer's key is not here")
            memory.create()
        self._key = memory.private()
        verifier = memory.verifier()
        if verifier is None or verifier.key != self._key.public_key():
            raise SignerLost("the signer's public key is not that of its private key")
        self.verifier = verifier
        memory.mend()
        self._frontier = memory.tree()
        if self._frontier.size == 0 and Checkpoint.objects.exists():
            raise SignerLost("this log was signed before, but the signer's memory is empty")
        note = memory.note()
        if note is not None:
            self._publish(self.verifier.open(note).size, note)

    def sign(self) -> Head | None:
        """Sign the tree as it is sealed now; return the new head, or None when nothing was added."""
        signed = self._frontier.size
        batch = Batch.objects.order_by("-size").first()
        size = batch.size if batch else 0
        if size < signed:
            raise TreeRefused("leaves that were signed are gone", size)
        if batch is None or size == signed:
            if batch is not None and bytes(batch.root) != self._frontier.root():
                raise TreeRefused("another tree of the same size was signed", 0)
            return None
        frontier = Frontier(signed, self._frontier.packed())
        hashes = b"".join(self._checked(signed, size, frontier))
        if frontier.root() != bytes(batch.root):
            raise TreeRefused("the tree does not begin with the one that was signed", 0)
        head = Head(self.verifier.name, size, frontier.root())
        note = sign(head, self._key)
        self._memory.remember(note, hashes)
        self._frontier = frontier
        self._publish(size, note)
        return head

    def _checked(self, start: int, end: int, frontier: Frontier) -> Iterator[bytes]:
        """Hash the leaves from start to end, as they lie in the table now, checking who wrote them."""
        expected = start
        for rows in _rows(start, end):
            hashes = []
            for index, event, leaf, mac in rows:
                if index != expected:
                    raise TreeRefused("no leaf at this place", expected)
                if leaf is None or event_mac(event, leaf) != bytes(mac):
                    raise TreeRefused("not written by this application", index)
                hashes.append(leaf_hash(leaf.encode()))
                expected += 1
            frontier.extend(hashes)
            yield b"".join(hashes)
        if expected != end:
            raise TreeRefused("no leaf at this place", expected)

    def _publish(self, size: int, note: str) -> None:
        """Put the note where exports and receipts find it; the folder, not this row, is what counts."""
        with transaction.atomic():
            Checkpoint.objects.get_or_create(
                size=size, defaults={"note": note, "signed_at": datetime.now(UTC)}
            )


def _rows(start: int, end: int) -> Iterator[list[tuple[int, UUID, str | None, bytes]]]:
    for first in range(start, end, _CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT p.index, p.event_id, e.leaf, e.mac
                FROM audit_position p LEFT JOIN audit_event e ON e.id = p.event_id
                WHERE p.index >= %s AND p.index < %s ORDER BY p.index""",
                [first, min(first + _CHUNK, end)],
            )
            yield cursor.fetchall()
