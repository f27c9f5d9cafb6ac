"""Two texts read as one: nothing is lost, nothing invented, and the work stays bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import comparing
from cases.comparing import Piece, Sign, differences

TEXTS = st.text(alphabet="ab \n،أ\u202e", max_size=80)


def put_together(pieces: list[Piece], without: Sign) -> str:
    return "".join(piece.text for piece in pieces if piece.sign != without)


@given(TEXTS, TEXTS)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert put_together(pieces, Sign.NEW) == before
    assert put_together(pieces, Sign.GONE) == after
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_same_texts_have_no_difference(text: str) -> None:
    assert differences(text, text) == ([Piece(Sign.SAME, text)] if text else [])


def test_words_are_told_apart_and_not_letters() -> None:
    assert differences("كانوا أربعة رجال", "كانوا خمسة رجال") == [
        Piece(Sign.SAME, "كانوا "),
        Piece(Sign.GONE, "أربعة"),
        Piece(Sign.NEW, "خمسة"),
        Piece(Sign.SAME, " رجال"),
    ]


def test_paragraph_that_came_is_new_as_a_whole() -> None:
    pieces = differences("one\nthree\n", "one\ntwo\nthree\n")
    assert pieces == [Piece(Sign.SAME, "one\n"), Piece(Sign.NEW, "two\n"), Piece(Sign.SAME, "three\n")]


def test_past_the_budget_a_passage_goes_and_comes_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "BUDGET", 3)
    pieces = differences("same a b same", "same c d same")
    assert put_together(pieces, Sign.NEW) == "same a b same"
    assert put_together(pieces, Sign.GONE) == "same c d same"


def test_longest_texts_are_compared_without_waiting() -> None:
    before, after = "a b " * 50_000, "b a " * 50_000
    pieces = differences(before, after)
    assert len(pieces) <= 4
    assert put_together(pieces, Sign.GONE) == after
