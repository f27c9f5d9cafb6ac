"""Bytes as words and numbers, to be compared by voice; random words, to be typed.

Promise: two fingerprints that read alike are alike in 88 bits. The list is BIP 39's English one (2048 words,
no two of which begin with the same four letters); each word has a number, for people who would rather say
digits.
"""

import hashlib
import secrets
from functools import cache
from typing import Final

from mnemonic import Mnemonic

WORDS_OF_A_FINGERPRINT: Final = 8  # 88 bits: more than anybody can search for a key that reads alike
WORDS_OF_A_SECRET: Final = 6  # 66 bits, and Argon2id before each guess
WORDS_OF_A_HANDOVER: Final = (
    10  # 110 bits: who has the file may guess for ever, and later with other machines
)
_BITS: Final = 11
_LIST_DIGEST: Final = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"


@cache
def word_list() -> tuple[str, ...]:
    """Return the 2048 words; raises `RuntimeError` if the installed list is another one."""
    words = tuple(Mnemonic("english").wordlist)
    if hashlib.sha256(("\n".join(words) + "\n").encode()).hexdigest() != _LIST_DIGEST:
        raise RuntimeError("The list of words is not the one that fingerprints are read with.")
    return words


def _numbers(digest: bytes) -> list[int]:
    bits = int.from_bytes(digest[:11])
    return [bits >> _BITS * place & 0x7FF for place in reversed(range(WORDS_OF_A_FINGERPRINT))]


def as_words(digest: bytes) -> str:
    """Return the first 88 bits of a digest as eight words."""
    return " ".join(word_list()[number] for number in _numbers(digest))


def as_numbers(digest: bytes) -> str:
    """Return the same 88 bits as eight numbers of four digits: the words' places in the list, from 1."""
    return " ".join(f"{number + 1:04}" for number in _numbers(digest))


def draw(count: int = WORDS_OF_A_SECRET) -> str:
    """Return random words from the operating system's source: six, unless more are asked for."""
    return " ".join(secrets.choice(word_list()) for _ in range(count))


def typed(words: str) -> bytes:
    """Return what a person typed as it is fed to Argon2id: case and spacing of words carry nothing."""
    return " ".join(words.split()).casefold().encode()


def same(heard: str, digest: bytes) -> bool:
    """Say whether somebody typed the words or the numbers of `digest`.

    Four letters of a word are enough, since no two words of the list share them; digits may be Arabic ones.
    """
    parts = heard.replace(",", " ").split()
    expected = [*zip(as_words(digest).split(), as_numbers(digest).split(), strict=True)]
    if len(parts) != len(expected):
        return False
    return all(_is(part, *both) for part, both in zip(parts, expected, strict=True))


def _is(part: str, word: str, number: str) -> bool:
    if part.isdecimal():
        return len(part) == len(number) and int(part) == int(number)
    return part.casefold()[:4] == word[:4]
