"""Sets PDFs with typst. Text travels as data, never as markup: what a witness said cannot be a command.

Every document begins with the shared sheet (`page.typ`); nothing else can be read while it is set.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import typst

from evidence.printing.fonts import TARGET, FontsMissing

_HERE = Path(__file__).parent
_FAMILY = "Amiri"


def _fonts() -> typst.Fonts:
    """Return our fonts alone; with any missing typst would silently draw another face, not to be read."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[TARGET])
    if not {_FAMILY, f"{_FAMILY} Latin"} <= set(fonts.families()):
        raise FontsMissing("the fonts for PDFs are missing: run `make`")
    return fonts


def set_pdf(template: Path, content: Mapping[str, object]) -> bytes:
    """Return the PDF of a template, a file that follows on `page.typ`, over JSON-ready `content`."""
    made = typst.Compiler(
        (_HERE / "page.typ").read_bytes() + template.read_bytes(),
        root=_HERE,
        font_paths=_fonts(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        package_path=_HERE,
        package_cache_path=_HERE,
    ).compile(format="pdf", timestamp=0)
    if not isinstance(made, bytes):
        raise FontsMissing("typst gave no document")
    return made
