"""Exhibits as they are delivered: the file, and beside it what is known of it, in words and codes."""

import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TypeVar, cast

from evidence.decoding.kinds import known
from evidence.models import CustodyEvent, EvidenceItem, FileObject, MediaRecord, Verification
from evidence.vocabulary import DRAWN, CopyKind, CustodyKind, EvidenceRole
from exports.gathering.document import Codes, Document, coarse, dated
from exports.gathering.hands import hands
from exports.models import Export, ExportItem
from exports.package.payload import PayloadFile, of_bytes
from exports.vocabulary import PseudonymKind
from exports.weighing import REDACTED_ONLY, Weighed
from vault.files import open_file
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose

Row = TypeVar("Row", CustodyEvent, Verification)
CELLS = (
    "type",
    "title",
    "description",
    "restrictions",
    "traits",
    "recorded",
    "published",
    "obtained",
    "place",
)


def gather_exhibits(
    export: Export, answered: list[tuple[ExportItem, Weighed]], codes: Codes, *, reader: str, stack: ExitStack
) -> list[Document]:
    """Open what is said of the exhibits in one call, each file for streaming; `stack` closes them."""
    items = {item.pk: cast("EvidenceItem", weighed.target) for item, weighed in answered}
    opened = open_rows(items.values(), *CELLS, reader=reader, purpose=Purpose.EXPORT)
    files = [file for _, weighed in answered for file in weighed.files]
    mimes = _mimes(files, reader)
    events = CustodyEvent.objects.filter(item__in=items.values()).select_related("file")
    custody = _by_item(events.order_by("item", "seq"))
    checks = _by_item(Verification.objects.filter(item__in=items.values()).order_by("item", "created_at"))
    documents = []
    for item, weighed in answered:
        exhibit = items[item.pk]
        words = Words(
            export, codes, opened[exhibit.pk], custody.get(exhibit.pk, []), checks.get(exhibit.pk, [])
        )
        document = words.document(item, exhibit)
        document.files.append(of_bytes(f"{_folder(item)}/item.json", words.json(document)))
        document.text = f"{_folder(item)}/item.json"
        documents.append(document)
        for number, file in enumerate(weighed.files, start=1):
            part = document if number == 1 else document.part(number)
            mime = mimes.get(file.pk, "application/octet-stream")
            stem = f"{_folder(item)}/file-{number}"
            _deliver(part, file, stem=stem, mime=mime, reader=reader, stack=stack)
            documents.extend([part] if number > 1 else [])
    return documents


def _is_preview(file: FileObject | None) -> bool:
    return file is not None and file.copy_kind in DRAWN


def _folder(item: ExportItem) -> str:
    return f"data/evidence/{item.exported_id}"


def _by_item(rows: Iterable[Row]) -> dict[object, list[Row]]:
    found: dict[object, list[Row]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def _mimes(files: list[FileObject], reader: str) -> dict[object, str]:
    records = list(MediaRecord.newest_of(file.pk for file in files))
    opened = open_rows(records, "metadata", reader=reader, purpose=Purpose.EXPORT)
    found: dict[object, str] = {}
    for record in records:
        metadata = opened[record.pk].json("metadata")
        if isinstance(metadata, dict) and isinstance(metadata.get("mime"), str):
            found[record.file_id] = metadata["mime"]
    return found


def _deliver(
    document: Document, file: FileObject, *, stem: str, mime: str, reader: str, stack: ExitStack
) -> None:
    opened = stack.enter_context(open_file(file.stored, reader=reader, purpose=Purpose.EXPORT))
    path = f"{stem}.{known(mime).suffix}"
    document.files.append(
        PayloadFile(path, opened.length, cast("Callable[[], Iterable[bytes]]", opened.__iter__))
    )
    document.native = path
    document.expected_sha256 = opened.digests.sha256.hex()
    redacted = file.copy_kind == CopyKind.REDACTED
    document.values |= {
        "MIME": mime,
        "IS_REDACTED": "YES" if redacted else "NO",
        "VERSION_KIND": file.copy_kind,
    }


class Words:
    """What a package says of one exhibit."""

    def __init__(
        self,
        export: Export,
        codes: Codes,
        opened: Opened,
        custody: list[CustodyEvent],
        checks: list[Verification],
    ) -> None:
        self._export, self._codes, self._opened = export, codes, opened
        self._custody, self._checks = custody, checks
        self._sides = hands(export, custody, codes)

    def document(self, item: ExportItem, exhibit: EvidenceItem) -> Document:
        """Return the index row's values."""
        traits = cast("dict[str, object]", self._opened.json("traits") or {})
        contrary = traits.get("role") == EvidenceRole.EXCULPATORY
        witness = self._codes.of(PseudonymKind.WITNESS, exhibit.witness_id) if exhibit.witness_id else ""
        values = {
            **dated(self._date("recorded")),
            "SOURCE_TYPE": "witness" if witness else "other",
            "WITNESS_CODE": witness,
            "COLLECTED_BY_CODE": self._codes.of(PseudonymKind.STAFF, exhibit.created_by_id),
            "CUSTODY_SUMMARY": f"{len(self._custody)} events, unbroken numbering"
            if self._unbroken()
            else "see custody",
            "CONFIDENTIALITY": self._export.tier,
            "EXCULPATORY_FLAG": "YES" if contrary else "NO",
        }
        title = (
            self._opened.text("title")
            if self._export.tier not in REDACTED_ONLY
            else self._opened.text("type")
        )
        return Document(item.exported_id, self._opened.text("type").upper(), title, values)

    def _date(self, name: str) -> object:
        cell = self._opened.json(name)
        return coarse(cell) if self._export.tier in REDACTED_ONLY else cell

    def _unbroken(self) -> bool:
        return [event.seq for event in self._custody] == list(range(1, len(self._custody) + 1))

    def json(self, document: Document) -> bytes:
        """Return `item.json`: what, when, where, how it was verified, and its custody."""
        told: dict[str, object] = {
            "docid": document.docid,
            "type": self._opened.text("type"),
            "title": document.title,
            "witness": document.values["WITNESS_CODE"],
            "recorded": self._date("recorded"),
            "published": self._date("published"),
            "obtained": self._date("obtained"),
            "verification": [
                {"method": check.method, "on": f"{check.created_at:%Y-%m-%d}"} for check in self._checks
            ],
            "custody": [
                {"number": event.seq, "event": event.event, **self._sides[event.pk].told()}
                for event in self._custody
            ],
            "left_out": [
                {"custody": event.seq, "why": "the stored bytes of a file were lost; it was set aside"}
                for event in self._custody
                if event.event == CustodyKind.SET_ASIDE and not _is_preview(event.file)
            ],
        }
        if self._export.tier not in REDACTED_ONLY:
            told |= {"description": self._opened.text("description"), "place": self._opened.text("place")}
        return (json.dumps(told, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()
