"""Making a redacted copy and writing down what its checks found.

Promise: the copy is sealed under a key of its own, which goes with the witness's, together with its entries
of custody, or nothing of it is kept; it is made once, however often that is tried; what failed a check can
never be approved. Whose rights count is the person's whom the owed row names, asked again at each step.
Called by the task alone.
"""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from accounts.models import User
from accounts.owed import wake
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import NotVisible
from cases.permissions import refuse_locked
from cases.vocabulary import Permission
from evidence.actions import files
from evidence.actions.custody import append_custody, subject
from evidence.actions.fixity import fail_stored
from evidence.actions.redaction import kind_of, redactable, usable
from evidence.decoding.burning.regions import region_of
from evidence.decoding.chamber import Ranges
from evidence.decoding.workshop import Piece
from evidence.limits import hold_quota
from evidence.models import EvidenceItem, FileObject, IngestJob, Redaction, RedactionSet
from evidence.vocabulary import BurnFault, CopyKind, CustodyKind, FixityResult, RedactionState
from vault.errors import Damaged, Missing, NotVerified
from vault.files import FileSealer, SealedReader, open_file
from vault.models import StoredFile
from vault.opening import open_rows
from vault.scopes import Scope
from vault.vocabulary import Purpose


class Unreadable(Exception):
    """Stored bytes of a file did not verify while they were read."""

    def __init__(self, file: FileObject) -> None:
        super().__init__()
        self.file = file


@dataclass(frozen=True, slots=True)
class Source:
    """A set with its original opened, what is taken out of it, and, once it was made, the copy opened."""

    redaction: RedactionSet
    scope: Scope
    piece: Piece
    original: SealedReader
    copy: SealedReader | None

    def reads(self, opened: SealedReader | None = None) -> Ranges:
        """What gives ranges of the original, or of the copy, to a child. It raises `Unreadable`."""
        reader = opened or self.original
        file = self.redaction.file if opened is None else self.redaction.output

        def read(start: int, end: int) -> bytes:
            try:
                return b"".join(reader.read(start, end))
            except Damaged as bad:
                raise Unreadable(cast("FileObject", file)) from bad

        return read

    def close(self) -> None:
        """Let go of both."""
        self.original.close()
        if self.copy is not None:
            self.copy.close()


def open_source(*, by: User, redaction: UUID) -> Source | None:
    """Open what the set needs for its next step; None where nothing is owed, or after raising the alert for
    bytes that do not verify. Raises refusals where the exhibit, the file or the right is there no more.
    """
    row, item = _locked(by, redaction)
    if row.state not in {RedactionState.OWED, RedactionState.MADE}:
        return None
    source = redactable(item, by, row.file)
    original = _open(by, source)
    if original is None:
        return None
    copy = _open(by, row.output) if row.output is not None else None
    if row.output is not None and copy is None:
        original.close()
        return None
    lines = list(Redaction.objects.filter(redaction_set=row).order_by("number"))
    opened = open_rows(lines, "region", reader=by.staff_code, purpose=Purpose.REDACTION)
    told = [opened[line.pk].json("region") for line in lines]
    regions = tuple(region_of(one) for one in told if isinstance(one, dict))
    kind = kind_of(source, by)
    piece = Piece(kind.family, kind.decoder, original.length, regions)
    return Source(row, files.scope_of(item), piece, original, copy)


def keep_made(*, by: User, redaction: UUID, sealer: FileSealer) -> FileObject | None:
    """Keep the copy that the sealer holds, for a set that has none yet; else None, and it must go."""
    row, item = _locked(by, redaction)
    if row.state != RedactionState.OWED:
        return None
    source = redactable(item, by, row.file)
    stored, digests = sealer.commit()
    hold_quota(item.case_id, 0)
    made = FileObject(
        case_id=item.case_id,
        created_by=by,
        item=item,
        stored=stored,
        copy_kind=CopyKind.REDACTED,
        derived_from=source,
        content_index=files.index_of(item.case_id, digests.sha256, witness=item.witness_id),
    )
    made.seal(
        filename=f"{item.exhibit_no}-redacted-{row.number}",
        sha256=digests.sha256.hex(),
        blake3=digests.blake3.hex(),
        length=str(digests.length),
    )
    made.save(force_insert=True)
    row.output, row.state = made, RedactionState.MADE
    row.save(update_fields=["output", "state"])
    _write_custody(item, row, source, made, stored, by=by)
    job = IngestJob(file=made, by=by)
    job.save(force_insert=True)
    wake(files.TASK, job.pk)
    return made


def note_outcome(*, by: User, redaction: UUID, fault: str) -> RedactionSet:
    """Write down how making or checking a copy ended. Repeated, it changes nothing."""
    row, item = _locked(by, redaction)
    is_open = row.state == RedactionState.MADE or (row.state == RedactionState.OWED and bool(fault))
    if not is_open:
        return row
    row.state = RedactionState.FAILED if fault else RedactionState.READY
    row.fault = BurnFault(fault).value if fault else ""
    row.save(update_fields=["state", "fault"])
    record(
        Kind.REDACTION_FAILED if fault else Kind.REDACTION_CHECKED,
        by=by.staff_code,
        subject=subject(item),
        scope=item.case_id,
        facts={"redaction": str(row.pk), "fault": row.fault or "none"},
        rows=[row],
    )
    return row


def is_done(*, by: User, redaction: UUID) -> bool:
    """Tell whether the set has come to the end of what the machine does for it."""
    refuse_locked(RedactionSet.objects.filter(pk=redaction).first())
    rows = RedactionSet.objects.visible_to(by).filter(pk=redaction)
    return rows.exclude(state__in=(RedactionState.OWED, RedactionState.MADE)).exists()


def _locked(by: User, redaction: UUID) -> tuple[RedactionSet, EvidenceItem]:
    """The set and its exhibit, locked, the exhibit first as everywhere."""
    found = RedactionSet.objects.visible_to(by).select_related("file__item").filter(pk=redaction).first()
    if found is None:
        refuse_locked(RedactionSet.objects.filter(pk=redaction).first())
        raise NotVisible(subject=f"redaction:{redaction}")
    item = usable(found.file.item, by, Permission.EXPORT_REDACT)
    rows = RedactionSet.objects.select_related("file", "output__stored").select_for_update(of=("self",))
    return rows.get(pk=redaction), item


def _open(by: User, file: FileObject) -> SealedReader | None:
    try:
        return open_file(file.stored, reader=by.staff_code, purpose=Purpose.REDACTION)
    except Missing:
        fail_stored(file.stored_id, by=by, result=FixityResult.MISSING)
    except NotVerified:
        fail_stored(file.stored_id, by=by, result=FixityResult.DAMAGED)
    return None


def _write_custody(
    item: EvidenceItem,
    row: RedactionSet,
    source: FileObject,
    made: FileObject,
    stored: StoredFile,
    *,
    by: User,
) -> None:
    """One entry for the original that was read and one for the copy: each holds its own sealed digest, and
    the leaf of the copy holds both.
    """
    told: dict[str, str | int] = {"redaction": str(row.pk), "set": row.number}
    append_custody(item, CustodyKind.REDACTED, by=by, kind=Kind.REDACTION_MADE, file=source, facts=told)
    append_custody(
        item,
        CustodyKind.REDACTED,
        by=by,
        kind=Kind.REDACTION_MADE,
        file=made,
        facts={
            **told,
            "source": str(source.pk),
            "before": bytes(source.stored.sealed_digest).hex(),
            "after": bytes(stored.sealed_digest).hex(),
        },
        rows=[row, made, stored],
    )
