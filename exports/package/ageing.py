"""Encrypts a stream to one recipient's age key (age-encryption.org/v1), by pyrage."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import RawIOBase

import pyrage

from exports.package.errors import BadRecipientKey

_FORM = re.compile(r"age1[ac-hj-np-z02-9]{58}\Z")


def checked_key(text: str) -> str:
    """Return the age X25519 public key in `text`; raises `BadRecipientKey`, never with the text."""
    key = text.strip()
    if not _FORM.match(key):
        raise BadRecipientKey("this is not an age public key")
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise BadRecipientKey("this is not an age public key") from None
    return key


def fingerprint(key: str) -> str:
    """Return the SHA-256 of the key's text, in eight groups of eight, to be read aloud."""
    digest = sha256(key.encode("ascii")).hexdigest()
    return " ".join(digest[start : start + 8] for start in range(0, 64, 8))


class _Source(RawIOBase):
    """A file to pyrage, which asks for 8 KiB at a time."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not len(self._held):
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._held = memoryview(chunk)
        piece = bytes(self._held[:size])
        self._held = self._held[len(piece) :]
        return piece


class _Sink(RawIOBase):
    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def write(self, piece: bytes) -> int:  # type: ignore[override]  # pyrage hands over bytes, never a buffer
        self._write(piece)
        return len(piece)

    def flush(self) -> None:
        return


def encrypt(chunks: Iterator[bytes], write: Callable[[bytes], object], *, to: str) -> None:
    """Write the age file of `chunks` for the public key `to`. What `chunks` raises ends the encryption."""
    failures: list[BaseException] = []

    def watched() -> Iterator[bytes]:
        try:
            yield from chunks
        except BaseException as error:
            failures.append(error)
            raise

    try:
        pyrage.encrypt_io(
            _Source(watched()), _Sink(write), [pyrage.x25519.Recipient.from_str(checked_key(to))]
        )
    except BaseException as error:
        if failures:  # pyrage would report our own refusal as an error of reading
            raise failures[0] from error
        raise
