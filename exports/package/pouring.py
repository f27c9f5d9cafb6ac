"""One stream from the files to the recipient's ciphertext: zip, an independent check, age. Nothing is kept.

The check reads the very bytes that are encrypted, and the ciphertext counts only when it passed: plaintext
exists in memory alone, a few chunks at a time, so a killed build leaves none behind.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha512

from exports.package.ageing import encrypt
from exports.package.payload import Measured
from exports.package.reading import Checked, PackageReader
from exports.package.zipping import zip_bytes

_PIECE = 1024 * 1024
_AHEAD = 4  # chunks of at most 1 MiB that may wait for the checking thread


@dataclass(frozen=True, slots=True)
class Poured:
    """The plain package as it was checked, and the size and SHA-512 of its ciphertext."""

    checked: Checked
    sha512: str
    size: int


class _Ciphertext:
    """Counts and digests what goes out, a mebibyte at a time in a thread of its own, and passes it on."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._digest, self._held = sha512(), bytearray()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ciphertext")
        self._running: Future[None] | None = None
        self.size = 0

    def take(self, piece: bytes) -> None:
        self.size += len(piece)
        self._held += piece
        if len(self._held) >= _PIECE:
            self._pass_on()

    def finish(self) -> str:
        """Pass the rest on and return the digest."""
        self._pass_on()
        self._wait()
        return self._digest.hexdigest()

    def close(self) -> None:
        self._thread.shutdown()

    def _pass_on(self) -> None:
        piece, self._held = bytes(self._held), bytearray()
        self._wait()
        self._running = self._thread.submit(self._digest.update, piece)
        self._write(piece)

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()


def pour(files: Sequence[Measured], write: Callable[[bytes], object], *, to: str) -> Poured:
    """Write the encrypted package of `files`; raises what the check finds, and then nothing may be kept."""
    reader, sealed = PackageReader(spares_sha512=True), _Ciphertext(write)
    try:
        encrypt(_checked(zip_bytes(files), reader), sealed.take, to=to)
        return Poured(reader.finish(), sealed.finish(), sealed.size)
    finally:
        reader.close()
        sealed.close()


def _checked(chunks: Iterator[bytes], reader: PackageReader) -> Iterator[bytes]:
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read") as beside:
        for chunk in chunks:
            waiting.append(beside.submit(reader.feed, chunk))
            while len(waiting) > _AHEAD:
                waiting.popleft().result()
            yield chunk
        while waiting:
            waiting.popleft().result()
