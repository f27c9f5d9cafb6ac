"""How words are found in a text however they are spelled, and how the place is shown.

What is one letter is decided by `cases.names.fold` alone. A word becomes a pattern over the text as it
stands: folding ten thousand accounts takes half a minute, looking through them a second, and the place that
is found is a place in the account itself.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Self

from cases.names import fold

# Scripts in which letters have several spellings; every other sign stands for itself.
_SPELLED = (*range(0x21, 0x3000), *range(0xF900, 0xFFFE))
# Signs of several letters: the German sharp s, and the ligatures that come out of PDF files.
_SEVERAL = re.compile("[ß\ufb00-\ufefc]")
AROUND = 90

Test = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: looked for, or beside it."""

    text: str
    is_hit: bool


def _class(codes: Iterable[int]) -> str:
    """Write code points as a character class, neighbours as a range."""
    runs = []
    for _, group in groupby(enumerate(sorted(codes)), lambda pair: pair[1] - pair[0]):
        run = [re.escape(chr(code)) for _, code in group]
        runs.append(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return f"[{''.join(runs)}]"


@cache
def _spellings() -> tuple[dict[str, str], str]:
    """Return for each folded letter all that folds to it, and what is not seen at all; made once."""
    letters: dict[str, list[int]] = {}
    for code in _SPELLED:
        if not chr(code).isspace():
            letters.setdefault(fold(chr(code)), []).append(code)
    unseen = _class(letters.pop("")) + "*"
    single = {letter: {*codes, ord(letter)} for letter, codes in letters.items() if len(letter) == 1}
    return {letter: _class(codes) for letter, codes in single.items()}, unseen


def words_in(asked: str) -> list[str]:
    """Return the words of what was asked, folded and each once; marks alone are no word."""
    return list(dict.fromkeys(fold(asked).split()))


def _pattern(word: str) -> str:
    letters, unseen = _spellings()
    return "".join(letters.get(one, re.escape(one)) + unseen for one in word)


def spread(text: str) -> str:
    """Write the few signs of several letters as those letters: only so can a part of one be found."""
    return _SEVERAL.sub(lambda found: fold(found[0]), text)


class Wanted:
    """What was asked for, ready to be looked for. Use as a context: the patterns are forgotten at its end."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._tests: list[Test] = []
        self._any: re.Pattern[str] = re.compile("(?!)")

    def __enter__(self) -> Self:
        # The rarest is most likely the longest: a text without it is done with at once.
        longest = sorted((_pattern(word) for word in self._words), key=len, reverse=True)
        self._tests = [re.compile(pattern).search for pattern in longest]
        self._any = re.compile("|".join(longest))
        return self

    def __exit__(self, *_: object) -> None:
        # `re` keeps the last patterns it compiled, and these spell what somebody searched for.
        re.purge()

    def are_in(self, text: str) -> bool:
        """Tell whether every word stands in the text."""
        return all(test(text) for test in self._tests)

    def mark(self, text: str) -> list[Piece]:
        """Return the whole text in pieces, hits marked."""
        return self._pieces(text, 0, len(text))

    def around(self, text: str) -> list[Piece]:
        """Return what stands around the first hit, whole words, hits marked; empty where nothing is found."""
        first = self._any.search(text)
        if first is None:
            return []
        start, end = _start(text, first.start()), _end(text, first.end())
        pieces = self._pieces(text, start, end)
        if start:
            pieces.insert(0, Piece("… ", is_hit=False))
        if end < len(text):
            pieces.append(Piece(" …", is_hit=False))
        return pieces

    def _pieces(self, text: str, start: int, end: int) -> list[Piece]:
        pieces, at = [], start
        for found in self._any.finditer(text, start, end):
            if found.start() > at:
                pieces.append(Piece(text[at : found.start()], is_hit=False))
            pieces.append(Piece(found[0], is_hit=True))
            at = found.end()
        if at < end:
            pieces.append(Piece(text[at:end], is_hit=False))
        return pieces


def _start(text: str, hit: int) -> int:
    """Where the words before a hit begin: after a space, if there is one near."""
    if hit <= AROUND:
        return 0
    space = re.search(r"\s", text[hit - AROUND : hit])
    return hit - AROUND + (space.end() if space else 0)


def _end(text: str, hit: int) -> int:
    """Where the words after a hit end."""
    if hit + AROUND >= len(text):
        return len(text)
    after = text[hit : hit + AROUND].rstrip()
    return hit + (len(after.rsplit(maxsplit=1)[0]) if len(after.split()) > 1 else AROUND)
