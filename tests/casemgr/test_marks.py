"""How values are printed: isolated, escaped, and no more exactly than they are known."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import TextChoices
from django.template import Context, Template
from django.utils.translation import override

from casemgr.templatetags import marks
from casemgr.templatetags.icons import STROKES

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Weather(TextChoices):
    RETURNED = "returned", "Sent back"


def plain(markup: str) -> str:
    """Return the words of a piece of markup, as a reader meets them."""
    text = Template("{{ markup|striptags }}").render(Context({"markup": markup}))
    return " ".join(text.split())


def test_machine_value_is_isolated_and_escaped() -> None:
    assert marks.machine("<b>&") == '<bdi dir="ltr" class="machine">&lt;b&gt;&amp;</bdi>'


def test_only_a_long_machine_value_may_break() -> None:
    assert "machine-long" not in marks.machine("BAN-WT-0001")
    assert "machine-long" in marks.machine(HASH)


def test_state_is_a_word_with_a_shape() -> None:
    shown = marks.state(Weather.RETURNED)
    assert "state-caution" in shown
    assert STROKES["caution"] in shown
    assert "Sent back" in shown


def test_stored_state_takes_its_label_from_the_page() -> None:
    assert plain(marks.state("in_review", "Being reviewed")) == "Being reviewed"
    assert plain(marks.state("in_review")) == "in review"


def test_state_that_nobody_named_has_a_shape_too() -> None:
    assert STROKES["begun"] in marks.state("unheard of")


@pytest.mark.parametrize(
    ("value", "precision", "end", "english", "arabic"),
    [
        ("2025-03-09T10:04", "exact_minute", "", "9 March 2025, 10:04", "9 آذار 2025، 10:04"),
        ("2025-03-09T10:00", "hour", "", "9 March 2025, about 10:00", "9 آذار 2025، نحو 10:00"),
        ("2025-03-09", "day", "", "9 March 2025", "9 آذار 2025"),
        ("2025-03-09", "month", "", "March 2025", "آذار 2025"),
        ("2025-03", "month", "", "March 2025", "آذار 2025"),
        ("2025", "year", "", "2025", "2025"),
        ("2025-03", "estimate", "", "about March 2025", "نحو آذار 2025"),
        ("2025-03-09", "before", "", "before 9 March 2025", "قبل 9 آذار 2025"),
        ("2025-03-09", "after", "", "after 9 March 2025", "بعد 9 آذار 2025"),
        (
            "2025-03-08",
            "between",
            "2025-03-09",
            "between 8 March 2025 and 9 March 2025",
            "بين 8 آذار 2025 و9 آذار 2025",
        ),
        ("", "unknown", "", "date not known", "التاريخ غير معروف"),
        ("2025-03-09", "unknown", "", "date not known", "التاريخ غير معروف"),
    ],
)
def test_date_is_as_exact_as_it_is_known(
    value: str, precision: str, end: str, english: str, arabic: str
) -> None:
    with override("en"):
        assert plain(marks.dated(value, precision, end)) == english
        assert plain(marks.dated({"value": value, "precision": precision, "end": end})) == english
    with override("ar"):
        assert plain(marks.dated(value, precision, end)) == arabic


def test_only_a_known_day_is_machine_readable() -> None:
    assert 'datetime="2025-03-09"' in marks.dated("2025-03-09", "day")
    assert "datetime" not in marks.dated("2025-03-09", "month")
    assert "datetime" not in marks.dated("2025-03-09", "before")


def test_dates_of_python_are_dates_too() -> None:
    assert plain(marks.dated(date(2025, 3, 9), "day")) == "9 March 2025"
    assert (
        plain(marks.dated(datetime(2025, 3, 9, 10, 4, tzinfo=UTC), "exact_minute")) == "9 March 2025, 10:04"
    )
    assert plain(marks.dated(None)) == "date not known"


def test_date_from_a_stranger_is_escaped() -> None:
    assert "<b>" not in marks.dated({"value": "2025-03-09", "precision": "<b>", "end": "<b>"})


def test_moment_names_its_zone() -> None:
    assert plain(marks.moment(datetime(2025, 3, 9, 10, 4, tzinfo=UTC))) == "9 Mar 2025 10:04 UTC"
    assert plain(marks.moment(None)) == "not yet"


def test_hash_is_short_to_read_and_whole_to_copy() -> None:
    for value in (HASH, bytes.fromhex(HASH), memoryview(bytes.fromhex(HASH))):
        shown = marks.digest(value)
        assert ">9f86d081…b0f00a08<" in shown
        assert f'data-copy="{HASH}"' in shown
    assert plain(marks.digest(None)) == "not computed yet"


def test_sealed_value_is_a_chip_and_opens_by_a_verb() -> None:
    assert plain(marks.sealed("Samira")) == "Sealed: Samira"
    assert 'href="/open"' in marks.sealed("Name", "/open", "Open the name")
    assert "<script>" not in marks.sealed("<script>")


def test_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        marks.icon("no such sign")
