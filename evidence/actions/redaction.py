"""Drafting redacted copies, and judging them.

Promise: what is taken out is drawn by one person over a whole, checked file as received, and never changed
afterwards; a copy is approved by another person, who has looked at it, after it passed its checks; what was
approved can be returned at any time, and is then sent no more. The original is never touched. Called by the
redaction pages.
"""

from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import User
from accounts.owed import wake
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.vocabulary import Permission
from evidence.actions.custody import append_custody, held, own_file, subject
from evidence.decoding.burning.regions import MOST_PAGES, MOST_REGIONS, Region, Unsound, boxed, spanned
from evidence.decoding.kinds import Family, Known, known
from evidence.errors import (
    ItemFrozen,
    NotLookedAt,
    NotRedactable,
    OwnRedaction,
    ReasonMissing,
    RedactionUnsound,
    StepNotPossible,
)
from evidence.facts import RedactionFacts, RegionFacts
from evidence.models import (
    CustodyEvent,
    EvidenceItem,
    FileObject,
    MediaRecord,
    Redaction,
    RedactionJob,
    RedactionSet,
)
from evidence.vocabulary import CopyKind, CustodyKind, FileState, RedactionState, RegionKind
from vault.opening import open_row
from vault.vocabulary import Purpose

TASK = "evidence.burn_redaction"
LONGEST_TEXT = 4_000
_KINDS = {
    Family.PICTURE: frozenset({RegionKind.BOX}),
    Family.PAPER: frozenset({RegionKind.BOX}),
    Family.MOVING: frozenset(RegionKind),
    Family.SOUND: frozenset({RegionKind.SILENCE, RegionKind.TONE}),
}


def draft_redaction(
    *, by: User, file: FileObject, facts: RedactionFacts, corrects: RedactionSet | None = None
) -> RedactionSet:
    """Keep what is to be taken out of a file, as the next set of it, and owe the copy."""
    item = usable(file.item, by, Permission.EXPORT_REDACT)
    row = redactable(item, by, file)
    family, count = kind_of(row, by).family, len(facts.regions)
    if not 1 <= count <= MOST_REGIONS or len(facts.note) > LONGEST_TEXT:
        raise RedactionUnsound(subject=subject(item), scope=item.case_id, field="regions", count=count)
    regions = [_region(item, family, one, number) for number, one in enumerate(facts.regions, start=1)]
    sets = RedactionSet.objects.filter(file=row)  # no two at once: the exhibit is locked
    if corrects is not None and not sets.filter(pk=corrects.pk).exists():
        raise ElsewhereRow(subject=f"redaction:{corrects.pk}", scope=item.case_id)
    last: int = sets.aggregate(last=Max("number"))["last"] or 0
    made = RedactionSet(case_id=item.case_id, file=row, number=last + 1, corrects=corrects, created_by=by)
    made.seal(note=facts.note.strip() or None)
    made.save(force_insert=True)
    lines = [
        _line(made, by, number, region, one)
        for number, (region, one) in enumerate(zip(regions, facts.regions, strict=True), start=1)
    ]
    record(
        Kind.REDACTION_DRAFTED,
        by=by.staff_code,
        subject=subject(item),
        scope=item.case_id,
        facts={"redaction": str(made.pk), "file": str(row.pk), "set": made.number, "regions": len(lines)},
        rows=[made, *lines],
    )
    job = RedactionJob(redaction_set=made, by=by)
    job.save(force_insert=True)
    wake(TASK, job.pk)
    return made


def approve_redaction(*, by: User, redaction: RedactionSet) -> RedactionSet:
    """Let a copy go. Raises `OwnRedaction`, `NotLookedAt`, `StepNotPossible`."""
    item = usable(redaction.file.item, by, Permission.EXPORT_APPROVE)
    row = _judged(item, by, redaction, RedactionState.READY)
    output, source = row.output, row.file
    if output is None or output.check_state != FileState.CHECKED or source.check_state != FileState.CHECKED:
        raise StepNotPossible(subject=subject(item), scope=item.case_id, before=row.state)
    if not has_looked(row, by):
        raise NotLookedAt(subject=subject(item), scope=item.case_id, redaction=str(row.pk))
    row.state, row.judged_by, row.judged_at = RedactionState.APPROVED, by, timezone.now()
    row.save(update_fields=["state", "judged_by", "judged_at"])
    append_custody(
        item,
        CustodyKind.EXAMINED,
        by=by,
        kind=Kind.REDACTION_APPROVED,
        file=output,
        facts={"redaction": str(row.pk)},
        rows=[row],
    )
    return row


def return_redaction(*, by: User, redaction: RedactionSet, reason: str) -> RedactionSet:
    """Send a copy back to whoever drew it, for a correction; an approved one is sent to nobody any more."""
    item = held(redaction.file.item, by, Permission.EXPORT_APPROVE)
    row = _judged(item, by, redaction, RedactionState.READY, RedactionState.APPROVED)
    said = reason.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise ReasonMissing(subject=subject(item), scope=item.case_id, field="reason")
    before = row.state
    row.seal(answer=said)
    row.state, row.judged_by, row.judged_at = RedactionState.RETURNED, by, timezone.now()
    row.save(update_fields=["answer", "state", "judged_by", "judged_at"])
    record(
        Kind.REDACTION_RETURNED,
        by=by.staff_code,
        subject=subject(item),
        scope=item.case_id,
        facts={"redaction": str(row.pk), "before": before},
        rows=[row],
    )
    return row


def has_looked(redaction: RedactionSet, person: User) -> bool:
    """Tell whether the person opened the copy, or its preview: custody says so."""
    output = redaction.output_id
    seen = CustodyEvent.objects.filter(Q(file=output) | Q(file__derived_from=output), created_by=person)
    return output is not None and seen.filter(event=CustodyKind.ACCESSED).exists()


def usable(item: EvidenceItem, by: User, permission: Permission) -> EvidenceItem:
    """As `held`, and nothing is done with a frozen exhibit."""
    row = held(item, by, permission)
    if row.is_frozen:
        raise ItemFrozen(subject=subject(row), scope=row.case_id)
    return row


def redactable(item: EvidenceItem, by: User, file: FileObject) -> FileObject:
    """The file as it is now, if a copy may be made of it. Raises `NotRedactable`."""
    row = own_file(item, file.pk)
    if not FileObject.objects.visible_to(by).filter(pk=row.pk).exists():
        raise ElsewhereRow(subject=f"file:{file.pk}", scope=item.case_id)
    is_whole = row.check_state == FileState.CHECKED and row.set_aside_at is None
    if row.copy_kind != CopyKind.EVIDENTIARY or not is_whole or kind_of(row, by).family not in _KINDS:
        raise NotRedactable(subject=subject(item), scope=item.case_id, file=str(row.pk))
    return row


def kind_of(file: FileObject, by: User) -> Known:
    """What the last look inside named the file."""
    media = MediaRecord.newest_of([file.pk]).first()
    if media is None:
        return known("")
    told = open_row(media, "metadata", reader=by.staff_code, purpose=Purpose.REDACTION).json("metadata")
    return known(str(told.get("mime") or "") if isinstance(told, dict) else "")


def _judged(item: EvidenceItem, by: User, redaction: RedactionSet, *before: RedactionState) -> RedactionSet:
    rows = RedactionSet.objects.visible_to(by).select_for_update(of=("self",))
    row = rows.select_related("file", "output__stored").filter(pk=redaction.pk, file__item=item).first()
    if row is None:
        raise ElsewhereRow(subject=f"redaction:{redaction.pk}", scope=item.case_id)
    if row.created_by_id == by.pk:
        raise OwnRedaction(subject=subject(item), scope=item.case_id, redaction=str(row.pk))
    if row.state not in before:
        raise StepNotPossible(subject=subject(item), scope=item.case_id, before=row.state)
    return row


def _region(item: EvidenceItem, family: Family, one: RegionFacts, number: int) -> Region:
    try:
        return _sound(family, one)
    except Unsound as unsound:
        raise RedactionUnsound(
            subject=subject(item), scope=item.case_id, number=number, field=unsound.field
        ) from None


def _sound(family: Family, one: RegionFacts) -> Region:
    """Return a region that this kind of file can have, cut to what is shown. Raises `Unsound`."""
    if one.kind not in _KINDS[family]:
        raise Unsound("kind")
    if len(one.note) > LONGEST_TEXT:
        raise Unsound("note")
    start, end = spanned(one.start, one.end) if family in {Family.MOVING, Family.SOUND} else (0, 0)
    if one.kind != RegionKind.BOX:
        return Region(one.kind.value, start=start, end=end)
    if family is Family.PAPER and not 1 <= one.page <= MOST_PAGES:
        raise Unsound("page")
    box = boxed(one.left, one.top, one.width, one.height)
    return Region(one.kind.value, box, one.page if family is Family.PAPER else 0, start, end)


def _line(made: RedactionSet, by: User, number: int, region: Region, one: RegionFacts) -> Redaction:
    line = Redaction(case_id=made.case_id, redaction_set=made, number=number, created_by=by)
    line.seal(region=region.plain(), reason=one.reason.value, note=one.note.strip() or None)
    line.save(force_insert=True)
    return line
