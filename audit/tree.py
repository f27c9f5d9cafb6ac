"""The Merkle tree of RFC 6962 (the same hashing as RFC 9162), over hashes alone: no database, no keys.

Promise: every size has one root; a leaf can be shown to be in a tree, and a smaller tree to be the beginning
of a larger one, by about log2(size) hashes. May be called by anybody.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH = 32
EMPTY = sha256(b"").digest()
RangeHash = Callable[[int, int], bytes]


class ProofFails(ValueError):
    """The hashes given do not prove what was claimed."""


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1


class Frontier:
    """The right edge of a growing tree: one hash for each 1-bit of its size, largest subtree first."""

    def __init__(self, size: int = 0, hashes: bytes = b"") -> None:
        if size < 0 or len(hashes) != HASH * size.bit_count():
            raise ValueError("a frontier has one hash for each 1-bit of its size")
        self.size = size
        self._hashes = [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]

    def append(self, hashed: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add one leaf hash; yield (level, index, hash) of each subtree that it completes."""
        hashes = self._hashes
        level, width = 0, self.size
        self.size += 1
        while width & 1:
            hashed = node_hash(hashes.pop(), hashed)
            width >>= 1
            level += 1
            yield level, width, hashed
        hashes.append(hashed)

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """As `append` for many, without telling what they complete: the fast path of verification."""
        hashes, size = self._hashes, self.size
        for leaf in leaf_hashes:
            hashed, width = leaf, size
            while width & 1:
                hashed = sha256(b"\x01" + hashes.pop() + hashed).digest()
                width >>= 1
            hashes.append(hashed)
            size += 1
        self.size = size

    def root(self) -> bytes:
        if not self._hashes:
            return EMPTY
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
        return root

    def packed(self) -> bytes:
        return b"".join(self._hashes)


def inclusion(index: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """Return the path of leaf `index` in the tree of `size` leaves, from the leaf upwards (RFC 6962, 2.1.1).

    `range_hash(start, end)` gives the root of the leaves from start up to, without, end.
    """
    if not 0 <= index < size:
        raise ProofFails("no such leaf")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """Return the proof that the tree of `old` leaves begins the tree of `size` leaves (RFC 6962, 2.1.2)."""
    if not 0 < old <= size:
        raise ProofFails("no such beginning")
    path, start, end, whole = [], 0, size, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start, whole = middle, False
    return ([] if whole else [range_hash(start, end)]) + path[::-1]


def check_inclusion(*, hashed: bytes, index: int, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Raise `ProofFails` unless `path` leads from the leaf hash at `index` to `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofFails("no such leaf")
    at, last = index, size - 1
    for step in path:
        if last == 0:
            raise ProofFails("the path is too long")
        if at & 1 or at == last:
            hashed = node_hash(step, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        at, last = at >> 1, last >> 1
    if last or hashed != root:
        raise ProofFails("the leaf is not in this tree")


def check_consistency(*, old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> None:
    """Raise `ProofFails` unless the tree of `old` leaves begins that of `size` leaves (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size:
        raise ProofFails("no such beginning")
    if old == size:
        if path or old_root != root:
            raise ProofFails("two roots for one size")
        return
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        raise ProofFails("the path is too short")
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before, after = _climb(at, last, steps)
    if before != old_root or after != root:
        raise ProofFails("the smaller tree is not the beginning of the larger")


def _climb(at: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of the smaller and of the larger tree that `steps` lead to."""
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofFails("the path is too long")
        if at & 1 or at == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofFails("the path is too short")
    return before, after
