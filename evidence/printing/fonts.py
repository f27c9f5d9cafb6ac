"""Turns the woff2 fonts of the front-end packages into the TTF files that typst reads: `build/fonts/*.ttf`.

The packages cut each family into subsets under one name, and the engine would take one and silently miss the
other's letters. So each subset gets a family name of its own: `Amiri`, `Amiri Latin`, `Amiri Latin Ext`.
`python -m evidence.printing.fonts`, called by `make`.
"""

import os
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "node_modules" / "@fontsource"
TARGET = ROOT / "build" / "fonts"
FAMILIES = ("Amiri", "Vazirmatn")
SUBSETS = {"arabic": "", "latin": " Latin", "latin-ext": " Latin Ext"}
WEIGHTS = {400: "Regular", 700: "Bold"}
_FAMILY, _STYLE, _WHOLE, _POSTSCRIPT = 1, 2, 4, 6
_OTHER_NAMES = (16, 17, 21, 22, 25)  # would speak for the undivided family again


class FontsMissing(Exception):
    """The front-end packages are not installed, so no PDF can be set."""


def _convert(woff: Path, target: Path, *, family: str, style: str) -> None:
    font = TTFont(woff, recalcTimestamp=False)
    font.flavor = None
    names = font["name"]
    said = {_FAMILY: family, _STYLE: style, _WHOLE: f"{family} {style}"}
    said[_POSTSCRIPT] = f"{family.replace(' ', '')}-{style}"
    for number in (*_OTHER_NAMES, *said):
        names.removeNames(nameID=number)
    for number, value in said.items():
        names.setName(value, number, 3, 1, 0x409)
        names.setName(value, number, 1, 0, 0)
    partial = target.with_suffix(f".{os.getpid()}")
    font.save(partial)
    partial.replace(target)


def convert(source: Path = SOURCE, target: Path = TARGET) -> list[Path]:
    """Write every family, subset and weight into `target`; return the files; raises `FontsMissing`."""
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for family in FAMILIES:
        low = family.lower()
        for subset, suffix in SUBSETS.items():
            for weight, style in WEIGHTS.items():
                woff = source / low / "files" / f"{low}-{subset}-{weight}-normal.woff2"
                if not woff.exists():
                    raise FontsMissing(f"{woff.name} is missing: install the front-end packages with `make`")
                path = target / f"{family}{suffix.replace(' ', '')}-{style}.ttf"
                _convert(woff, path, family=family + suffix, style=style)
                made.append(path)
    return made


if __name__ == "__main__":
    sys.stdout.write(f"{len(convert())} fonts in {TARGET.relative_to(ROOT)}\n")
