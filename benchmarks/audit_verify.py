"""Verifying the log, beside nothing but reading the same leaves in the order of the tree and hashing each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from django.db import connection, transaction

from audit.actions import event_mac
from audit.memory import Memory
from audit.sealing import seal_batch
from audit.signer import Signer
from audit.verifying import verify
from benchmarks import Benchmark, Pair

CASE = UUID("11111111-1111-4111-8111-111111111111")
LEAVES = 500_000
AT_ONCE = 20_000
_CHUNK = 4_096
_READ = """SELECT e.leaf FROM audit_position p JOIN audit_event e ON e.id = p.event_id ORDER BY p.index"""
_COPY = "COPY audit_event (id, leaf, mac) FROM STDIN (FORMAT BINARY)"


def _rows(first: int) -> Iterator[tuple[UUID, str, bytes]]:
    for number in range(first, first + AT_ONCE):
        event = uuid4()
        leaf = json.dumps(
            {
                "actor": "INV-01",
                "at": 1_760_000_000_000_000 + number,
                "facts": {"n": number},
                "id": str(event),
                "kind": "testimony:submitted",
                "scope": str(CASE),
                "subject": f"testimony:{CASE}",
                "v": 1,
            },
            separators=(",", ":"),
        )
        yield event, leaf, event_mac(event, leaf)


def _fill() -> None:
    for first in range(0, LEAVES, AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(["uuid", "text", "bytea"])
            for row in _rows(first):
                copy.write_row(row)
    seal_batch()


def _hash() -> None:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_READ)
        while rows := cursor.fetchmany(_CHUNK):
            for (leaf,) in rows:
                sha256(b"\x00" + leaf.encode()).digest()


@contextmanager
def _prepare() -> Iterator[Pair]:
    _fill()
    with TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "signer")
        with Signer(memory) as signer:
            signer.sign()

        def ours() -> None:
            assert verify(memory).is_sound

        yield Pair(ours=ours, yardstick=_hash, per=lambda seconds: LEAVES / seconds)


BENCHMARK = Benchmark(
    path="audit-verify",
    unit="leaves/s",
    yardstick="reading the leaves in order and SHA-256 of each",
    target=3.0,
    prepare=_prepare,
)
