"""Digests of what a file holds: two families, so that one being broken leaves the other.

Promise: they are over the plaintext and its true length, whatever padding lies behind it. Called by
`vault.files`, and by who reads a file whole.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from blake3 import blake3


@dataclass(frozen=True, slots=True)
class Digests:
    """Of the plaintext: SHA-256, BLAKE3 (another family) and its true length in bytes."""

    sha256: bytes
    blake3: bytes
    length: int

    @classmethod
    def over(cls, pieces: Iterable[bytes | memoryview]) -> Self:
        """Digest pieces in their order; each may be gone with the next."""
        sha256, other, length = hashlib.sha256(), blake3(), 0
        for piece in pieces:
            sha256.update(piece)
            other.update(piece)
            length += len(piece)
        return cls(sha256.digest(), other.digest(), length)
