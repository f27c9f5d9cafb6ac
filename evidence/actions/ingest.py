"""The checks that every received file is owed: hashed again, looked into, given a preview.

Promise: nothing counts as checked before its stored bytes were opened and compared with what arrived; each
step may be repeated and changes nothing the second time; what programs say of a file is sealed; what we draw
of it carries nothing of the original but its picture. Called by the task alone, with the rights of the person
whom the owed row names, asked again at each step.
"""

import hmac
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import NotVisible
from cases.permissions import can, check, refuse_locked
from cases.vocabulary import Permission
from evidence.actions.custody import append_custody, subject
from evidence.actions.files import index_of, scope_of
from evidence.actions.fixity import fail_stored, release_sound
from evidence.decoding.chamber import Report
from evidence.models import EvidenceItem, FileObject, IngestJob, MediaRecord
from evidence.scanning import CLEAN, SILENT
from evidence.vocabulary import CopyKind, CustodyKind, FileFlag, FileState, FixityResult, FrozenReason
from vault.errors import Missing, NotVerified
from vault.files import Digests, FileSealer, SealedReader, open_file
from vault.opening import open_row
from vault.rows import SealedRow
from vault.vocabulary import Purpose

_NAMES = {CopyKind.THUMBNAIL: "preview.jpg", CopyKind.OVERVIEW: "overview.jpg"}


@dataclass(frozen=True, slots=True)
class Received:
    """A file opened for its checks: its name as claimed, and what arrived."""

    file: FileObject
    opened: SealedReader
    filename: str
    arrived: Digests

    @property
    def is_hashed(self) -> bool:
        """The stored bytes were compared before; only the look inside is owed."""
        return self.file.check_state == FileState.HASHED


def open_received(*, by: User, file: UUID) -> Received | None:
    """Open a file that is owed something; None where nothing is owed or the stored bytes are not there."""
    row = _mine(by, file)
    if not _is_owed(row):
        return None
    reader = by.staff_code
    told = open_row(row, "filename", "sha256", "blake3", "length", reader=reader, purpose=Purpose.INTEGRITY)
    arrived = Digests(
        bytes.fromhex(told.text("sha256")), bytes.fromhex(told.text("blake3")), int(told.text("length"))
    )
    try:
        opened = open_file(row.stored, reader=reader, purpose=Purpose.INTEGRITY)
    except Missing:
        fail_stored(row.stored_id, by=by, result=FixityResult.MISSING, reason=FrozenReason.RECEIPT)
        return None
    except NotVerified:
        fail_stored(row.stored_id, by=by, result=FixityResult.DAMAGED, reason=FrozenReason.RECEIPT)
        return None
    return Received(row, opened, told.text("filename"), arrived)


def rehash(opened: SealedReader) -> Digests:
    """Open every segment and digest what it holds. Raises `Damaged`. Needs no transaction."""
    return Digests.over(opened.passing())


def note_hashed(*, by: User, received: Received, found: Digests | None) -> bool:
    """Compare what is stored with what arrived; None stands for bytes that did not open.

    Tell whether they are the same. What is not is flagged, its exhibit frozen, and an alert raised.
    """
    row = _locked(by, received.file.pk)
    if not _is_owed(row):
        return False
    if found is None or not _same(found, received.arrived):
        fail_stored(row.stored_id, by=by, result=FixityResult.DAMAGED, reason=FrozenReason.RECEIPT)
        return False
    if row.check_state == FileState.HASHED:
        return True
    if row.flag == FileFlag.DAMAGED and _came_again(row):
        return False  # the same content was received once more meanwhile; this one stays as it is
    row.check_state, row.flag, row.intact_at = FileState.HASHED, "", timezone.now()
    row.save(update_fields=["check_state", "flag", "intact_at"])
    append_custody(row.item, CustodyKind.FIXITY_OK, by=by, kind=Kind.EVIDENCE_HASHED, file=row, rows=[row])
    release_sound(EvidenceItem.objects.get(pk=row.item_id), by=by)
    return True


def note_unscanned(*, by: User, job: IngestJob) -> None:
    """Let a file wait for the scanner, which gave no answer; an event says so when it begins to wait.

    Whoever answers for the bytes of the case is told what waits, and since when.
    """
    row = _locked(by, job.file_id)
    if job.reason != SILENT:
        record(
            Kind.SCAN_UNANSWERED,
            by=by.staff_code,
            subject=subject(row.item),
            scope=row.case_id,
            facts={"number": row.item.exhibit_no, "file": str(row.pk)},
        )
    job.put_off(SILENT)


def note_report(*, by: User, file: UUID, report: Report | None) -> FileObject:
    """Keep what a look inside found, with a preview where there is one. Repeated, it changes nothing.

    None stands for a file that we made ourselves: nobody needs to look inside.
    """
    row = _locked(by, file)
    if row.check_state != FileState.HASHED:
        return row
    rows: list[SealedRow] = [row]
    report, is_ours = report or Report(), report is None
    if not is_ours:
        rows.append(_media(row, by, report))
    row.check_state = FileState.FLAGGED if report.flag else FileState.CHECKED
    row.flag = report.flag
    row.save(update_fields=["check_state", "flag"])
    record(
        Kind.EVIDENCE_EXAMINED,
        by=by.staff_code,
        subject=subject(row.item),
        scope=row.case_id,
        facts={
            "number": row.item.exhibit_no,
            "file": str(row.pk),
            "flag": row.flag or "none",
            "scan": "clean" if report.metadata.get("scanner") == CLEAN else "none",
        },
        rows=rows,
    )
    for kind, picture in ((CopyKind.THUMBNAIL, report.preview), (CopyKind.OVERVIEW, report.overview)):
        drawn = row.derivatives.filter(copy_kind=kind).exclude(flag=FileFlag.DAMAGED)
        if picture and not report.flag and not drawn.exists():
            _keep_drawn(row, by, kind, picture)
    return row


def _mine(by: User, file: UUID) -> FileObject:
    """The file, if the person may add to its case now; raises `NotVisible` or `NotAllowed`.

    Who answers for the bytes of a case has them checked whoever may read them: nothing is shown to anybody.
    """
    rows = FileObject.objects.select_related("item", "stored").filter(pk=file)
    row = rows.first()
    if row is not None and can(by, Permission.EVIDENCE_INTEGRITY, row.case_id):
        return row
    row = rows.visible_to(by).first()
    if row is None:
        refuse_locked(rows.first())
        raise NotVisible(subject=f"file:{file}")
    is_copy = row.copy_kind == CopyKind.REDACTED  # whoever draws what is taken out receives nothing else
    check(by, Permission.EXPORT_REDACT if is_copy else Permission.EVIDENCE_ADD, row.case_id)
    return row


def _locked(by: User, file: UUID) -> FileObject:
    """The same, locked; the exhibit first, as everywhere: two orders of locking would wait for each other."""
    row = _mine(by, file)
    EvidenceItem.objects.select_for_update(of=("self",)).get(pk=row.item_id)
    rows = FileObject.objects.select_related("item", "stored").select_for_update(of=("self",))
    return rows.get(pk=row.pk)


def _is_owed(row: FileObject) -> bool:
    return row.set_aside_at is None and (not row.is_settled or row.flag == FileFlag.DAMAGED)


def _same(found: Digests, arrived: Digests) -> bool:
    return (
        hmac.compare_digest(found.sha256, arrived.sha256)
        and hmac.compare_digest(found.blake3, arrived.blake3)
        and found.length == arrived.length
    )


def _came_again(row: FileObject) -> bool:
    others = FileObject.objects.filter(
        case=row.case_id, content_index=bytes(row.content_index), copy_kind=CopyKind.EVIDENTIARY
    )
    others = others.filter(same_as__isnull=True).exclude(pk=row.pk).exclude(flag=FileFlag.DAMAGED)
    return row.copy_kind == CopyKind.EVIDENTIARY and row.same_as_id is None and others.exists()


def _media(row: FileObject, by: User, report: Report) -> MediaRecord:
    looks = MediaRecord.objects.filter(file=row).count()  # the file is locked
    media = MediaRecord(case_id=row.case_id, file=row, number=looks + 1, created_by=by)
    metadata = {"mime": report.mime, "family": report.kind.family.value, **report.metadata}
    media.seal(metadata=metadata, looks=report.looks or None)
    media.save(force_insert=True)
    return media


def _keep_drawn(row: FileObject, by: User, kind: CopyKind, picture: bytes) -> None:
    """Seal what we drew under a key of its own, which goes with the witness's as the original's does."""
    with FileSealer(scope=scope_of(row.item), by=by.staff_code) as sealer:
        sealer.write(picture)
        stored, digests = sealer.commit()
        made = FileObject(
            case_id=row.case_id,
            created_by=by,
            item=row.item,
            stored=stored,
            copy_kind=kind,
            derived_from=row,
            check_state=FileState.CHECKED,
            content_index=index_of(row.case_id, digests.sha256),
        )
        made.seal(
            filename=_NAMES[kind],
            sha256=digests.sha256.hex(),
            blake3=digests.blake3.hex(),
            length=str(digests.length),
        )
        made.save(force_insert=True)
        append_custody(
            row.item,
            CustodyKind.COPIED,
            by=by,
            kind=Kind.EVIDENCE_RECEIVED,
            file=made,
            facts={"copy": kind.value, "linked": 0},
            rows=[made, stored],
        )
