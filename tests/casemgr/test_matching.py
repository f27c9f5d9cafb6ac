"""Words are found however they are spelled, in bounded time, and shown where they stand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.matching import AROUND, Piece, Wanted, spread, words_in
from cases.names import fold


def finds(asked: str, text: str) -> bool:
    with Wanted(words_in(asked)) as wanted:
        return wanted.are_in(spread(text))


def shown(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("احمد", "جاء أحمد مع أبيه"),
        ("أحمد", "جاء احمد مع ابيه"),
        ("الي", "ذهبنا إلى المشفى"),
        ("مدرسه", "قرب المدرسة القديمة"),
        ("المدرسة", "قرب المدرسه"),
        ("مسوول", "قال المسؤول"),
        ("شاطئ", "على الشاطي"),
        ("سميرة", "قالت سَمِيـــرَة إنها رأتهم"),
        ("بانياس", "في بانـيـاس"),
        ("علی", "اسمه علي"),
        ("2025", "في آذار ٢٠٢٥"),
        ("٢٠٢٥", "March 2025"),
        ("بلاد", "ﺑﻼﺩ"),
        ("اد", "ﺑﻼﺩ"),
        ("SAMIRA", "then samira spoke"),
        ("samira", "SAMÍRA"),
        ("Straße", "in der STRASSE"),
        ("strasse", "in der Straße"),
        ("sa\u200bmira", "Samira"),
        ("W-7K3Q", "w-7k3q"),
        ("roof shot", "He was shot on the roof"),
        ("日本", "in 日本"),
    ],
)
def test_spelling_makes_no_difference(asked: str, text: str) -> None:
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [("roof cellar", "on the roof"), ("ahmad", "أحمد"), (".*", "anything"), ("a|b", "a b"), ("[a-z]", "a")],
)
def test_what_does_not_stand_there_is_not_found(asked: str, text: str) -> None:
    assert not finds(asked, text)


@pytest.mark.parametrize("asked", ["", "   ", "\u064b\u0640", "\u200b\u200f"])
def test_marks_and_spaces_are_no_words(asked: str) -> None:
    assert words_in(asked) == []


@given(st.text(alphabet="اأإآىيئةهـًَ\u200cabAÁßﻻ٣3ك ک", max_size=30), st.integers(0, 29), st.integers(1, 8))
def test_every_part_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if words_in(part):
        assert finds(part, text)
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30), st.text(max_size=60))
def test_pieces_are_the_text_and_nothing_else(asked: str, text: str) -> None:
    with Wanted(words_in(asked) or ["x"]) as wanted:
        assert "".join(piece.text for piece in wanted.mark(text)) == text
        inside = "".join(piece.text for piece in wanted.around(text)).removeprefix("… ").removesuffix(" …")
        assert inside in text


def test_first_hit_is_shown_with_whole_words_around_it_and_marks_kept() -> None:
    text = "before " * 40 + "قالت سَمِيرَةُ ذلك، samira said. " + "after " * 40
    with Wanted(words_in("سميرة samira")) as wanted:
        around = shown(wanted.around(text))
    assert "[سَمِيرَةُ]" in around
    assert "[samira]" in around
    assert around.startswith("… before before")
    assert around.endswith("after …")
    assert len(around) < 3 * AROUND


def test_text_without_spaces_is_cut_all_the_same() -> None:
    with Wanted(["needle"]) as wanted:
        assert len(shown(wanted.around("x" * 5000 + "needle" + "y" * 5000))) < 3 * AROUND


def test_patterns_do_not_outlive_the_search() -> None:
    with Wanted(words_in("canaryword")) as wanted:
        assert wanted.are_in("canaryword")
    assert wanted is not None
    # The cache of `re` is the only place where the words could stay.
    assert not [key for key in vars(re)["_cache"] if "canary" in str(key) or "[Cc" in str(key)]


@pytest.mark.parametrize("asked", ["a" * 100, "(a+)+$" * 16, "a " * 50, "a" * 99 + "b"])
def test_hostile_words_come_to_an_end(asked: str) -> None:
    # Were a sign read as a pattern, or two ways led through a text, this would never return.
    text = "a" * 20_000
    assert finds(asked, text) is (set(asked.split()) <= {"a", "a" * 100})
