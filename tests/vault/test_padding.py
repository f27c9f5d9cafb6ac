"""Lengths fall into few sizes, and padding comes off exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.errors import NotVerified
from vault.padding import SMALLEST_FILE, bucket, file_length, pad, padme, unpad


@given(st.binary(max_size=5_000), st.sampled_from([64, 256, 4096]))
def test_padding_comes_off(data: bytes, least: int) -> None:
    padded = pad(data, least)
    assert unpad(padded) == data
    assert len(padded) >= least


def test_texts_fall_into_few_sizes() -> None:
    sizes = {len(pad(b"x" * length)) for length in range(4_000)}
    assert sizes == {64, 256, 1024, 4096}


def test_names_are_all_of_one_length() -> None:
    names = ["Sam", "سميرة", "A" * 120, "", "محمد عبد الرحمن " * 6]
    assert {len(pad(name.encode(), 256)) for name in names} == {256}


@given(st.integers(2, 1 << 40))
def test_padme_wastes_little_and_tells_little(length: int) -> None:
    padded = padme(length)
    assert length <= padded <= length * 1.12
    assert padme(padded) == padded
    if length > 65_536:
        assert padded <= length * 1.032


def test_padme_known_values() -> None:
    assert [padme(length) for length in (0, 1, 2, 9, 17, 1000, 65_537, 1_000_001)] == [
        0, 1, 2, 10, 18, 1024, 67_584, 1_015_808,
    ]  # fmt: skip


def test_small_files_are_all_alike() -> None:
    assert {file_length(length) for length in range(SMALLEST_FILE)} == {SMALLEST_FILE}


@given(st.integers(1 << 20, 1 << 30))
def test_large_texts_go_by_padme(length: int) -> None:
    assert bucket(length) >= length


@pytest.mark.parametrize(
    "padded",
    [b"", b"\0" * 7, (65).to_bytes(8) + bytes(56), (3).to_bytes(8) + b"abc" + b"x" + bytes(52), b"\xff" * 64],
)
def test_bytes_that_no_padding_made_are_refused(padded: bytes) -> None:
    with pytest.raises(NotVerified):
        unpad(padded)
