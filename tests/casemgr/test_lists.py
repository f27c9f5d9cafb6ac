"""Every table of the house: it stacks on a narrow screen, keeps its head, and its rows open by keyboard."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for path in ROOT.glob("*/templates/**/*.html")
    if "<table" in path.read_text() and path.parent.name != "parts"
)
# Tables whose rows lead nowhere, because there is no page of such a row.
WITHOUT_A_PAGE = {
    "account_detail.html": "sessions of one's own",
    "case_log.html": "events",
    "custodian_members.html": "members of a directory, whole in their line",
    "custody_list.html": "the chain of one exhibit",
    "drill_list.html": "how every two custodians stand",
    "hold_list.html": "holds, whole in their line",
    "finding_list.html": "figures of others, whole in their line",
    "integrity_house.html": "what no case holds, whole in its line",
    "integrity_page.html": "runs of checks, whole in their line",
    "paper.html": "a letter that is printed",
    "redaction_detail.html": "boxes and spans of one set, whole in their line",
    "session_report.html": "answers of a comparison, whole in their line",
}


def _named(path: Path) -> str:
    return path.name


def test_tables_are_found() -> None:
    assert len(TEMPLATES) > 15


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_table_stands_in_a_frame_and_stacks(path: Path) -> None:
    text = path.read_text()
    tables = text.count("<table")
    assert text.count('<table class="table table-stack"') == tables
    # Nothing scrolls sideways: the head can stay, and no frame needs a stop of the keyboard.
    assert text.count('<div class="table-frame">') == tables


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_table_says_what_it_is_and_each_cell_too(path: Path) -> None:
    text = path.read_text()
    assert text.count("<caption") == text.count("<table")
    assert re.findall(r"<td(?![^>]*\bdata-label=)[^>]*>", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_rows_open_by_keyboard(path: Path) -> None:
    has_link = "row-link" in path.read_text()
    assert has_link != (path.name in WITHOUT_A_PAGE)


TEXTS = {
    str(path.relative_to(next(up for up in path.parents if up.name == "templates"))): path.read_text()
    for path in ROOT.glob("*/templates/**/*.html")
}


def _sends(name: str) -> bool:
    """Tell whether a part holds a form that is posted, itself or through a part of its own."""
    text = TEXTS.get(name, "")
    inner = re.findall(r'{% include "([^"]+)"', text)
    return "{% csrf_token %}" in text or any(_sends(one) for one in inner if one != name)


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if " only %}" in text])
def test_no_part_with_a_form_is_cut_off_from_its_token(name: str) -> None:
    alone = re.findall(r'{% include "([^"]+)"[^%]* only %}', TEXTS[name])
    assert [one for one in alone if _sends(one)] == []
