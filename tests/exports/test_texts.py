"""Tables, PDFs and the first leak guard."""

import csv
import re
import unicodedata
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest

from evidence.printing import fonts
from exports.package import errors
from exports.package.guard import Guard
from exports.package.tables import neutral, table
from exports.package.typesetting import set_pdf

ARABIC = (
    "في صباح التاسع من آذار، قرابة العاشرة، دخل بيتنا رجال مسلحون. أخذوا زوجي إلى السطح. سمعت صوتا. "
    "بعد أن خرجوا صعدت ورأيته ملقى، وقد أصيب في رأسه.\n\nعندي ست صور تظهر ما رأيته على السطح."
)
INSIDE = "0b8f6a52-3e57-4c39-9d3a-0c8e4f1f7a11"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM", "\t=1", "\r=1", "\n=1", " =1", "=cmd|' /C calc'!A0"]
)
def test_formula_becomes_text(cell: str) -> None:
    assert neutral(cell).startswith("'")


@pytest.mark.parametrize("cell", ["W-7K3Q", "2025-03-09", "ثمانية", "", "a=b", 7])
def test_ordinary_cell_stays_as_it_is(cell: object) -> None:
    assert neutral(cell) == str(cell)


def test_table_opens_as_utf8_with_bom_and_keeps_odd_cells() -> None:
    content = table(("CODE", "TEXT"), [("W-7K3Q", 'two\nlines, "quoted"'), ("ب", None)])
    assert content.startswith(b"\xef\xbb\xbfCODE,TEXT\r\n")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [["W-7K3Q", 'two\nlines, "quoted"'], ["ب", ""]]


def test_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="cells"):
        table(("A", "B"), [("1",)])


@pytest.mark.parametrize(
    "text",
    [
        "seen by INV-07 today", "(inv-07)", "INV\u201107", "INV - 07", "IN\u200bV-07", INSIDE, INSIDE.upper(),
        INSIDE.replace("-", ""), "W-7K3Q said",
    ],
)  # fmt: skip
def test_guard_finds_what_stays_inside(text: str) -> None:
    guard = Guard(["INV-07", "W-7K3Q"], [INSIDE])
    guard.look("data/a.txt", text)
    with pytest.raises(errors.Leak) as caught:
        guard.close()
    assert text not in str(caught.value)
    assert caught.value.places[0].startswith("data/a.txt: ")


@pytest.mark.parametrize(
    "text", ["INV-071", "XINV-07", "W-7K3QX", "7K3Q", "11111111-2222-3333-4444-555555555555", ""]
)
def test_guard_leaves_other_words_alone(text: str) -> None:
    guard = Guard(["INV-07", "W-7K3Q"], [INSIDE])
    guard.look("data/a.txt", text)
    guard.close()


def words(text: str) -> set[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKC", text) if not unicodedata.combining(char))
    return set(re.findall(r"\w+", plain))


def extracted(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def embedded(pdf: bytes) -> set[str]:
    return {name.decode().split("+")[-1] for name in re.findall(rb"/BaseFont\s*/([^\s/]+)", pdf)}


def statement(text: str, language: str) -> bytes:
    facts = [["Witness", "W-7K3Q"], ["Recorded", "2025-03-09"]]
    return set_pdf(
        "statement",
        {
            "title": "Statement",
            "language": language,
            "number": "EXP-2025-000007",
            "facts": facts,
            "text": text,
        },
    )


def test_arabic_statement_can_be_read_out_of_its_pdf() -> None:
    found, expected = words(extracted(statement(ARABIC, "ar"))), words(ARABIC)
    assert len(expected & found) / len(expected) > 0.9


def test_code_and_date_can_be_read_out_of_an_english_pdf() -> None:
    found = extracted(statement("One.", "en"))
    assert "W-7K3Q" in found
    assert "EXP-2025-000007" in found


def test_pdf_embeds_our_fonts_and_no_other() -> None:
    pdf = statement(f"{ARABIC}\n\nEnglish, dévoilé, Łódź.", "ar")
    assert {name.split("-")[0] for name in embedded(pdf)} == {"Amiri", "AmiriLatin", "AmiriLatinExt"}


def test_pdf_is_the_same_each_time_and_names_no_author() -> None:
    pdf = statement("One.", "en")
    assert pdf == statement("One.", "en")
    assert pypdfium2.PdfDocument(pdf).get_metadata_dict(skip_empty=True).keys() <= {
        "Title",
        "Creator",
        "Producer",
    }


def test_markup_in_a_statement_stays_words() -> None:
    text = '#read("page.typ") *b* _i_ $x$ [y] <l> @r \\ // c'
    assert '#read("page.typ") *b* _i_ $x$ [y] <l> @r \\ // c' in extracted(statement(text, "en"))


def test_missing_front_end_packages_are_named(tmp_path: Path) -> None:
    with pytest.raises(fonts.FontsMissing, match="amiri-arabic-400-normal"):
        fonts.convert(tmp_path, tmp_path / "out")
