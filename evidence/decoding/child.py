"""The program of the spawned process: it looks at one file through a pipe and reports.

It imports its decoders, then puts up its walls: no more memory than it may have, no file, no socket and no
other process from then on.
"""

import io
import json
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

import magic

from evidence.decoding import papers, pictures, recordings, wire
from evidence.decoding.drawing import Drawn
from evidence.decoding.kinds import Family, Known, known
from vault import walls

_HEAD = 128 * 1024
_TAIL = 66 * 1024


class Remote(io.RawIOBase):
    """The file on the other side of the pipe. It has no name: libraries fetch by names."""

    def __init__(self, asking: BinaryIO, answers: BinaryIO, length: int) -> None:
        self._asking = asking
        self._answers = answers
        self.length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.length}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), wire.MOST_ASKED, max(0, self.length - self._at))
        if not wanted:
            return 0
        wire.say(self._asking, wire.ASK, self._at, wanted)
        word, count, _ = wire.hear(self._answers)
        if word != wire.ASK or count > wanted:
            raise wire.Garbled
        buffer[:count] = wire.exactly(self._answers, count)
        self._at += count
        return count


def look(file: BinaryIO, length: int, sniff: Callable[[bytes], str]) -> tuple[dict[str, Any], Drawn]:
    """Name the type by its first bytes, then let the one decoder of that name read it."""
    head = file.read(_HEAD)
    file.seek(max(0, length - _TAIL))
    tail = file.read(_TAIL)
    file.seek(0)
    mime = sniff(head).lower()
    kind = known(mime)
    facts: dict[str, Any] = {"mime": mime, "family": kind.family.value, "decoder": kind.decoder}
    if not kind.decoder:
        return facts | {"outcome": "unknown"}, Drawn()
    try:
        told, drawn = _decode(file, kind, length)
    except (pictures.Oversized, MemoryError):
        return facts | {"outcome": "oversized"}, Drawn()
    except papers.Unsafe:
        return facts | {"outcome": "unsafe"}, Drawn()
    except Exception:  # noqa: BLE001  # whatever a decoder says of a stranger's bytes: it could not read them
        return facts | {"outcome": "broken"}, Drawn()
    outcome = "disguised" if _is_two_things(kind, head, tail, length) else "read"
    return facts | told | {"outcome": outcome}, drawn


def _decode(file: BinaryIO, kind: Known, length: int) -> tuple[dict[str, Any], Drawn]:
    match kind.family:
        case Family.PICTURE:
            return pictures.read_picture(file, kind.decoder)
        case Family.MOVING | Family.SOUND:
            return recordings.read_recording(file, kind.decoder, length)
        case Family.PAPER:
            return papers.read_pdf(file), Drawn()
        case Family.PACKAGE:
            return papers.read_archive(file), Drawn()
        case _:
            return papers.read_text(file), Drawn()


def _is_two_things(kind: Known, head: bytes, tail: bytes, length: int) -> bool:
    """A file that is a second file too: an archive at its end, a document or a page at its beginning."""
    if kind.family in {Family.TEXT, Family.PACKAGE}:
        return False
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and len(tail) - end >= 22:
        comment = int.from_bytes(tail[end + 20 : end + 22], "little")
        directory = int.from_bytes(tail[end + 12 : end + 16], "little")
        if end + 22 + comment <= len(tail) and 0 < directory < length:
            return True
    begin = head[:1024].lower()
    is_page = any(mark in begin for mark in (b"<script", b"<html", b"<!doctype", b"<svg"))
    return is_page or (kind.family is not Family.PAPER and b"%pdf-" in begin)


def main() -> None:
    """Hear how long the file is and which limits hold, look, and report."""
    answers, asking = sys.stdin.buffer, sys.stdout.buffer
    _, length, memory = wire.hear(answers)
    _, seconds, _ = wire.hear(answers)
    sniffer = magic.Magic(mime=True)
    sniffer.from_buffer(b"the database of names is read now, while files can still be opened")
    walls.put_up(memory, seconds)
    file = io.BufferedReader(Remote(asking, answers, length), 256 * 1024)
    facts, drawn = look(file, length, sniffer.from_buffer)
    report = json.dumps(facts).encode()
    if len(report) > wire.MOST_REPORT:
        report = json.dumps(
            {name: facts[name] for name in facts.keys() - {"exif", "tags", "streams"}}
        ).encode()
    wire.say(asking, wire.OVERVIEW, 0, len(drawn.overview), drawn.overview)
    wire.say(asking, wire.REPORT, len(report), len(drawn.preview), report + drawn.preview)
