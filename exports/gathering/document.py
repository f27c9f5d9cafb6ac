"""What is known of one document of a package, and the code book of the recipient's names for people and
things.
"""

from dataclasses import dataclass, field
from typing import Protocol, cast
from uuid import UUID

from exports.package.payload import PayloadFile
from exports.vocabulary import PseudonymKind

INDEX_COLUMNS = (
    "DOCID", "PARENTID", "DOCTYPE", "TITLE", "DOCDATE", "DATE_ESTIMATED", "DATE_PRECISION", "LANGUAGE",
    "IS_TRANSLATION_OF", "IS_REDACTED", "VERSION_KIND", "SOURCE_TYPE", "WITNESS_CODE", "AUTHOR_CODE",
    "COLLECTED_BY_CODE", "CUSTODY_SUMMARY", "CONFIDENTIALITY", "CONDITIONS", "EXCULPATORY_FLAG", "MIME",
    "BYTES", "SHA256", "SHA512", "NATIVEPATH", "TEXTPATH",
)  # fmt: skip


class Codes(Protocol):
    """Gives a subject its code towards this recipient; the same subject always gets the same."""

    def of(self, kind: PseudonymKind, subject: UUID) -> str:
        """Return the code, drawing one when there is none yet."""


@dataclass(slots=True)
class Document:
    """One row of the index, with the files behind it. `native` is the file that the row's digests are of."""

    docid: str
    doctype: str
    title: str
    values: dict[str, str] = field(default_factory=dict)
    files: list[PayloadFile] = field(default_factory=list)
    native: str = ""
    text: str = ""
    expected_sha256: str = ""

    def part(self, number: int) -> "Document":
        """Return a further file of the same exhibit, as a row of its own under this one."""
        values = {**self.values, "PARENTID": self.docid}
        return Document(f"{self.docid}-{number}", self.doctype, self.title, values)

    def row(self, digests: dict[str, tuple[int, str, str]]) -> list[str]:
        """Return the index row; `digests` gives size and digests by path."""
        size, sha256, sha512 = digests.get(self.native, (0, "", ""))
        known = {
            "DOCID": self.docid,
            "DOCTYPE": self.doctype,
            "TITLE": self.title,
            "BYTES": str(size) if self.native else "",
            "SHA256": sha256,
            "SHA512": sha512,
            "NATIVEPATH": self.native,
            "TEXTPATH": self.text,
        }
        return [known.get(column, self.values.get(column, "")) for column in INDEX_COLUMNS]


def coarse(cell: object) -> object:
    """Return a date cell cut to its month: what leaves at the lower tiers."""
    if not isinstance(cell, dict) or not cell.get("value"):
        return cell
    return {"value": str(cell["value"])[:7], "precision": "month", "end": str(cell.get("end", ""))[:7]}


def dated(cell: object) -> dict[str, str]:
    """Return DOCDATE and its precision from a sealed date cell; an empty one says nothing."""
    if not isinstance(cell, dict) or not cell.get("value"):
        return {}
    value = cast("dict[str, str]", cell)
    shown = f"{value['value']}/{value['end']}" if value.get("end") else value["value"]
    exact = value.get("precision") in {"exact_minute", "day"}
    return {
        "DOCDATE": shown,
        "DATE_PRECISION": value.get("precision", ""),
        "DATE_ESTIMATED": "NO" if exact else "YES",
    }
