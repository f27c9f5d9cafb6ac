"""Tables as CSV that a spreadsheet opens as text: UTF-8 with BOM, CRLF, no cell that starts a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # the wide forms too


def neutral(value: object) -> str:
    """Return a cell's text; one that a spreadsheet would compute gets an apostrophe in front (CWE-1236)."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_FORMULA) else text


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the CSV; every row has as many cells as there are columns."""
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        if len(row) != len(columns):
            raise ValueError("a row has another number of cells than there are columns")
        writer.writerow([neutral(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")
