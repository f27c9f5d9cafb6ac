"""A file to be delivered: its path in the bag, its size, and how to read it, twice if need be."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256, sha512

from exports.package.errors import SourceChanged, UnsafeName

# ASCII without a space, a colon, a percent sign or a backslash: such names mean the same on every file system
# and need no encoding in a manifest.
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\Z")
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?\Z", re.IGNORECASE)
_SMALL = 64 * 1024


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """`read` gives the bytes from the start each time it is called; together they are `size` long."""

    path: str
    size: int
    read: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A file with what its manifests and its zip entry say about it."""

    file: PayloadFile
    sha256: str
    sha512: str
    crc32: int


def checked_path(path: str) -> str:
    """Return `path` if every part of it is plain and inside the bag; raises `UnsafeName`."""
    parts = path.split("/")
    if len(path) > 200 or any(not _SEGMENT.match(part) or _RESERVED.match(part) for part in parts):
        raise UnsafeName("a path has a part that is not plain")
    if any(part.endswith(".") for part in parts):
        raise UnsafeName("a path ends with a dot")
    return path


def distinct(paths: Iterable[str]) -> None:
    """Raise `UnsafeName` when two paths differ at most in case: some file systems would merge them."""
    seen: set[str] = set()
    for path in paths:
        if path.lower() in seen:
            raise UnsafeName("two paths differ only in case")
        seen.add(path.lower())


def of_bytes(path: str, content: bytes) -> PayloadFile:
    """Wrap bytes that are in memory."""
    return PayloadFile(checked_path(path), len(content), lambda: (content,))


class Digests:
    """SHA-256, SHA-512 and CRC-32 of one stream; SHA-512, the slowest, runs beside the others or not."""

    def __init__(self, beside: ThreadPoolExecutor, *, with_sha512: bool = True) -> None:
        self._beside = beside
        self._with_sha512 = with_sha512
        self._sha256, self._sha512 = sha256(), sha512()
        self.crc32 = 0
        self.size = 0

    def update(self, chunk: bytes | memoryview) -> None:
        self.size += len(chunk)
        slow = None
        if self._with_sha512 and len(chunk) >= _SMALL:
            slow = self._beside.submit(self._sha512.update, chunk)
        elif self._with_sha512:
            self._sha512.update(chunk)
        try:
            self._sha256.update(chunk)
            self.crc32 = zlib.crc32(chunk, self.crc32)
        finally:
            if slow is not None:
                slow.result()

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def sha512(self) -> str:
        """The digest, or an empty text where it was not asked for."""
        return self._sha512.hexdigest() if self._with_sha512 else ""


def measure(files: Iterable[PayloadFile]) -> Iterator[Measured]:
    """Read every file once; raises `SourceChanged` when one is not as long as it says."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="sha512") as beside:
        for file in files:
            digests = Digests(beside)
            for chunk in file.read():
                digests.update(chunk)
            if digests.size != file.size:
                raise SourceChanged("a file has another length than its record says")
            yield Measured(file, digests.sha256, digests.sha512, digests.crc32)
