"""Showing that one event stands in the signed log, to somebody who holds nothing but a checkpoint.

Promise: a proof is short (about log2 of the log's size) and is checked with `audit.tree.check_inclusion`.
Exports, receipts and printed sheets may call it; it reads and writes nothing else.
"""

import logging
from dataclasses import dataclass

from audit.memory import Memory
from audit.models import Checkpoint, Event, Position, Subtree
from audit.notes import BadNote
from audit.sealing import CACHED_LEVELS
from audit.tree import Frontier, consistency, inclusion, node_hash

_TRIED = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """The leaf's place, the path from it to the root, and the signed note that holds this root."""

    index: int
    size: int
    path: list[bytes]
    note: str


def latest_checkpoint() -> Checkpoint | None:
    """Return the newest note that was signed, for exports, receipts and sheets; None before the first.

    A row alone proves nothing: where the signer's public key lies on this machine, it checks each note.
    """
    verifier = Memory().verifier()
    for checkpoint in Checkpoint.objects.order_by("-size")[:_TRIED]:
        try:
            if verifier is None or verifier.open(checkpoint.note).size == checkpoint.size:
                return checkpoint
        except BadNote:
            _log.critical(
                "a checkpoint of size %d stands in the database that is not signed", checkpoint.size
            )
    return None


def prove(event: Event) -> Proof | None:
    """Return the proof for `event`, or None while it is not yet sealed and signed."""
    place = Position.objects.filter(event=event).values_list("index", flat=True).first()
    checkpoint = latest_checkpoint()
    if place is None or checkpoint is None or place >= checkpoint.size:
        return None
    return Proof(place, checkpoint.size, inclusion(place, checkpoint.size, range_hash), checkpoint.note)


def prove_growth(old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of `old` leaves begins that of `size`, for a partner who co-signs."""
    return consistency(old, size, range_hash)


def range_hash(start: int, end: int) -> bytes:
    """Root of the leaves from start up to, without, end; reads few rows, thanks to the kept subtrees."""
    parts: list[bytes] = []
    at = start
    while at < end:
        width = 1 << ((end - at).bit_length() - 1)
        if at:
            width = min(width, at & -at)
        parts.append(_complete(at, width))
        at += width
    return _fold(parts)


def _fold(parts: list[bytes]) -> bytes:
    """Join subtrees that shrink from left to right, as those of a proof's range do."""
    root = parts[-1]
    for left in reversed(parts[:-1]):
        root = node_hash(left, root)
    return root


def _complete(start: int, width: int) -> bytes:
    """Hash of the complete subtree of `width` leaves that begins at `start`."""
    level = width.bit_length() - 1
    kept = level - level % CACHED_LEVELS
    if kept:
        first, count = start >> kept, width >> kept
        rows = Subtree.objects.filter(level=kept, index__gte=first, index__lt=first + count).order_by("index")
        hashes = [bytes(one) for one in rows.values_list("hash", flat=True)]
    else:
        leaves = Position.objects.filter(index__gte=start, index__lt=start + width).order_by("index")
        hashes = [bytes(one) for one in leaves.values_list("leaf_hash", flat=True)]
    frontier = Frontier()
    frontier.extend(hashes)
    return frontier.root()
