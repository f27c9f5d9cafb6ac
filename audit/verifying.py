"""Reading the whole log again.

Promise: after an edit, a deletion, an insertion, a new order or a cut, by a superuser of the database too,
the first leaf that is wrong is named. Compares three things: the leaves, the tree sealed over them, and
what the signer keeps outside the database. Anybody on the server may call it; it writes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from audit.actions import event_mac
from audit.memory import Memory, SignerLost
from audit.models import Batch, Checkpoint
from audit.notes import BadNote, Head
from audit.stamped import check_stamps
from audit.tree import HASH, Frontier, leaf_hash

_CHUNK = 4_096
_GENERATED = {"at", "actor", "kind", "subject", "scope", "scopes"}
_COPY = """COPY (
    SELECT p.index, p.event_id, p.leaf_hash, e.leaf, e.mac
    FROM audit_position p LEFT JOIN audit_event e ON e.id = p.event_id
    WHERE p.index < {end} ORDER BY p.index
) TO STDOUT (FORMAT BINARY)"""
Row = tuple[int, UUID, bytes, str | None, bytes | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit. `index` is the first leaf it concerns, or None where it concerns none."""

    what: str
    index: int | None = None

    def __str__(self) -> str:
        return self.what if self.index is None else f"leaf {self.index}: {self.what}"


@dataclass(slots=True)
class Report:
    """What was read, and what was wrong with it. Sound when `findings` is empty."""

    leaves: int = 0
    signed: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The lowest index among the findings."""
        return min((one.index for one in self.findings if one.index is not None), default=None)


class _Broken(Exception):
    def __init__(self, what: str, index: int | None = None) -> None:
        super().__init__(what)
        self.finding = Finding(what, index)


def check_last(memory: Memory | None = None) -> Report:
    """Compare the last checkpoint with the tree as it stands: quick, for every start."""
    report = Report()
    _run(report, lambda: _last(report, memory or Memory()))
    return report


def verify(memory: Memory | None = None) -> Report:
    """Hash every leaf again and compare it with everything that was said about it."""
    report = Report()
    with transaction.atomic():
        _run(report, _columns)
        _run(report, lambda: _leaves(report, memory or Memory()))
        _run(report, lambda: _unsealed(report))
        _run(report, lambda: _published(memory or Memory()))
        report.findings += map(Finding, check_stamps(set((memory or Memory()).notes())))
    return report


def _run(report: Report, check: Callable[[], None]) -> None:
    try:
        check()
    except _Broken as broken:
        report.findings.append(broken.finding)
    except (BadNote, SignerLost) as bad:
        report.findings.append(Finding(f"the signer's memory: {bad}"))


def _last(report: Report, memory: Memory) -> None:
    head = memory.head()
    report.signed = head.size if head else 0
    report.leaves, size = _ends()
    _reaches(report.leaves, head)
    _end_together(report.leaves, size)
    if head and head.size:
        batch = Batch.objects.filter(size=head.size).first()
        if batch is None or bytes(batch.root) != head.root:
            raise _Broken("the tree is not the one that was signed")


def _ends() -> tuple[int, int]:
    """Return how many places there are and how large the newest batch is: both are written together."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce((SELECT max(index) + 1 FROM audit_position), 0),
            coalesce((SELECT max(size) FROM audit_batch), 0)"""
        )
        places, size = cursor.fetchone()
    return int(places), int(size)


def _end_together(places: int, size: int) -> None:
    if places != size:
        raise _Broken("places and sealed tree do not end together", min(places, size))


def _columns() -> None:
    """The columns that pages show are read out of the leaf by the database itself, or they may lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'audit_event'::regclass AND attgenerated = 's'"
        )
        if {name for (name,) in cursor.fetchall()} != _GENERATED:
            raise _Broken("the columns of the events are no longer read out of their leaves")


def _leaves(report: Report, memory: Memory) -> None:
    # The signer's memory is read first: whatever it holds was sealed before, so the tree reaches as far.
    head, heads, known = memory.head(), _Heads(memory), _Known(memory)
    report.signed = head.size if head else 0
    places, size = _ends()
    tree = Frontier()
    try:
        for rows in _rows(max(places, size)):
            hashes = [leaf_hash(leaf.encode()) if leaf is not None else b"" for _, _, _, leaf, _ in rows]
            _compare(rows, hashes, tree.size, known)
            heads.extend(tree, hashes)
            report.leaves = tree.size
    except _Broken:
        memory.tree()  # Were the memory itself damaged, the fault would not be the leaf's.
        raise
    if not known.reaches(head):
        # Then only the checkpoints bound the place: everything up to the last one that fits is sound.
        report.findings.append(Finding("the signer's memory: leaf hashes are missing"))
        heads.finish()
    _reaches(tree.size, head)
    if tree.size < size:
        raise _Broken("sealed leaves are gone", tree.size)
    _end_together(places, size)
    batch = Batch.objects.filter(size=size).first()
    if batch and bytes(batch.root) != tree.root():
        raise _Broken("the sealed root is not the root of the leaves")


def _reaches(size: int, head: Head | None) -> None:
    if head and size < head.size:
        raise _Broken("leaves that were signed are gone", size)


def _compare(rows: list[Row], hashes: list[bytes], start: int, known: "_Known") -> None:
    """Compare whole chunks first: only where they differ is each leaf looked at."""
    indexes = [row[0] for row in rows]
    outside = known.take(len(rows))
    if (
        indexes == list(range(start, start + len(rows)))
        and b"".join(hashes) == b"".join([bytes(row[2]) for row in rows])
        and b"".join(hashes)[: len(outside)] == outside
        and [bytes(row[4] or b"") for row in rows] == [event_mac(row[1], row[3] or "") for row in rows]
    ):
        return
    for offset, (index, event, sealed, leaf, mac) in enumerate(rows):
        expected, hashed = start + offset, hashes[offset]
        if index != expected:
            raise _Broken("no leaf at this place", expected)
        if leaf is None or mac is None:
            raise _Broken("its event is gone", index)
        signed = outside[offset * HASH : offset * HASH + HASH]
        if signed and hashed != signed:
            raise _Broken("not the leaf that was signed", index)
        if hashed != bytes(sealed):
            raise _Broken("not the leaf that was sealed", index)
        if event_mac(event, leaf) != bytes(mac):
            raise _Broken("not written by this application", index)


def _rows(end: int) -> Iterator[list[Row]]:
    """Yield the leaves in order. COPY lets the database read on while what it sent is being hashed."""
    with connection.cursor() as cursor, cursor.copy(_COPY.format(end=int(end))) as copy:
        copy.set_types(["int8", "uuid", "bytea", "text", "bytea"])
        rows = copy.rows()
        while chunk := list(islice(rows, _CHUNK)):
            yield chunk


def _published(memory: Memory) -> None:
    """What is handed out as signed was signed by the signer."""
    handed_out = dict(Checkpoint.objects.values_list("note", "size"))
    strange = sorted(handed_out[note] for note in handed_out.keys() - set(memory.notes()))
    if strange:
        raise _Broken(
            f"a checkpoint of size {strange[0]} stands in the database that the signer did not sign"
        )


class _Known:
    """The signer's own copy of the leaf hashes, read along with the leaves."""

    def __init__(self, memory: Memory) -> None:
        self._length = memory.hashes.stat().st_size if memory.hashes.exists() else 0
        self._chunks = memory.leaf_hashes()
        self._buffer = b""

    def reaches(self, head: Head | None) -> bool:
        return head is None or self._length >= head.size * HASH

    def take(self, count: int) -> bytes:
        while len(self._buffer) < count * HASH and (chunk := next(self._chunks, b"")):
            self._buffer += chunk
        taken, self._buffer = self._buffer[: count * HASH], self._buffer[count * HASH :]
        return taken


class _Heads:
    """Every checkpoint ever signed, compared with the root at its size as the tree grows past it."""

    def __init__(self, memory: Memory) -> None:
        self._heads = memory.heads()
        self._next = next(self._heads, None)
        self._good = 0

    def extend(self, tree: Frontier, hashes: list[bytes]) -> None:
        end = tree.size + len(hashes)
        while self._next and self._next.size <= end:
            cut = self._next.size - tree.size
            tree.extend(hashes[:cut])
            hashes = hashes[cut:]
            if tree.root() != self._next.root:
                raise _Broken("first leaf of the checkpoint that does not fit", self._good)
            self._good = self._next.size
            self._next = next(self._heads, None)
        tree.extend(hashes)

    def finish(self) -> None:
        if self._next:
            raise _Broken("leaves that were signed are gone", self._good)


def _unsealed(report: Report) -> None:
    """Rows without a place: those that wait for the next batch, and those that never were events."""
    last = Batch.objects.order_by("-size").first()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.id, e.leaf, e.mac, e.transaction FROM audit_event e
            WHERE NOT EXISTS (SELECT FROM audit_position p WHERE p.event_id = e.id)"""
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (future,) = cursor.fetchone()
    report.waiting = len(rows)
    foreign = [row for row in rows if event_mac(row[0], row[1]) != bytes(row[2])]
    if foreign:
        raise _Broken(f"{len(foreign)} rows without a place were not written by this application")
    if last and any(row[3] < last.watermark for row in rows):
        raise _Broken("an event was passed over when its time to be sealed had come")
    if any(row[3] > future for row in rows):
        raise _Broken("a row claims to be of a transaction that has not begun, so it would never be sealed")
