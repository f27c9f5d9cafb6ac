"""What the chamber and its holder say to each other over two pipes: one JSON text a message, and before it
its length.
"""

import json
import struct
from collections.abc import Mapping
from typing import BinaryIO, Final

MOST_ASKED: Final = 512 * 1024 * 1024
MOST_ANSWERED: Final = 1024 * 1024
MOST_HANDED: Final = 32 * 1024 * 1024  # the identities of 500 witnesses, encrypted, in base64
_LENGTH: Final = struct.Struct(">Q")


class Garbled(Exception):
    """The other side ended, or said something that is no message of this exchange."""


def say(pipe: BinaryIO, said: Mapping[str, object]) -> None:
    """Send one message."""
    raw = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    pipe.write(_LENGTH.pack(len(raw)))
    pipe.write(raw)
    pipe.flush()


def hear(pipe: BinaryIO, *, most: int) -> dict[str, object]:
    """Wait for one message. Raises `Garbled`."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if length > most:
        raise Garbled
    try:
        said = json.loads(_exactly(pipe, length))
    except (ValueError, RecursionError):
        raise Garbled from None
    if not isinstance(said, dict):
        raise Garbled
    return said


def _exactly(pipe: BinaryIO, count: int) -> bytes:
    parts = []
    while count:
        part = pipe.read(count)
        if not part:
            raise Garbled
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
