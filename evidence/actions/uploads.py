"""Uploads that may be interrupted and gone on with.

Promise: what counts of an upload is what was durable when it was last said so; one at a time goes on with
it, its own sender alone, and rights are asked again at every step; it ends as a file with its entry of
custody, or nothing of it is left. A turn begins and ends in transactions of its own: none is open while bytes
arrive. Called by `evidence.arriving`, the upload views and the sweep, in the door's transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from accounts.door import Machine, reader_code
from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.actions.custody import subject
from evidence.actions.files import Arrival, clean_name, keep, link, refuse_for_erased, scope_of, seen
from evidence.errors import FileEmpty, FileTooLarge, LengthDiffers
from evidence.errors.turns import OffsetDiffers, TooManyUploads, UploadBusy, UploadLost, WitnessChanged
from evidence.limits import check_quota, check_room, check_space
from evidence.models import EvidenceItem, FileObject, Upload
from evidence.models.upload import UPLOAD_LIFE
from evidence.vocabulary import CopyKind
from vault.files import SEGMENT, Digests, FileSealer, Turn, begin_file, drop_file
from vault.opening import open_row
from vault.scopes import Scope
from vault.vocabulary import Purpose

# Who was silent so long may hang on a dead connection: then somebody else may go on.
SILENT = timedelta(seconds=15)
NOW = timedelta(0)
MOST_UPLOADS = 500


@dataclass(slots=True)
class Going:
    """A turn that was taken: the upload, what proves that it is still ours, and what takes the bytes."""

    upload: Upload
    turn: UUID
    sealer: FileSealer
    length: int | None
    filename: str
    kind: CopyKind


def begin_upload(*, by: User, item: EvidenceItem, length: int | None, metadata: Mapping[str, str]) -> Upload:
    """Announce a file. Size, quota and free space are asked before its first byte. Raises refusals."""
    row = seen(item, by)
    refuse_for_erased(row)
    if length == 0:
        raise FileEmpty(subject=subject(row), scope=row.case_id)
    check_room(row.case_id, length)
    check_quota(row.case_id, (length or 0) + _under_way(by, row.case_id))
    if Upload.objects.filter(created_by=by).count() >= MOST_UPLOADS:
        raise TooManyUploads(subject=subject(row), scope=row.case_id)
    upload = Upload(
        case_id=row.case_id,
        item=row,
        created_by=by,
        belongs_to=row.witness_id,
        file=begin_file(scope=scope_of(row), by=by.staff_code),
        expires_at=timezone.now() + UPLOAD_LIFE,
    )
    said = {**metadata, "filename": clean_name(metadata["filename"])}
    upload.seal(metadata=said, length=None if length is None else str(length))
    upload.save(force_insert=True)
    record(
        Kind.UPLOAD_BEGUN,
        by=by.staff_code,
        subject=subject(row),
        scope=row.case_id,
        facts={"number": row.exhibit_no, "upload": str(upload.pk)},
        rows=[upload],
    )
    return upload


def take_turn(
    *, by: User, item: EvidenceItem, upload: UUID, offset: int, size: int, length: int | None
) -> Going:
    """Go on with an upload at `offset`, with `size` bytes; `length` is said late or again, or None.

    Raises `UploadBusy`, `OffsetDiffers`, `LengthDiffers`, what limits raise, `UnknownKey`.
    """
    row = _locked(by, item, upload)
    now, scope = timezone.now(), row.case_id
    if row.turn is not None and row.turn_at is not None and row.turn_at > now - SILENT:
        raise UploadBusy(subject=subject(row.item), scope=scope)
    if offset != row.segments * SEGMENT:
        raise OffsetDiffers(subject=subject(row.item), scope=scope)
    told = open_row(row, "metadata", "length", reader=by.staff_code, purpose=Purpose.READ)
    known = _length(row, told.text("length"), length)
    if known is not None and not row.segments * SEGMENT <= offset + size <= known:
        raise LengthDiffers(subject=subject(row.item), scope=scope)
    if known is None and offset + size > settings.MAX_UPLOAD:
        raise FileTooLarge(subject=subject(row.item), scope=scope, limit=settings.MAX_UPLOAD)
    check_space(scope)
    row.turn, row.turn_at, row.expires_at = uuid4(), now, now + UPLOAD_LIFE
    row.save(update_fields=["turn", "turn_at", "expires_at", "length"])
    sealer = FileSealer(scope=scope_of(row.item), by=by.staff_code, turn=Turn(row.file, row.segments))
    said = told.json("metadata")
    metadata = said if isinstance(said, dict) else {}
    # Whoever sends a file says whether it is evidence or the receipt of a hand-over; copies come another way.
    kind = CopyKind.RECEIPT if metadata.get("kind") == CopyKind.RECEIPT else CopyKind.EVIDENTIARY
    return Going(row, row.turn, sealer, known, metadata.get("filename", ""), kind)


def note_settled(*, by: User, going: Going, segments: int, hold: timedelta = NOW) -> None:
    """Remember what is durable now; for as long as `hold` the turn may then be silent.

    Raises `UploadBusy` where another has the turn, and what rights, room and quota raise.
    """
    row = _ours(by, going)
    check_space(row.case_id)
    check_quota(row.case_id, _under_way(by, row.case_id))
    row.segments, row.turn_at = segments, timezone.now() + hold
    row.expires_at = timezone.now() + UPLOAD_LIFE
    row.save(update_fields=["segments", "turn_at", "expires_at"])
    going.upload.segments, going.upload.expires_at = row.segments, row.expires_at


def leave_turn(*, by: User, going: Going) -> None:
    """Let the next turn begin at once, if this one is still ours."""
    rows = Upload.objects.filter(pk=going.upload.pk, created_by=by, turn=going.turn)
    rows.update(turn=None, turn_at=None)


def finish_upload(*, by: User, going: Going, length: int, sha256: str) -> FileObject:
    """Make a file of what has arrived. Raises `AlreadyHere`, refusals, `OSError`: then it can go on."""
    row = _ours(by, going)
    file = keep(going.sealer, _arrival(by, row, going, length, sha256), length)
    row.delete()
    return file


def link_upload(*, by: User, going: Going, digests: Digests) -> FileObject:
    """Link what turned out to be there already, and forget what has arrived."""
    row = _ours(by, going)
    arrival = _arrival(by, row, going, digests.length, "")
    drop_file(row.file, scope=Scope.case(row.case_id), by=by.staff_code)
    row.delete()
    return link(arrival, digests)


def drop_upload(*, by: User, item: EvidenceItem, upload: UUID) -> None:
    """Forget an upload of one's own: its key is destroyed and its bytes are removed, whatever became of the
    exhibit's case or witness.
    """
    check(by, Permission.EVIDENCE_ADD, item.case_id)
    _drop(_own(by, item, upload), by.staff_code, "asked")


def drop_turn(*, by: User, going: Going, reason: str) -> None:
    """Forget an upload whose turn is still ours: what has arrived is lost, or is not what was sent."""
    row = _own(by, going.upload.item, going.upload.pk)
    if row.turn == going.turn:
        _drop(row, by.staff_code, reason)


def drop_left_upload(upload: UUID) -> bool:
    """Forget an upload that nobody goes on with; False where somebody does. Called as the sweep."""
    rows = Upload.objects.select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=upload, expires_at__lt=timezone.now()).first()
    if row is not None:
        _drop(row, reader_code(Machine.SWEEP), "left")
    return row is not None


def left_uploads() -> list[UUID]:
    """The uploads that nobody has gone on with for too long."""
    return list(Upload.objects.filter(expires_at__lt=timezone.now()).values_list("pk", flat=True))


def _drop(row: Upload, by: str, reason: str) -> None:
    drop_file(row.file, scope=Scope.case(row.case_id), by=by)
    record(
        Kind.UPLOAD_DROPPED,
        by=by,
        subject=f"evidence:{row.item_id}",
        scope=row.case_id,
        facts={"upload": str(row.pk), "reason": reason},
    )
    row.delete()


def _locked(by: User, item: EvidenceItem, upload: UUID) -> Upload:
    """An upload of one's own, locked, if the person may still add to its exhibit."""
    row = seen(item, by)
    refuse_for_erased(row)
    found = _own(by, row, upload)
    if found.expires_at < timezone.now():
        raise UploadLost(subject=subject(row), scope=row.case_id)
    if found.belongs_to != row.witness_id:
        raise WitnessChanged(subject=subject(row), scope=row.case_id)
    return found


def _own(by: User, item: EvidenceItem, upload: UUID) -> Upload:
    rows = Upload.objects.select_for_update(of=("self",)).select_related("item")
    found = rows.filter(pk=upload, item=item.pk, created_by=by).first()
    if found is None:
        raise ElsewhereRow(subject=f"upload:{upload}", scope=item.case_id)
    return found


def _under_way(by: User, case: UUID) -> int:
    """How many bytes of one's own have arrived in a case and are no file yet: they fill it as files do."""
    segments = Upload.objects.filter(created_by=by, case=case).aggregate(all=Sum("segments"))["all"] or 0
    return int(segments) * SEGMENT


def _ours(by: User, going: Going) -> Upload:
    row = _locked(by, going.upload.item, going.upload.pk)
    if row.turn != going.turn:
        raise UploadBusy(subject=subject(row.item), scope=row.case_id)
    return row


def _length(row: Upload, held: str, said: int | None) -> int | None:
    """The length that is known now; said late, it is kept, and asked for room."""
    if held:
        if said not in (None, int(held)):
            raise LengthDiffers(subject=subject(row.item), scope=row.case_id)
        return int(held)
    if said is not None:
        if said <= row.segments * SEGMENT:
            raise LengthDiffers(subject=subject(row.item), scope=row.case_id)
        check_room(row.case_id, said)
        row.seal(length=str(said))
    return said


def _arrival(by: User, row: Upload, going: Going, length: int, sha256: str) -> Arrival:
    return Arrival(by, row.item, going.filename, going.kind, None, row.pk, length, sha256)
