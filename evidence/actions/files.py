"""Receiving files.

Promise: a file is hashed and sealed while it arrives, and no byte of plaintext reaches a disk; it is kept
together with its entry of custody, or nothing of it is kept; content that lies there under the same key is
linked, not copied; an upload repeated under its key is received once; a decision that knew nothing of the
file is reopened. `receive_file` is called by the demonstration and by what this system makes itself, in the
door's transaction, which writes nothing until the last byte is here: the log is never held up; `keep` and
`link` by uploads.
"""

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.owed import wake
from accounts.vocabulary import OwedState
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.models import Witness
from cases.permissions import can, check, open_for_work
from cases.vocabulary import Permission
from evidence.actions.custody import append_custody, guarded, held, own_file, subject
from evidence.actions.verification import reopen_for_file
from evidence.errors import (
    ContentGone,
    CopyOfNothing,
    DigestDiffers,
    FileEmpty,
    FileTooLarge,
    LengthDiffers,
    StorageFull,
    UploadKeyTaken,
    WitnessErased,
)
from evidence.errors.turns import WitnessChanged
from evidence.limits import ASK_AGAIN_BYTES, check_room, check_space, hold_quota
from evidence.models import EvidenceItem, FileObject, IngestJob
from evidence.vocabulary import FROM_OUTSIDE, CopyKind, CustodyKind, FileFlag, FileState
from vault.blind import blind_index
from vault.files import Digests, FileSealer
from vault.models import DestroyedKey, StoredFile
from vault.scopes import Scope

TASK = "evidence.ingest_file"
LONGEST_NAME = 255
# They turn the order of letters around, so that `gpj.exe` reads as a picture.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CUSTODY = {
    CopyKind.EVIDENTIARY: CustodyKind.RECEIVED,
    CopyKind.RECEIPT: CustodyKind.RECEIVED,
    CopyKind.REDACTED: CustodyKind.REDACTED,
    CopyKind.TRANSCRIPT: CustodyKind.TRANSCRIBED,
    CopyKind.TRANSLATION: CustodyKind.TRANSLATED,
    CopyKind.WORKING: CustodyKind.COPIED,
}


class AlreadyHere(Exception):
    """What arrived is in the case already; the copy just sealed must go."""

    def __init__(self, digests: Digests) -> None:
        super().__init__()
        self.digests = digests


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is said of the bytes before they come."""

    by: User
    item: EvidenceItem
    filename: str
    copy_kind: CopyKind
    derived_from: FileObject | None
    upload_key: UUID | None
    length: int | None
    sha256: str


def receive_file(
    *,
    by: User,
    item: EvidenceItem,
    chunks: Iterable[bytes],
    filename: str,
    copy_kind: CopyKind = CopyKind.EVIDENTIARY,
    derived_from: FileObject | None = None,
    upload_key: UUID | None = None,
    declared_length: int | None = None,
    expected_sha256: str = "",
) -> FileObject:
    """Take a file in and owe it its checks.

    Raises refusals of `evidence.errors`; then nothing is left of it, in the store or in the database.
    """
    row = seen(item, by)
    refuse_for_erased(row)
    arrival = Arrival(
        by,
        row,
        clean_name(filename),
        copy_kind,
        _source(row, copy_kind, derived_from),
        upload_key,
        declared_length,
        expected_sha256.strip().lower(),
    )
    if (again := received_before(arrival)) is not None:
        return again
    check_room(row.case_id, declared_length)
    try:
        with FileSealer(scope=scope_of(row), by=by.staff_code) as sealer:
            length = _pour(sealer, chunks, arrival)
            return keep(sealer, arrival, length)
    except AlreadyHere as here:
        return received_before(arrival) or link(arrival, here.digests)
    except OSError as error:
        raise StorageFull(subject=subject(row), scope=row.case_id, number=error.errno or 0) from error


def owe_check(*, by: User, file: FileObject) -> IngestJob:
    """Owe a file its checks once more, with the rights of `by`: after an answered alert, or a lost right.

    What a look inside said of it is asked anew: the machine may have been busy, or not known the type then.
    """
    guards = can(by, Permission.EVIDENCE_INTEGRITY, file.case_id)
    row = guarded(file.item, by) if guards else held(file.item, by, Permission.EVIDENCE_ADD)
    found = own_file(row, file.pk)
    job, made = IngestJob.objects.select_for_update().get_or_create(file=found, defaults={"by": by})
    if not made and job.state in {OwedState.DONE, OwedState.FAILED}:
        job.by, job.state, job.attempts, job.finished_at, job.reason = by, OwedState.OWED, 0, None, ""
        job.save(update_fields=["by", "state", "attempts", "finished_at", "reason"])
    before = found.flag
    if before and before != FileFlag.DAMAGED:
        found.check_state, found.flag = FileState.HASHED, ""
        found.save(update_fields=["check_state", "flag"])
    record(
        Kind.WORK_OWED,
        by=by.staff_code,
        subject=subject(row),
        scope=row.case_id,
        facts={"job": str(job.pk), "file": str(found.pk), "before": before or "none"},
        rows=[found],
    )
    wake(TASK, job.pk)
    return job


def scope_of(item: EvidenceItem) -> Scope:
    """Under whose key an exhibit's files lie: with the witness's key, their files become unreadable."""
    if item.witness_id is None:
        return Scope.case(item.case_id)
    return Scope.witness(item.case_id, item.witness_id)


def clean_name(filename: str) -> str:
    """The last part of a name as claimed, without control characters and what turns letters around."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        letter
        for letter in last
        if letter not in _TURNING and unicodedata.category(letter) not in {"Cc", "Cs"}
    )
    return kept.strip()[:LONGEST_NAME] or "unnamed"


def index_of(case: UUID, sha256: bytes, *, witness: UUID | None = None) -> bytes:
    """What finds the same content in the same case, and tells nothing to whoever lacks the root key.

    What a witness gave is found among what they gave alone: it goes with their key, and the same content
    from elsewhere must stay.
    """
    return blind_index(
        table="evidence_fileobject",
        column="sha256",
        scope=Scope.case(case),
        value=sha256 + (witness.bytes if witness is not None else b""),
        possible=2**256,
    )


def seen(item: EvidenceItem, by: User) -> EvidenceItem:
    """As `held`, without a lock: bytes may take an hour; rights are asked again when they are all here."""
    open_for_work(check(by, Permission.EVIDENCE_ADD, item.case_id).case)
    row = EvidenceItem.objects.visible_to(by).select_related("case").filter(pk=item.pk).first()
    if row is None:
        raise ElsewhereRow(subject=subject(item), scope=item.case_id)
    return row


def refuse_for_erased(row: EvidenceItem) -> None:
    witness = Witness.objects.filter(pk=row.witness_id).first() if row.witness_id is not None else None
    if witness is None or witness.public_pseudonym is None:
        return
    if DestroyedKey.objects.filter(pk=witness.public_pseudonym.header.key_id).exists():
        raise WitnessErased(subject=subject(row), scope=row.case_id)


def _source(row: EvidenceItem, kind: CopyKind, source: FileObject | None) -> FileObject | None:
    if kind in FROM_OUTSIDE and source is None:
        return None
    if kind not in _CUSTODY or kind in FROM_OUTSIDE or source is None:
        raise CopyOfNothing(subject=subject(row), scope=row.case_id, copy=kind.value)
    return own_file(row, source.pk)


def received_before(arrival: Arrival) -> FileObject | None:
    if arrival.upload_key is None:
        return None
    files = FileObject.objects.select_related("stored")
    found = files.filter(created_by=arrival.by, upload_key=arrival.upload_key).first()
    if found is not None and found.item_id != arrival.item.pk:
        raise UploadKeyTaken(subject=subject(arrival.item), scope=arrival.item.case_id)
    return found


def _pour(sealer: FileSealer, chunks: Iterable[bytes], arrival: Arrival) -> int:
    length, asked, row = 0, 0, arrival.item
    for chunk in chunks:
        length += len(chunk)
        if length > settings.MAX_UPLOAD:
            raise FileTooLarge(subject=subject(row), scope=row.case_id, limit=settings.MAX_UPLOAD)
        if arrival.length is not None and length > arrival.length:
            break
        if length - asked >= ASK_AGAIN_BYTES:
            check_space(row.case_id)
            asked = length
        sealer.write(chunk)
    if arrival.length is not None and length != arrival.length:
        raise LengthDiffers(subject=subject(row), scope=row.case_id)
    if not length:
        raise FileEmpty(subject=subject(row), scope=row.case_id)
    return length


def keep(sealer: FileSealer, arrival: Arrival, length: int) -> FileObject:
    """Make the sealed bytes durable, with everything that tells of them, or raise and leave nothing."""
    digests: Digests | None = None
    try:
        with transaction.atomic():
            row = held(arrival.item, arrival.by, Permission.EVIDENCE_ADD)
            refuse_for_erased(row)
            if row.witness_id != arrival.item.witness_id:
                raise WitnessChanged(subject=subject(row), scope=row.case_id)
            hold_quota(row.case_id, length)
            stored, digests = sealer.commit()
            if arrival.sha256 and not hmac.compare_digest(arrival.sha256, digests.sha256.hex()):
                raise DigestDiffers(subject=subject(row), scope=row.case_id)
            if arrival.copy_kind == CopyKind.EVIDENTIARY and _first(row, digests) is not None:
                raise AlreadyHere(digests)
            return _lay(arrival, row, stored, digests)
    except IntegrityError as error:
        # Somebody brought the same content, or the same upload, in this very moment.
        if digests is None or "_received_once" not in str(error):
            raise
        raise AlreadyHere(digests) from None


def _first(row: EvidenceItem, digests: Digests) -> FileObject | None:
    """The file of this case that holds the same content under the same key, and holds it still."""
    files = FileObject.objects.filter(
        case=row.case_id,
        content_index=index_of(row.case_id, digests.sha256, witness=row.witness_id),
        copy_kind=CopyKind.EVIDENTIARY,
        same_as__isnull=True,
    )
    return files.exclude(flag=FileFlag.DAMAGED).select_related("stored").first()


def link(arrival: Arrival, digests: Digests) -> FileObject:
    row = held(arrival.item, arrival.by, Permission.EVIDENCE_ADD)
    first = _first(row, digests)
    if first is None:  # it was there a moment ago and went bad since: whoever sends it again is received
        raise ContentGone(subject=subject(row), scope=row.case_id)
    return _lay(arrival, row, first.stored, digests, same_as=first)


def _lay(
    arrival: Arrival,
    row: EvidenceItem,
    stored: StoredFile,
    digests: Digests,
    *,
    same_as: FileObject | None = None,
) -> FileObject:
    file = FileObject(
        case_id=row.case_id,
        created_by=arrival.by,
        item=row,
        stored=stored,
        copy_kind=arrival.copy_kind,
        derived_from=arrival.derived_from,
        same_as=same_as,
        upload_key=arrival.upload_key,
        content_index=index_of(row.case_id, digests.sha256, witness=row.witness_id),
    )
    file.seal(
        filename=arrival.filename,
        sha256=digests.sha256.hex(),
        blake3=digests.blake3.hex(),
        length=str(digests.length),
    )
    file.save(force_insert=True)
    append_custody(
        row,
        _CUSTODY[arrival.copy_kind],
        by=arrival.by,
        kind=Kind.EVIDENCE_RECEIVED,
        file=file,
        facts={"copy": arrival.copy_kind.value, "linked": int(same_as is not None)},
        rows=[file, stored] if same_as is None else [file],
    )
    reopen_for_file(by=arrival.by, file=file)
    job = IngestJob(file=file, by=arrival.by)
    job.save(force_insert=True)
    wake(TASK, job.pk)
    return file
