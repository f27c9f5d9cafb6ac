"""What the chamber and its child say to each other over two pipes.

The child asks `R offset length` for bytes of the file; at the end it says `O` with the overview, if it drew
one, and `D` with report and preview. One that makes a copy hands it over in pieces before, `W length`.
Numbers are 8 bytes, big-endian. What the child sends is a stranger's word: the parent reads no more than
`MOST_REPORT`.
"""

import struct
from typing import BinaryIO

ASK = b"R"
OVERVIEW = b"O"
PIECE = b"W"
REPORT = b"D"
MOST_ASKED = 4 * 1024 * 1024
MOST_PIECE = 1024 * 1024
MOST_REPORT = 256 * 1024
MOST_PREVIEW = 1024 * 1024
_PAIR = struct.Struct(">QQ")


class Garbled(Exception):
    """The other side ended, or said something that is no word of this exchange."""


def exactly(pipe: BinaryIO, count: int) -> bytes:
    """Read so many bytes or raise `Garbled`."""
    parts = []
    while count:
        part = pipe.read(count)
        if not part:
            raise Garbled
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def say(pipe: BinaryIO, word: bytes, first: int, second: int, body: bytes = b"") -> None:
    """Send one word with its two numbers and a body."""
    pipe.write(word + _PAIR.pack(first, second) + body)
    pipe.flush()


def hear(pipe: BinaryIO) -> tuple[bytes, int, int]:
    """Wait for one word and its two numbers."""
    head = exactly(pipe, 1 + _PAIR.size)
    first, second = _PAIR.unpack(head[1:])
    return head[:1], first, second
