"""Names that are one, or sound like one, in both scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.names import fold, is_same, sound, sounds_like, stands_in, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Samira", "سميرة"),
        ("Ahmad", "أحمد"),
        ("Ahmed", "Ahmad"),
        ("Youssef", "يوسف"),
        ("Wael", "وائل"),
        ("Laila", "ليلى"),
        ("Khadija", "خديجة"),
        ("Shaimaa", "شيماء"),
        ("Kassem", "قاسم"),
        ("Ma7moud", "محمود"),
        ("al-Hasan", "الحسن"),
        ("Abdallah", "عبد الله"),
        ("Ali", "علي"),
    ],
)
def test_one_name_in_two_spellings_sounds_alike(one: str, other: str) -> None:
    assert sounds_like(one, [other])
    assert sounds_like(other, ["somebody else", one])


@pytest.mark.parametrize(("one", "other"), [("Lama", "Samira"), ("Nour", "Al Ahmad"), ("Mai", "أم أحمد")])
def test_different_names_do_not(one: str, other: str) -> None:
    assert not sounds_like(one, [other])


def test_prose_counts_only_where_much_is_shared() -> None:
    assert sounds_like("Nour", ["lives near the sea"])
    assert not sounds_like("Nour", ["lives near the sea"], least=3)
    assert sounds_like("Nour", ["came with Nour"], least=3)


def test_same_is_written_alike_but_for_case_marks_and_unseen_signs() -> None:
    assert is_same("  Samira ", "SAMÍRA")
    assert is_same("سَمِيرَة", "سميره")
    assert is_same("Sa\u200bmira", "Samira")
    assert not is_same("Lama 1", "Lamia 1")
    assert not is_same("Lama 1", "Lama 2")
    assert not is_same("", "")


def test_a_word_stands_in_a_text_whole() -> None:
    assert stands_in("Samira", ["I called samira twice"])
    assert not stands_in("Sam", ["I called Samira twice"])
    assert not stands_in("أم أحمد", ["كانت أم علي هناك"])


@given(st.text(max_size=40))
def test_any_text_can_be_asked(text: str) -> None:
    for word in words_of(text):
        assert sound(word) == sound(word.upper().casefold()) or not word.isascii()
    assert is_same(text, text) or not words_of(text)
    assert fold(fold(text)) == fold(text)
