"""Sets PDFs with typst. Text travels as data, never as markup: what a witness said cannot be a command."""

import json
from collections.abc import Mapping
from pathlib import Path

import typst

from exports.fonts import TARGET, FontsMissing

_TEMPLATES = Path(__file__).parent / "typst"
_FAMILY = "Amiri"


def _fonts() -> typst.Fonts:
    """Return our fonts alone; with any missing typst would silently draw another face, not to be read."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[TARGET])
    if not {_FAMILY, f"{_FAMILY} Latin"} <= set(fonts.families()):
        raise FontsMissing("the fonts for PDFs are missing: run `make`")
    return fonts


def set_pdf(template: str, content: Mapping[str, object]) -> bytes:
    """Return the PDF of a template (`statement`, `transmittal`, `summary`) over JSON-ready `content`."""
    made = typst.Compiler(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        package_path=_TEMPLATES,
        package_cache_path=_TEMPLATES,
    ).compile(format="pdf", timestamp=0)
    if not isinstance(made, bytes):
        raise FontsMissing("typst gave no document")
    return made
