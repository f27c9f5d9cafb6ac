"""Colours of the house: every pair of words and ground at 4.5:1 or better, light and dark (WCAG 1.4.3)."""

import re
from pathlib import Path

import pytest

SHEETS = Path(__file__).resolve().parents[2] / "casemgr" / "static" / "casemgr"
GROUNDS = ("paper", "sheet", "well")
PAIRS = [
    *((ink, ground) for ground in GROUNDS for ink in ("ink", "ink-soft", "accent", "accent-strong")),
    *((ink, ground) for ground in ("paper", "sheet") for ink in ("danger", "caution", "done")),
    *((ink, f"{ink}-soft") for ink in ("accent", "danger", "caution", "done")),
    *(("ink", f"{ground}-soft") for ground in ("accent", "danger", "caution", "done")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-danger", "danger-strong"),
    ("caution", "strip"),
]
BORDERS = [(line, ground) for line in ("line-strong", "focus") for ground in ("paper", "sheet")]


def tokens(mode: str) -> dict[str, str]:
    """Return the colours in force; dark ones stand over light ones."""
    names = ("tokens.css",) if mode == "light" else ("tokens.css", "dark.css")
    text = "".join((SHEETS / name).read_text() for name in names)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_stand_out_from_their_ground(mode: str) -> None:
    colours = tokens(mode)
    weak = [(ink, ground) for ink, ground in PAIRS if contrast(colours[ink], colours[ground]) < 4.5]
    assert weak == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_borders_of_controls_stand_out(mode: str) -> None:
    colours = tokens(mode)
    weak = [(line, ground) for line, ground in BORDERS if contrast(colours[line], colours[ground]) < 3]
    assert weak == []


def test_night_gives_every_colour_its_own_value() -> None:
    light = set(re.findall(r"--([a-z-]+): #[0-9a-f]{6};", (SHEETS / "tokens.css").read_text()))
    dark = set(re.findall(r"--([a-z-]+): #[0-9a-f]{6};", (SHEETS / "dark.css").read_text()))
    assert light == dark


def test_sheets_know_no_left_and_no_right() -> None:
    physical = re.compile(
        r"(?<![\w-])(?:(?:margin|padding|border)-)?(?:left|right)[\w-]*\s*:"
        r"|(?:text-align|float|clear):\s*(?:left|right)"
    )
    assert physical.search("a { border-left-width: 1px }")
    assert physical.search("a { text-align: right }")
    for sheet in SHEETS.glob("*.css"):
        assert physical.findall(sheet.read_text()) == [], sheet.name
