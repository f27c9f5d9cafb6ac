"""Roots and proofs at every size against an implementation written only from RFC 6962's definitions."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tree import (
    EMPTY,
    Frontier,
    ProofFails,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    leaf_hash,
)

LEAVES = [f"leaf {number}".encode() for number in range(1000)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def naive_root(leaves: list[bytes], memory: dict[tuple[int, int], bytes], start: int = 0) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    key = (start, len(leaves))
    if key in memory:
        return memory[key]
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        result = sha256(b"\x00" + leaves[0]).digest()
    else:
        k = 1
        while k * 2 < len(leaves):
            k *= 2
        left = naive_root(leaves[:k], memory, start)
        result = sha256(b"\x01" + left + naive_root(leaves[k:], memory, start + k)).digest()
    memory[key] = result
    return result


def naive_path(
    index: int, leaves: list[bytes], memory: dict[tuple[int, int], bytes], start: int = 0
) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = leaves[:k], leaves[k:]
    if index < k:
        return [*naive_path(index, left, memory, start), naive_root(right, memory, start + k)]
    return [*naive_path(index - k, right, memory, start + k), naive_root(left, memory, start)]


def naive_proof(
    old: int, leaves: list[bytes], whole: bool, memory: dict[tuple[int, int], bytes], start: int = 0
) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2, word for word."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves, memory, start)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = leaves[:k], leaves[k:]
    if old <= k:
        return [*naive_proof(old, left, whole, memory, start), naive_root(right, memory, start + k)]
    return [*naive_proof(old - k, right, False, memory, start + k), naive_root(left, memory, start)]


MEMORY: dict[tuple[int, int], bytes] = {}


def range_hash(start: int, end: int) -> bytes:
    frontier = Frontier()
    frontier.extend(HASHES[start:end])
    return frontier.root()


def remembered(start: int, end: int) -> bytes:
    return naive_root(LEAVES[start:end], MEMORY, start)


def test_empty_tree_has_the_root_of_the_rfc() -> None:
    assert (
        Frontier().root()
        == EMPTY
        == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )


def test_published_example_of_certificate_transparency() -> None:
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    frontier = Frontier()
    frontier.extend([leaf_hash(bytes.fromhex(one)) for one in inputs])
    assert frontier.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_root_at_every_size_equals_the_naive_one() -> None:
    slow, fast = Frontier(), Frontier()
    for size in range(1001):
        assert slow.root() == fast.root() == naive_root(LEAVES[:size], MEMORY)
        assert Frontier(size, slow.packed()).root() == slow.root()
        if size < 1000:
            list(slow.append(HASHES[size]))
            fast.extend([HASHES[size]])


def test_range_hash_of_the_tests_agrees_with_the_naive_root() -> None:
    for start, end in [(0, 1000), (512, 768), (768, 1000), (999, 1000)]:
        assert range_hash(start, end) == remembered(start, end)


@pytest.mark.parametrize("part", range(10))
def test_inclusion_at_every_size(part: int) -> None:
    for size in range(1 + part * 100, 101 + part * 100):
        root = remembered(0, size)
        for index in {0, 1, size // 3, size // 2, size - 2, size - 1, (size * 7919) % size, 511, 512} & set(
            range(size)
        ):
            path = inclusion(index, size, remembered)
            assert path == naive_path(index, LEAVES[:size], MEMORY)
            check_inclusion(hashed=HASHES[index], index=index, size=size, root=root, path=path)


def test_inclusion_of_every_leaf_of_small_trees_and_of_no_other() -> None:
    for size in range(1, 65):
        root = remembered(0, size)
        for index in range(size):
            path = inclusion(index, size, remembered)
            check_inclusion(hashed=HASHES[index], index=index, size=size, root=root, path=path)
            for other in {0, index ^ 1, index + 1, size - 1} - {index}:
                with pytest.raises(ProofFails):
                    check_inclusion(hashed=HASHES[index], index=other, size=size, root=root, path=path)


@pytest.mark.parametrize("part", range(10))
def test_consistency_at_every_size(part: int) -> None:
    for size in range(1 + part * 100, 101 + part * 100):
        root = remembered(0, size)
        for old in {1, 2, size // 3, size // 2, size - 1, size, 128, 512} & set(range(1, size + 1)):
            path = consistency(old, size, remembered)
            assert path == naive_proof(old, LEAVES[:size], True, MEMORY)
            check_consistency(old=old, size=size, old_root=remembered(0, old), root=root, path=path)


@given(st.integers(2, 1000), st.data())
def test_a_changed_proof_never_passes(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    root, old_root = remembered(0, size), remembered(0, old)

    def included(steps: list[bytes]) -> None:
        check_inclusion(hashed=HASHES[index], index=index, size=size, root=root, path=steps)

    def consistent(steps: list[bytes]) -> None:
        check_consistency(old=old, size=size, old_root=old_root, root=root, path=steps)

    for path, check in (
        (inclusion(index, size, remembered), included),
        (consistency(old, size, remembered), consistent),
    ):
        check(path)
        place = data.draw(st.integers(0, len(path) - 1))
        flipped = bytes([path[place][0] ^ 1]) + path[place][1:]
        for bad in ([*path[:place], flipped, *path[place + 1 :]], path[:-1], [*path, path[-1]], path[1:]):
            with pytest.raises(ProofFails):
                check(bad)


def test_impossible_questions_are_refused() -> None:
    for index, size in [(0, 0), (5, 5), (-1, 3)]:
        with pytest.raises(ProofFails):
            inclusion(index, size, remembered)
        with pytest.raises(ProofFails):
            check_inclusion(hashed=HASHES[0], index=index, size=size, root=EMPTY, path=[])
    for old, size in [(0, 3), (4, 3)]:
        with pytest.raises(ProofFails):
            consistency(old, size, remembered)
        with pytest.raises(ProofFails):
            check_consistency(old=old, size=size, old_root=EMPTY, root=EMPTY, path=[])
    with pytest.raises(ProofFails):
        check_consistency(old=3, size=7, old_root=EMPTY, root=EMPTY, path=[])
    with pytest.raises(ProofFails):
        check_consistency(old=3, size=3, old_root=EMPTY, root=HASHES[0], path=[])


def test_frontier_refuses_what_no_tree_has() -> None:
    for size, hashes in [(-1, b""), (1, b""), (2, b"x" * 64), (3, b"x" * 32), (1, b"x" * 31)]:
        with pytest.raises(ValueError, match="frontier"):
            Frontier(size, hashes)


def test_completed_subtrees_are_told_with_their_place() -> None:
    frontier = Frontier()
    told = {(level, index): value for leaf in HASHES for level, index, value in frontier.append(leaf)}
    assert told[8, 2] == remembered(512, 768)
    assert told[1, 499] == remembered(998, 1000)
    assert (9, 1) not in told
