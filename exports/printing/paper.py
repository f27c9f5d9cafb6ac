"""A paper: a title, facts, parts with sentences and tables, lines to sign. Print first, in two directions.

Promise: what the page shows and what the PDF says is one and the same value, made in the language that is
asked for; it holds what it is given and opens nothing. Made by the modules beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from evidence.printing.typesetting import set_pdf

LANGUAGES: Final = ("en", "ar")
_TEMPLATE: Final = Path(__file__).parent / "paper.typ"
_LOCALES: Final = {"ar": "ar_SY", "en": "en_GB"}


class Machine(str):
    """A code, a number, a digest: it reads from left to right in every language."""

    __slots__ = ()
    is_machine: Final = True


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, sentences, and a table where there is one."""

    heading: str
    sentences: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows with the name of its column beside each cell, for a page too narrow for a table."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper in one language."""

    title: str
    language: str
    number: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    signatures: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"


def chosen_language(asked: str) -> str:
    """Return the language of a paper: the one that is asked for, else that of the reader."""
    return asked if asked in LANGUAGES else ("ar" if (get_language() or "en").startswith("ar") else "en")


def day(moment: date | datetime) -> str:
    """A day as people in Syria, or in Britain, write it."""
    value = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    locale = _LOCALES["ar" if (get_language() or "en").startswith("ar") else "en"]
    return str(format_date(value, "d MMMM y", locale=locale))


def paper_pdf(paper: Paper) -> bytes:
    """Return the paper as a PDF on A4."""
    with override(paper.language):
        paging = [_("Page"), _("of")]
    content: dict[str, object] = {
        "title": paper.title,
        "language": paper.language,
        "number": paper.number,
        "paging": paging,
        "facts": [list(one) for one in paper.facts],
        "parts": [
            {
                "heading": part.heading,
                "sentences": list(part.sentences),
                "columns": list(part.columns),
                "rows": _plain(part.rows),
            }
            for part in paper.parts
        ],
        "signatures": list(paper.signatures),
    }
    return set_pdf(_TEMPLATE, content)


def _plain(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]
