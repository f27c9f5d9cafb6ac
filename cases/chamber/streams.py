"""The texts that may lie in bytes of any kind: in several writings, and in archives with all that they say.

Promise: an archive is opened in memory and to a limit; what cannot be read to its end says so, and is no
`clear`. Pictures, sound and the pages of a PDF hold no text that is read here: it travels beside them. Runs
in the chamber.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

_DEEPEST: Final = 3
_MOST: Final = 256 * 1024 * 1024  # bytes of an archive, inflated


class Unread(Exception):
    """There may be more in it than was read."""


def texts_in(raw: bytes, depth: int = 0) -> Iterator[str]:
    """Yield what the bytes may say. Raises `Unread`."""
    yield raw.decode("utf-8", "ignore")
    if b"\0" in raw:
        yield from (
            raw[shift:].decode(form, "ignore") for form in ("utf-16-le", "utf-16-be") for shift in (0, 1)
        )
    if b"PK\x05\x06" in raw:
        yield from _archive(raw, depth)


def _archive(raw: bytes, depth: int) -> Iterator[str]:
    if depth == _DEEPEST:
        raise Unread
    left = _MOST
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield archive.comment.decode("utf-8", "ignore")
            for one in archive.infolist():
                yield f"{one.filename} {one.comment.decode('utf-8', 'ignore')}"
                left -= one.file_size
                if left < 0:
                    raise Unread
                with archive.open(one) as member:
                    inner = member.read(one.file_size + 1)
                if len(inner) > one.file_size:
                    raise Unread
                yield from texts_in(inner, depth + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise Unread from None
