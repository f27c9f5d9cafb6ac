"""Two texts read as one: which words went, which came. The work is bounded, whatever the texts are.

Paragraphs are matched first, then words within those that changed. Where the work would grow past the
budget, a passage is shown as gone and come again as a whole: coarser, never wrong.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

# Cells of a comparison, words (or lines) of the one times those of the other, that one page may cost.
BUDGET = 4_000_000
_WORDS = re.compile(r"\S+|\s+")


class Sign(StrEnum):
    """What became of a passage."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage and what became of it."""

    sign: Sign
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """Return the passages in reading order: `before` without the new ones, `after` without the gone."""
    budget = [BUDGET]
    pieces = _compared(before.splitlines(keepends=True), after.splitlines(keepends=True), budget, deeper=True)
    return [
        Piece(sign, "".join(piece.text for piece in run))
        for sign, run in groupby(pieces, key=lambda piece: piece.sign)
    ]


def _compared(
    before: Sequence[str], after: Sequence[str], budget: list[int], *, deeper: bool
) -> Iterator[Piece]:
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    yield from _pieces(Sign.SAME, before[:head])
    yield from _middle(
        before[head : len(before) - tail], after[head : len(after) - tail], budget, deeper=deeper
    )
    yield from _pieces(Sign.SAME, before[len(before) - tail :])


def _middle(
    before: Sequence[str], after: Sequence[str], budget: list[int], *, deeper: bool
) -> Iterator[Piece]:
    budget[0] -= len(before) * len(after)
    if budget[0] < 0:
        yield from _changed(before, after)
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            yield from _pieces(Sign.SAME, before[start:end])
        elif tag == "replace" and deeper:
            old, new = "".join(before[start:end]), "".join(after[new_start:new_end])
            yield from _compared(_WORDS.findall(old), _WORDS.findall(new), budget, deeper=False)
        else:
            yield from _changed(before[start:end], after[new_start:new_end])


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """How many parts are the same from the start on."""
    number = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        number += 1
    return number


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    yield from _pieces(Sign.GONE, before)
    yield from _pieces(Sign.NEW, after)


def _pieces(sign: Sign, parts: Sequence[str]) -> Iterator[Piece]:
    if parts:
        yield Piece(sign, "".join(parts))
