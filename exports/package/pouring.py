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

_AHEAD = 4  # chunks of at most 1 MiB that may wait for the checking thread


@dataclass(frozen=True, slots=True)
class Poured:
    """The plain package as it was checked, and the size and SHA-512 of its ciphertext."""

    checked: Checked
    sha512: str
    size: int


def pour(files: Sequence[Measured], write: Callable[[bytes], object], *, to: str) -> Poured:
    """Write the encrypted package of `files`; raises what the check finds, and then nothing may be kept."""
    sealed, size = sha512(), 0

    def take(piece: bytes) -> None:
        nonlocal size
        sealed.update(piece)
        size += len(piece)
        write(piece)

    reader = PackageReader()
    try:
        encrypt(_checked(zip_bytes(files), reader), take, to=to)
        return Poured(reader.finish(), sealed.hexdigest(), size)
    finally:
        reader.close()


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
