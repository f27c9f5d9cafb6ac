"""Giving events their place in the tree.

Promise: every event that was committed gets exactly one place, in a row without a gap, however late its
transaction ended; and only events that this application wrote. Called by the signer's loop, and by
`seal_now` after commit.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from audit.actions import event_mac, record
from audit.models import Batch, Event, Subtree
from audit.tree import EMPTY, Frontier, leaf_hash
from audit.vocabulary import Kind

SEALER = "machine:sealer"
CACHED_LEVELS = (
    8  # subtrees of 256, 65,536 ... leaves are kept, so that a proof reads a few hundred rows at most
)
_LOCK = 0x6C6F67  # one sealer at a time: an advisory lock of the transaction, so that a crash frees it
_CHUNK = 2_000
Row = tuple[UUID, str, bytes]

_log = logging.getLogger(__name__)


class TreeDamaged(Exception):
    """The sealed tree does not fit itself, so nothing can be added to it. `index` is where it still may
    fit.
    """

    def __init__(self, index: int) -> None:
        super().__init__(f"leaf {index}: the sealed tree is damaged")
        self.reason = "the sealed tree is damaged"
        self.index = index


def seal_batch() -> int:
    """Seal what was committed below the oldest running transaction; return the size of the tree.

    Strictly below `pg_snapshot_xmin`: a transaction that is still running may yet commit an event with a
    lower number than those already seen, and must find its place in a later batch.
    """
    with transaction.atomic():
        last = _alone()
        horizon = _horizon()
        if horizon < last.watermark:
            # Transactions are counted from the start again in a restored cluster: what is visible is what
            # there is.
            return _append(last, _unsealed("true", []), watermark=horizon)
        return _append(
            last,
            _unsealed("e.transaction >= %s AND e.transaction < %s", [last.watermark, horizon]),
            watermark=horizon,
        )


def seal_now(*events: Event) -> None:
    """Seal these events as soon as the transaction that is open now has committed, without waiting for a
    batch.

    For withdrawals and approvals. Should the process die in between, the next batch seals them.
    """
    named = [event.pk for event in events]
    transaction.on_commit(lambda: _seal_named(named), robust=True)


def _seal_named(named: Sequence[UUID]) -> None:
    with transaction.atomic():
        last = _alone()
        _append(last, _unsealed("e.id = ANY(%s)", [list(named)]), watermark=last.watermark)


def _alone() -> Batch:
    """Wait until no other sealer runs, then return where the tree stands; raises `TreeDamaged`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM audit_position")
        (places,) = cursor.fetchone()
    last = Batch.objects.order_by("-size").first() or Batch(size=0, root=EMPTY, frontier=b"", watermark=0)
    try:
        whole = Frontier(last.size, bytes(last.frontier)).root() == bytes(last.root)
    except ValueError:
        whole = False
    if places != last.size or not whole:
        raise TreeDamaged(min(places, last.size))
    return last


def _horizon() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _unsealed(condition: str, values: Sequence[int | list[UUID]]) -> Iterator[list[Row]]:
    """Yield events without a place, in the order of their transactions. A server-side cursor keeps
    memory flat.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT e.id, e.leaf, e.mac FROM audit_event e
            WHERE {condition} AND NOT EXISTS (SELECT FROM audit_position p WHERE p.event_id = e.id)
            ORDER BY e.transaction, e.at, e.id""",  # noqa: S608 - the three conditions stand above
            values,
        )
        while rows := cursor.fetchmany(_CHUNK):
            yield rows


def _append(last: Batch, chunks: Iterator[list[Row]], *, watermark: int) -> int:
    """Give each event the next place and write down the tree; return its size."""
    frontier = Frontier(last.size, bytes(last.frontier))
    foreign: list[UUID] = []
    for rows in chunks:
        is_ours = [event_mac(row[0], row[1]) == bytes(row[2]) for row in rows]
        foreign += [row[0] for row, ours in zip(rows, is_ours, strict=True) if not ours]
        _place(frontier, [row for row, ours in zip(rows, is_ours, strict=True) if ours])
    if frontier.size > last.size:
        Batch.objects.create(
            size=frontier.size,
            root=frontier.root(),
            frontier=frontier.packed(),
            watermark=watermark,
            sealed_at=datetime.now(UTC),
        )
    if foreign:
        # No event, whatever it looks like: it gets no place, and that it was found is an event itself.
        _log.critical("audit rows that this application did not write: %d", len(foreign))
        record(
            Kind.LOG_FAILED,
            by=SEALER,
            facts={"reason": "foreign_rows", "count": len(foreign), "first": str(foreign[0])},
        )
    return frontier.size


def _place(frontier: Frontier, rows: Sequence[Row]) -> None:
    positions, subtrees = [], []
    for event, leaf, _ in rows:
        hashed = leaf_hash(leaf.encode())
        positions.append((frontier.size, event, hashed))
        for level, index, whole in frontier.append(hashed):
            if level % CACHED_LEVELS == 0:
                subtrees.append(Subtree(level=level, index=index, hash=whole))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY audit_position (index, event_id, leaf_hash) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["int8", "uuid", "bytea"])
        for position in positions:
            copy.write_row(position)
    Subtree.objects.bulk_create(subtrees)
