"""Walking through a chunk: taken into one pair of hands, looked at file by file, written down.

Promise: however many walk at once and whoever is killed, no file of a run is written down twice and none is
passed over: a place in the list moves only together with what was found up to there, and only for the hands
that hold the chunk. It writes how far a chunk has come and what was found, and nothing else: the database's
role `checker` may do all of it, without any key. Called by the checker's own process and by the deep task.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from evidence.models import IntegrityFinding
from evidence.vocabulary import FixityResult, FoundKind, RunKind
from vault.errors import Damaged, Missing, StoreGone
from vault.files import check_sealed, is_store_there
from vault.models import StoredFile

# What was found is written down after so many seconds: a kill costs no more than that, and the file in hand.
NOTE_SECONDS: Final = 10.0
_ALIVE_SECONDS: Final = 20.0
STORE_GONE: Final = "store_out_of_reach"

# A chunk is free when nobody holds it, or whoever did gives no sign of life. What was taken up again and
# again without coming further (a file that ends its reader) waits longer each time, and lets others pass.
_CLAIM = """
    UPDATE evidence_integritychunk SET claim = %s, touched_at = clock_timestamp(), attempts = attempts + 1,
        started_at = coalesce(started_at, clock_timestamp())
    WHERE id = (
        SELECT id FROM evidence_integritychunk
        WHERE kind = %s AND finished_at IS NULL AND (%s::uuid IS NULL OR run_id = %s::uuid)
            AND ((claim IS NULL AND reason = '') OR touched_at IS NULL OR touched_at
                < clock_timestamp() - make_interval(mins => 2 * least(greatest(attempts, 1), 30)))
        ORDER BY planned_at, number LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, run_id, files, done, commitment
"""
_ALIVE = "UPDATE evidence_integritychunk SET touched_at = clock_timestamp() WHERE id = %s AND claim = %s"
_OURS = """
    SELECT FROM evidence_integritychunk WHERE id = %s AND claim = %s AND finished_at IS NULL FOR UPDATE
"""
_WRITE = """
    UPDATE evidence_integritychunk
    SET done = %s, commitment = %s, touched_at = clock_timestamp(), reason = %s,
        attempts = CASE WHEN done < %s THEN 0 ELSE attempts END,
        claim = CASE WHEN %s THEN NULL ELSE claim END,
        finished_at = CASE WHEN %s THEN clock_timestamp() END
    WHERE id = %s
"""


class Taken(Exception):
    """Somebody else holds the chunk by now: what was found here is theirs to find."""


@dataclass(slots=True)
class Held:
    """A chunk in our hands, and what was found since it was last written down."""

    pk: UUID
    run: UUID
    files: list[UUID]
    done: int
    commitment: bytes
    token: UUID
    found: list[IntegrityFinding] = field(default_factory=list)
    touched: float = field(default_factory=time.monotonic)

    @property
    def is_done(self) -> bool:
        return self.done >= len(self.files)

    def alive(self) -> None:
        """Give a sign of life now and then. Raises `Taken`."""
        if time.monotonic() - self.touched < _ALIVE_SECONDS:
            return
        with connection.cursor() as cursor:
            cursor.execute(_ALIVE, [self.pk, self.token])
            if cursor.rowcount != 1:
                raise Taken
        self.touched = time.monotonic()


Look = Callable[[StoredFile, Callable[[], object]], FixityResult]


def take(kind: RunKind, run: UUID | None = None) -> Held | None:
    """Take the next free chunk (of a run, if one is named); None where there is none."""
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [token, kind.value, run, run])
        row = cursor.fetchone()
    return None if row is None else Held(row[0], row[1], list(row[2]), row[3], bytes(row[4]), token)


def look(stored: StoredFile, alive: Callable[[], object] = lambda: None) -> FixityResult:
    """Digest the sealed bytes of one file anew. Needs no key, no transaction, and leaves no event.

    Raises `StoreGone`: a disk that is not mounted says nothing of a file.
    """
    try:
        check_sealed(stored, alive=alive)
    except Missing:
        return FixityResult.MISSING
    except Damaged:
        return FixityResult.DAMAGED
    except OSError as error:  # what the disk no longer gives is lost as surely as what it gives wrongly
        if isinstance(error, StoreGone) or not is_store_there():
            raise StoreGone from error
        return FixityResult.DAMAGED
    return FixityResult.INTACT


def walk(kind: RunKind, *, until: float, run: UUID | None = None, looking: Look = look) -> bool:
    """Take one chunk and look at its files until the time is over; tell whether there was one to take.

    Raises `StoreGone`: the chunk waits, and nothing that was found while the store went is written down.
    """
    held = take(kind, run)
    if held is None:
        return False
    try:
        _walk(held, until, looking)
    except Taken:
        return True
    except StoreGone:
        held.found.clear()
        _write(held, held.done, held.commitment, reason=STORE_GONE, let_go=True)
        raise
    return True


def _walk(held: Held, until: float, looking: Look) -> None:
    rows = StoredFile.objects.only("storage_ref", "sealed_size", "sealed_digest")
    known = rows.in_bulk(held.files[held.done :])
    done, commitment = held.done, held.commitment
    soon = min(until, time.monotonic() + NOTE_SECONDS)
    if not held.is_done and not is_store_there():
        raise StoreGone
    for pk in held.files[held.done :]:
        stored = known.get(pk)
        # A row that the run was told of and that is gone is as lost as its bytes.
        result = FixityResult.MISSING if stored is None else looking(stored, held.alive)
        digest = bytes(stored.sealed_digest) if stored is not None else b""
        commitment = hashlib.sha256(commitment + pk.bytes + digest + result.encode()).digest()
        done += 1
        if result != FixityResult.INTACT:
            held.found.append(
                IntegrityFinding(run_id=held.run, chunk_id=held.pk, stored=pk, result=FoundKind(result.value))
            )
        if time.monotonic() >= soon and done < len(held.files):
            is_over = time.monotonic() >= until
            _write(held, done, commitment, let_go=is_over)
            if is_over:
                return
            soon = min(until, time.monotonic() + NOTE_SECONDS)
    _write(held, done, commitment, let_go=True)


def _write(held: Held, done: int, commitment: bytes, *, let_go: bool, reason: str = "") -> None:
    """Write down what was found and how far it came, both or neither. Raises `Taken`, `StoreGone`."""
    if held.found and not is_store_there():
        raise StoreGone
    is_whole = done >= len(held.files) and not reason
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_OURS, [held.pk, held.token])
        if cursor.fetchone() is None:
            raise Taken
        IntegrityFinding.objects.bulk_create(held.found)
        cursor.execute(_WRITE, [done, commitment, reason, done, let_go, is_whole, held.pk])
    held.done, held.commitment, held.touched = done, commitment, time.monotonic()
    held.found.clear()
