"""The custody sheet on paper.

Promise: what is printed is the whole chain as it stands in this moment, with what lets others check it; that
it was printed is a leaf, since it is read; nothing of it is kept. It never holds a name, the collector's
cover, an address, or a digest of what a file shows. Called by the custody page.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import qrcode
from django.utils.translation import gettext as _
from django.utils.translation import override
from qrcode.image.svg import SvgPathImage

from accounts.models import User
from audit.actions import record
from audit.models import Checkpoint
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.permissions import check
from cases.vocabulary import Permission, Precision
from evidence import printing
from evidence.actions.custody import subject
from evidence.models import CollectionRecord, CustodyEvent, EvidenceItem, FileObject
from evidence.printing.typesetting import set_pdf
from evidence.vocabulary import DRAWN, HandOverState, ItemType
from vault.opening import Opened, open_rows
from vault.vocabulary import Purpose

_TEMPLATE = Path(printing.__file__).parent / "custody.typ"
_NOTED = ("when", "place", "purpose", "condition", "seal_no")
Entry = dict[str, object]
Lines = list[tuple[str, str]]


def print_custody_sheet(*, by: User, item: EvidenceItem, language: str) -> bytes:
    """Return the sheet as a PDF, in `en` or `ar`, and record that it was printed."""
    check(by, Permission.EVIDENCE_READ, item.case_id)
    row = EvidenceItem.objects.visible_to(by).select_related("case").filter(pk=item.pk).first()
    if row is None:
        raise ElsewhereRow(subject=subject(item), scope=item.case_id)
    chain = CustodyEvent.objects.visible_to(by).filter(item=row.pk)
    entries = list(chain.select_related("file", "hand_over__receipt").order_by("seq"))
    newest = Checkpoint.objects.order_by("-size").first()
    record(
        Kind.CUSTODY_PRINTED,
        by=by.staff_code,
        subject=subject(row),
        scope=row.case_id,
        facts={
            "number": row.exhibit_no,
            "entries": len(entries),
            "language": language,
            "checkpoint": newest.size if newest is not None else 0,
        },
    )
    with override(language):
        return set_pdf(_TEMPLATE, _Sheet(by, row, entries).content(language, newest))


class _Sheet:
    """What stands on the sheet of one exhibit."""

    def __init__(self, by: User, item: EvidenceItem, entries: Sequence[CustodyEvent]) -> None:
        self._by, self._item, self._entries = by, item, entries
        files = FileObject.objects.visible_to(by).filter(item=item.pk).exclude(copy_kind__in=DRAWN)
        self._files = list(files.select_related("stored").order_by("created_at", "id"))
        self._numbers = {file.pk: number for number, file in enumerate(self._files, start=1)}

    def content(self, language: str, newest: Checkpoint | None) -> dict[str, object]:
        """Gather it all, in words of the language that is active."""
        opened = open_rows([self._item], "type", "title", reader=self._by.staff_code, purpose=Purpose.READ)
        told = opened[self._item.pk]
        return {
            "title": _("Chain of custody"),
            "language": language,
            "number": self._item.exhibit_no,
            "paging": [_("Page"), _("of")],
            "qr": qrcode.make(self._item.exhibit_no, image_factory=SvgPathImage).to_string().decode(),
            "facts": [
                [_("Exhibit"), self._item.exhibit_no],
                [_("Case"), self._item.case.code],
                [_("Type"), str(ItemType(told.text("type")).label)],
                [_("Title"), told.text("title")],
                [_("Who has it now"), self._holder()],
                [_("Printed"), f"{_moment(datetime.now(UTC))}, {self._by.staff_code}"],
            ],
            "parts": self._parts(),
            "checkpoint": _checkpoint(newest),
            "signatures": {
                "heading": _("Signatures"),
                "people": [_("Handed over by"), _("Received by")],
                "lines": [_("Name"), _("Date"), _("Signature")],
            },
        }

    def _parts(self) -> list[dict[str, object]]:
        numbered = _(
            "Numbered without a gap from 1 to %(last)d. Each entry is a leaf of the log, and was never "
            "changed."
        )
        collections = list(self._collections())
        found = [
            _part(
                _("Files"),
                map(self._file, self._files),
                "" if self._files else _("This exhibit has no file."),
            ),
            _part(_("How it was collected"), collections),
            _part(_("Every entry"), self._chain(), numbered % {"last": len(self._entries)}),
        ]
        return found if collections else [found[0], found[2]]

    def _file(self, file: FileObject) -> Entry:
        lines = [(_("Received"), _moment(file.created_at))]
        digest = bytes(file.stored.sealed_digest).hex()
        digests = [(_("Sealed bytes, BLAKE3"), digest)]
        return _entry(self._numbers[file.pk], str(file.get_copy_kind_display()), lines, digests)

    def _holder(self) -> str:
        last = CustodyEvent.holding([self._item.pk]).select_related("hand_over").first()
        if last is None or last.holder_code or last.hand_over is None:
            return last.holder_code if last is not None else ""
        return _("Somebody outside, against a receipt") + f" ({last.seq})"

    def _collections(self) -> Iterable[Entry]:
        """When, by whom and with what: never under which cover, nor at which address."""
        records = CollectionRecord.newest(CollectionRecord.objects.visible_to(self._by), self._item.pk)
        rows = list(records.select_related("created_by", "collector"))
        fields = ("collected", "tool", "tool_version")
        opened = open_rows(rows, *fields, reader=self._by.staff_code, purpose=Purpose.READ)
        for number, row in enumerate(rows, start=1):
            told = opened[row.pk]
            tool = " ".join(filter(None, (told.text("tool"), told.text("tool_version"))))
            lines = [(_("Collected by"), row.collected_by.staff_code), (_("Tool and its version"), tool)]
            shown = [(str(self._numbers[pk]), word) for pk, word in row.kept() if pk in self._numbers]
            lines += [(_("File"), f"{one}: {word}") for one, word in shown]
            yield _entry(number, _date(told.json("collected")), lines)

    def _chain(self) -> Iterable[Entry]:
        reader = self._by.staff_code
        notes = open_rows(self._entries, *_NOTED, reader=reader, purpose=Purpose.READ)
        passed = [entry.hand_over for entry in self._entries if entry.hand_over is not None]
        said = open_rows(passed, "outside", "reference", "answer", reader=reader, purpose=Purpose.READ)
        for entry in self._entries:
            given = said[entry.hand_over_id] if entry.hand_over_id is not None else None
            lines = [(_("Written"), _moment(entry.created_at)), (_("By whom"), _hands(entry))]
            lines += self._about(entry.file_id)
            lines += [*_passed(entry, given), *_noted(notes[entry.pk])]
            yield _entry(entry.seq, str(entry.get_event_display()), lines, self._digests(entry))

    def _about(self, file: UUID | None) -> Lines:
        return [(_("File"), str(self._numbers[file]))] if file in self._numbers else []

    def _digests(self, entry: CustodyEvent) -> Lines:
        """Of a hand-over both: what was proposed, and what was confirmed."""
        if entry.hand_over is not None:
            by_file = {file.pk: bytes(file.stored.sealed_digest).hex() for file in self._files}
            passed = [(UUID(pk), digest) for pk, digest in sorted(entry.hand_over.handed.items())]
            known = [one for one in passed if one[0] in by_file]
            moments = [_("when proposed"), _("when confirmed")]
            if entry.hand_over.state != HandOverState.CONFIRMED:
                moments = [_("when it was handed over")]
            return [
                (f"{self._numbers[pk]}, {moment}", said)
                for pk, digest in known
                for moment, said in zip(moments, (digest, by_file[pk]), strict=False)
            ]
        return [("BLAKE3", bytes(entry.sealed_digest).hex())] if entry.sealed_digest else []


def _entry(number: int, head: str, lines: Lines, digests: Lines = ()) -> Entry:  # type: ignore[assignment]  # nothing is written to it
    told = [(f"{name}:", value) for name, value in lines if value]
    return {"number": str(number), "head": head, "lines": told, "digests": [*digests]}


def _part(heading: str, entries: Iterable[Entry], note: str = "") -> dict[str, object]:
    return {"heading": heading, "note": note, "entries": list(entries)}


def _hands(entry: CustodyEvent) -> str:
    if entry.hand_over_id is None and not entry.to_code:
        return entry.by_code
    return f"{entry.by_code} > {entry.to_code or _('outside')}"


def _passed(entry: CustodyEvent, said: Opened | None) -> Lines:
    if said is None or entry.hand_over is None:
        return []
    if entry.to_code:
        return [(_("Confirmed"), _("by both sides")), (_("What the receiver said"), said.text("answer"))]
    receipt = said.text("reference") or _("kept as a file")
    return [
        (_("To somebody outside this system"), said.text("outside")),
        (_("Not confirmed here; signed receipt"), receipt),
    ]


def _noted(told: Opened) -> Lines:
    return [
        (_("Happened"), _date(told.json("when"))),
        (_("What for"), told.text("purpose")),
        (_("Where"), told.text("place")),
        (_("Condition"), told.text("condition")),
        (_("Number on the seal"), told.text("seal_no")),
    ]


def _checkpoint(newest: Checkpoint | None) -> dict[str, object]:
    note = _("No checkpoint has been signed yet.")
    if newest is not None:
        note = _(
            "Signed %(at)s over %(size)d entries of the log. Whoever keeps this sheet can show later that "
            "the log was not rewritten."
        ) % {"at": _moment(newest.signed_at), "size": newest.size}
    lines = [line for line in newest.note.splitlines() if line] if newest is not None else []
    return {"heading": _("Newest checkpoint of the log"), "note": note, "lines": lines}


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _date(cell: object) -> str:
    """A date as exactly as it is known: its text, until when, and how exactly."""
    if not isinstance(cell, dict) or not cell.get("value"):
        return ""
    value = " / ".join(str(cell[name]).replace("T", " ") for name in ("value", "end") if cell.get(name))
    return f"{value} ({Precision(cell['precision']).label})" if cell.get("precision") else value
