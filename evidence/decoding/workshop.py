"""The parent's side of redaction: start the child, hand it ranges, take what it made, and judge what it says.

Called by tasks, and by the page that shows a paper. The child's words and bytes are a stranger's: their form
is checked here, and the bytes are looked at anew by another child before anybody relies on them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from evidence.decoding import wire
from evidence.decoding.burning.regions import Region
from evidence.decoding.chamber import Limits, Ranges, started
from evidence.decoding.kinds import Family
from evidence.vocabulary import BurnFault

_PROGRAM = (
    "import sys; sys.path.insert(0, {root!r}); from evidence.decoding.burning.child import main; main()"
)
# A copy lies in the child's memory whole before it is handed over, and so does a large picture, twice.
MOST_RESULT = 1 << 30
_MEMORY = 4 << 30
BURNING = Limits(memory=_MEMORY, cpu_seconds=3000, wall_seconds=1500)
_MOST_DRAWN = 8 << 20
DRAWING = Limits(cpu_seconds=20, wall_seconds=30)
_MIMES = {
    Family.PICTURE: {"image/jpeg", "image/png"},
    Family.PAPER: {"application/pdf"},
    Family.MOVING: {"video/mp4"},
    Family.SOUND: {"audio/flac"},
}
_OUTCOMES: dict[object, str] = {
    "done": "",
    "broken": BurnFault.BROKEN,
    "misplaced": BurnFault.MISPLACED,
    "oversized": BurnFault.OVERSIZED,
    "slanted": BurnFault.SLANTED,
}
_FAULTS: dict[object, str] = {
    "heard": BurnFault.HEARD,
    "metadata": BurnFault.METADATA,
    "seen": BurnFault.SEEN,
    "text": BurnFault.TEXT,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to work on: its family, the decoder that opened it, its length, and what is taken out of it."""

    family: Family
    decoder: str
    length: int
    regions: tuple[Region, ...]

    def orders(self, work: str, **more: object) -> bytes:
        """What the child is told."""
        told = {"work": work, "family": self.family.value, "decoder": self.decoder, "length": self.length}
        regions = [region.plain() for region in self.regions]
        return json.dumps({**told, "regions": regions, "most": MOST_RESULT, **more}).encode()


def burn(piece: Piece, read: Ranges, take: Callable[[bytes], None], limits: Limits = BURNING) -> str:
    """Make the copy and hand it to `take` in pieces; return the fault, or "". Raises `Unwalled`.

    Errors of `read` and `take` are raised. What `take` was given counts only where no fault is returned.
    """
    told = _Talk(read, piece.length, limits, take, MOST_RESULT).about(piece.orders("burn"))
    if isinstance(told, str):
        return told
    fault = _OUTCOMES.get(told.get("outcome"), BurnFault.BROKEN)
    return fault or ("" if told.get("mime") in _MIMES[piece.family] else BurnFault.BROKEN)


def prove(piece: Piece, read: Ranges, copy: Ranges, length: int, limits: Limits = BURNING) -> str:
    """Look at a copy of `length` bytes anew; return the first fault, or ""."""

    def both(start: int, end: int) -> bytes:
        """The copy lies behind the original."""
        before = read(start, min(end, piece.length)) if start < piece.length else b""
        if end <= piece.length:
            return before
        return before + copy(max(0, start - piece.length), end - piece.length)

    told = _Talk(both, piece.length + length, limits).about(piece.orders("prove"))
    if isinstance(told, str):
        return told
    found = told.get("faults")
    if told.get("outcome") != "done" or not isinstance(found, list):
        return _OUTCOMES.get(told.get("outcome")) or BurnFault.BROKEN
    return _FAULTS.get(found[0], BurnFault.BROKEN) if found else ""


def draw_page(read: Ranges, *, length: int, number: int, limits: Limits = DRAWING) -> tuple[bytes, int]:
    """Return a picture of a paper's page and the number of pages; no bytes where it cannot be drawn."""
    piece, made = Piece(Family.PAPER, "pdf", length, ()), bytearray()
    told = _Talk(read, length, limits, made.extend, _MOST_DRAWN).about(piece.orders("draw", page=number))
    pages = told.get("pages") if isinstance(told, dict) and told.get("outcome") == "done" else None
    if not isinstance(pages, int) or not made.startswith(b"\xff\xd8\xff"):
        return b"", 0
    return bytes(made), pages


def _nothing(_content: bytes) -> None:
    """Whoever proves hands nothing over."""
    raise wire.Garbled


@dataclass(slots=True)
class _Talk:
    """One exchange with a child: what it may read, what it may hand over, and how long it may take."""

    read: Ranges
    length: int
    limits: Limits
    take: Callable[[bytes], None] = _nothing
    most: int = 0

    def about(self, orders: bytes) -> dict[str, Any] | str:
        """Return the child's report, or the fault with which it ended."""
        with started(_PROGRAM, self.limits) as held:
            asking, answers = cast("BinaryIO", held.child.stdout), cast("BinaryIO", held.child.stdin)
            try:
                wire.say(answers, wire.ASK, self.length, self.limits.memory)
                wire.say(answers, wire.ASK, self.limits.cpu_seconds, len(orders), orders)
                return self._served(asking, answers)
            except (wire.Garbled, BrokenPipeError, ValueError):
                return BurnFault(held.fault().value)

    def _served(self, asking: BinaryIO, answers: BinaryIO) -> dict[str, Any]:
        while True:
            word, first, second = wire.hear(asking)
            if word == wire.ASK and second <= wire.MOST_ASKED:
                end = min(self.length, first + second)
                body = self.read(first, end) if first < end else b""
                wire.say(answers, wire.ASK, len(body), 0, body)
            elif word == wire.PIECE and first <= min(wire.MOST_PIECE, self.most):
                self.most -= first
                self.take(wire.exactly(asking, first))
            elif word == wire.REPORT and first <= wire.MOST_REPORT:
                told = json.loads(wire.exactly(asking, first))
                if not isinstance(told, dict):
                    raise wire.Garbled
                return told
            else:
                raise wire.Garbled
