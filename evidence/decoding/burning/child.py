"""The program of the process that makes, proves and draws: behind the same walls as the one that looks.

It hears what to do, asks for ranges of the file (and, to prove a copy, of the copy, which lies behind the
original in one row of bytes), hands over what it made in pieces, and reports.
"""

import io
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import pypdfium2  # the drawing library is opened now, while files can still be opened

from evidence.decoding import wire
from evidence.decoding.burning import clips, frames, pages, proof, regions, stills
from evidence.decoding.child import Remote
from evidence.decoding.kinds import Family
from evidence.decoding.pictures import Oversized
from vault import walls

_BUFFER = 256 * 1024
Give = Callable[[Iterable[Any]], None]


class Part(io.RawIOBase):
    """A stretch of the bytes on the other side, as a file of its own."""

    def __init__(self, remote: Remote, start: int, length: int) -> None:
        self._remote, self._start, self._length, self._at = remote, start, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), max(0, self._length - self._at))
        self._remote.seek(self._start + self._at)
        count = self._remote.readinto(memoryview(buffer)[:wanted]) if wanted else 0
        self._at += count
        return count


def work(orders: dict[str, Any], remote: Remote, give: Give) -> dict[str, Any]:
    """Do what is asked; whatever a decoder says of a stranger's bytes becomes one word."""
    try:
        return {"outcome": "done", **_done(orders, remote, give)}
    except regions.Misplaced:
        return {"outcome": "misplaced"}
    except (Oversized, MemoryError):
        return {"outcome": "oversized"}
    except frames.Slanted:
        return {"outcome": "slanted"}
    except Exception:  # noqa: BLE001  # it could not be read, whatever the reason
        return {"outcome": "broken"}


def _done(orders: dict[str, Any], remote: Remote, give: Give) -> dict[str, Any]:
    length = int(orders["length"])
    original = io.BufferedReader(Part(remote, 0, length), _BUFFER)
    wanted = [regions.region_of(told) for told in orders["regions"]]
    match orders["work"]:
        case "burn":
            return _burn(orders, original, wanted, give)
        case "prove":
            copy = Part(remote, length, remote.length - length)
            return {"faults": sorted(set(_faults(orders, original, copy, wanted)))}
        case _:
            picture, count = pages.draw_page(original, int(orders["page"]))
            give([picture])
            return {"pages": count}


def _burn(
    orders: dict[str, Any], original: BinaryIO, wanted: list[regions.Region], give: Give
) -> dict[str, Any]:
    family, decoder = Family(orders["family"]), str(orders["decoder"])
    if family in {Family.MOVING, Family.SOUND}:
        mime, room, skipped = clips.burn_clip(
            original, decoder, wanted, has_picture=family is Family.MOVING, most=int(orders["most"])
        )
        give(room.pieces())
        return {"mime": mime, "skipped": skipped}
    if family is Family.PAPER:
        mime, content = pages.burn_pages(original, wanted)
    else:
        mime, content = stills.burn_still(original, decoder, wanted)
    give([content])
    return {"mime": mime}


def _faults(
    orders: dict[str, Any], original: BinaryIO, copy: Part, wanted: list[regions.Region]
) -> Iterable[str]:
    match Family(orders["family"]):
        case Family.MOVING:
            return proof.prove_clip(io.BufferedReader(copy, _BUFFER), "mov", wanted)
        case Family.SOUND:
            return proof.prove_clip(io.BufferedReader(copy, _BUFFER), "flac", wanted)
        case Family.PAPER:
            return pages.prove_pages(original, copy.readall(), wanted)
        case _:
            return stills.prove_still(copy.readall(), wanted)


def main() -> None:
    """Hear which limits hold and what to do, do it, and report."""
    answers, asking = sys.stdin.buffer, sys.stdout.buffer
    _, length, memory = wire.hear(answers)
    _, seconds, size = wire.hear(answers)
    orders = json.loads(wire.exactly(answers, size))
    pypdfium2.PdfDocument.new().close()
    walls.put_up(memory, seconds)

    def give(pieces: Iterable[Any]) -> None:
        for piece in pieces:
            for start in range(0, len(piece), wire.MOST_PIECE):
                part = bytes(piece[start : start + wire.MOST_PIECE])
                wire.say(asking, wire.PIECE, len(part), 0, part)

    report = json.dumps(work(orders, Remote(asking, answers, length), give)).encode()
    wire.say(asking, wire.REPORT, len(report), 0, report)
