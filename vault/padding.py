"""Lengths that tell less: short texts in few sizes, files in steps of at most an eighth, 3.2 % above 64 kB.

Promise: what was padded comes back exactly, and bytes that no padding could have made raise `NotVerified`.
Called by the vault's own modules only.
"""

from typing import Final

from vault.errors import NotVerified

SMALLEST: Final = 64
_STEP: Final = 4
_LARGEST: Final = SMALLEST * _STEP**7  # 1 MiB; above it Padmé wastes less
_LENGTH: Final = 8
SMALLEST_FILE: Final = 4096


def bucket(length: int, least: int = SMALLEST) -> int:
    """Return the padded size of a text: 64, 256, 1 k, 4 k ... 1 MiB, then Padmé; never below `least`."""
    size = SMALLEST
    while size < max(length, least):
        size *= _STEP
    return size if size <= _LARGEST else max(padme(length), least)


def padme(length: int) -> int:
    """Return the next Padmé length (Nikitin et al., PETS 2019): it tells O(log log n) bits of `length`."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def file_length(length: int) -> int:
    """Return the padded length of a file of `length` bytes."""
    return max(SMALLEST_FILE, padme(length))


def pad(data: bytes, least: int = SMALLEST) -> bytes:
    """Put the length before `data` and zeros behind it, up to its bucket."""
    size = bucket(len(data) + _LENGTH, least)
    return len(data).to_bytes(_LENGTH) + data.ljust(size - _LENGTH, b"\0")


def unpad(padded: bytes) -> bytes:
    """Return what `pad` was given."""
    end = _LENGTH + int.from_bytes(padded[:_LENGTH])
    if len(padded) < end or padded.count(0, end) != len(padded) - end:
        raise NotVerified
    return padded[_LENGTH:end]
