"""Handing an exhibit over.

Promise: custody passes only when both people have said so: whoever has it proposes, the receiver, and nobody
else, confirms; what never left one hand stands in no chain. Each time the stored bytes are digested anew and
compared with what is on record: if they differ, nothing passes, the exhibit is frozen and the alert raised.
To somebody outside it passes against a signed receipt, and the chain says that. Called by the custody pages.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.permissions import can, check
from cases.vocabulary import Permission
from evidence.actions.custody import append_custody, held, holder_of, own_file, subject
from evidence.actions.fixity import fail_stored
from evidence.actions.integrity import is_erased
from evidence.checking import look
from evidence.errors import ItemFrozen, ReasonMissing, StoreOutOfReach
from evidence.errors.handing import (
    HandOverEnded,
    HandOverExpired,
    HandOverIncomplete,
    HandOverOpen,
    NothingLeft,
    NotTheHolder,
    NotYourHandOver,
    PartElsewhere,
)
from evidence.facts import LONGEST_TEXT, HandOverFacts, OutsideFacts
from evidence.models import CustodyEvent, EvidenceItem, FileObject, HandOver
from evidence.vocabulary import HOLDING, CopyKind, CustodyKind, FixityResult, HandOverState
from vault.errors import StoreGone
from vault.models import StoredFile
from vault.opening import open_row
from vault.vocabulary import Purpose

OPEN_FOR = timedelta(days=7)
_CARRIED = ("when", "place", "purpose", "condition", "seal_no")
Lost = dict[StoredFile, FixityResult]


def propose_hand_over(*, by: User, item: EvidenceItem, facts: HandOverFacts) -> HandOver:
    """Offer an exhibit, or one file of it, to another member. Nothing passes before they confirm.

    A hand-over whose bytes are found damaged comes back stopped; refusals are those of `evidence.errors`.
    """
    check(by, Permission.EVIDENCE_ADD, item.case_id)
    lost = _look(_handed(item, facts.file))
    row = held(item, by, Permission.EVIDENCE_ADD)
    _fault(row, facts.fault() or _no_receiver(row, facts.to, by))
    file = _givable(row, by, facts.file)
    hand_over = HandOver(to=facts.to, **_begun(row, by, file))
    hand_over.seal(**facts.cells())
    if not lost:
        hand_over.save(force_insert=True)
        _tell(Kind.CUSTODY_PROPOSED, hand_over, by)
        return hand_over
    return _stopped(hand_over, by, lost, is_new=True)


def hand_outside(*, by: User, item: EvidenceItem, facts: OutsideFacts) -> HandOver:
    """Write down that an exhibit went to somebody outside: a signed receipt stands for their word."""
    check(by, Permission.EVIDENCE_ADD, item.case_id)
    lost = _look(_handed(item, facts.file))
    row = held(item, by, Permission.EVIDENCE_ADD)
    _fault(row, facts.fault() or _no_receipt(facts))
    file = _givable(row, by, facts.file)
    receipt = own_file(row, facts.receipt.pk) if facts.receipt is not None else None
    hand_over = HandOver(receipt=receipt, **_begun(row, by, file))
    hand_over.seal(**facts.cells(), outside=facts.outside.strip(), reference=facts.reference.strip() or None)
    if lost:
        return _stopped(hand_over, by, lost, is_new=True)
    _end(hand_over, by, HandOverState.RECEIPTED)
    hand_over.save(force_insert=True)
    append_custody(
        row,
        CustodyKind.MOVED,
        by=by,
        kind=Kind.CUSTODY_HANDED_OUT,
        file=file,
        hand_over=hand_over,
        cells=facts.cells(),
        rows=[hand_over],
    )
    return hand_over


def confirm_hand_over(*, by: User, hand_over: HandOver, condition: str = "") -> HandOver:
    """Take an exhibit over: only now the chain gets its entry, which names both. Comes back stopped if
    the stored bytes are no longer those that were proposed.
    """
    check(by, Permission.EVIDENCE_ADD, hand_over.case_id)
    lost = _look(_passing(hand_over))
    item, row = _answerable(by, hand_over)
    _refuse_frozen(item)
    if not row.is_open or not _may_give(row.created_by, item, row.file):
        raise HandOverExpired(subject=subject(item), scope=item.case_id, hand_over=str(row.pk))
    said = condition.strip()
    _fault(item, "answer" if len(said) > LONGEST_TEXT else "")
    row.seal(answer=said or None)
    if lost := _unequal(row) | lost:
        return _stopped(row, by, lost)
    _end(row, by, HandOverState.CONFIRMED)
    row.save(update_fields=["state", "ended_at", "ended_by", "answer"])
    cells = open_row(row, *_CARRIED, reader=by.staff_code, purpose=Purpose.EDIT)
    append_custody(
        item,
        CustodyKind.MOVED,
        by=by,
        kind=Kind.CUSTODY_CONFIRMED,
        file=row.file,
        hand_over=row,
        cells={name: cells[name] for name in _CARRIED},
        rows=[row],
    )
    return row


def decline_hand_over(*, by: User, hand_over: HandOver, reason: str) -> HandOver:
    """Refuse to take an exhibit over, with a reason; it stays with whoever has it."""
    item, row = _answerable(by, hand_over)
    if row.has_expired:
        raise HandOverExpired(subject=subject(item), scope=item.case_id, hand_over=str(row.pk))
    said = reason.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise ReasonMissing(subject=subject(item), scope=item.case_id, hand_over=str(row.pk))
    row.seal(answer=said)
    _end(row, by, HandOverState.DECLINED)
    row.save(update_fields=["state", "ended_at", "ended_by", "answer"])
    _tell(Kind.CUSTODY_DECLINED, row, by)
    return row


def take_back_hand_over(*, by: User, hand_over: HandOver) -> HandOver:
    """Withdraw what oneself proposed, before it is confirmed."""
    item, row = _open(by, hand_over)
    if row.created_by_id != by.pk:
        raise NotYourHandOver(subject=subject(item), scope=item.case_id, hand_over=str(row.pk))
    _end(row, by, HandOverState.TAKEN_BACK)
    row.save(update_fields=["state", "ended_at", "ended_by"])
    _tell(Kind.CUSTODY_TAKEN_BACK, row, by)
    return row


def may_receive(person: User, item: EvidenceItem) -> bool:
    """Tell whether somebody may take an exhibit into custody: they may add evidence, and may read it."""
    seen = EvidenceItem.objects.visible_to(person).filter(pk=item.pk)
    return can(person, Permission.EVIDENCE_ADD, item.case_id) and seen.exists()


def may_hand_over(person: User, item: EvidenceItem) -> bool:
    """Tell whether somebody may hand an exhibit over, as far as its chain and its state go."""
    return (
        not item.is_frozen
        and can(person, Permission.EVIDENCE_ADD, item.case_id)
        and _may_give(person, item, None)
    )


def _handed(item: EvidenceItem, file: FileObject | None) -> list[FileObject]:
    """The files that would pass: the one that is named, or all as they were received."""
    rows = FileObject.objects.filter(item=item.pk).select_related("stored").order_by("id")
    return list(rows.filter(pk=file.pk) if file is not None else rows.filter(copy_kind=CopyKind.EVIDENTIARY))


def _passing(hand_over: HandOver) -> list[FileObject]:
    """The files that were proposed, as they are now."""
    rows = FileObject.objects.filter(item=hand_over.item_id, pk__in=hand_over.handed)
    return list(rows.select_related("stored").order_by("id"))


def _unequal(hand_over: HandOver) -> Lost:
    """What is on record with another digest than when it was proposed."""
    found = {file: hand_over.handed[str(file.pk)] for file in _passing(hand_over)}
    return {
        file.stored: FixityResult.DAMAGED
        for file, digest in found.items()
        if bytes(file.stored.sealed_digest).hex() != digest
    }


def _look(files: Iterable[FileObject]) -> Lost:
    """Digest the sealed bytes anew, before anything is locked; return what is not what was stored."""
    lost: Lost = {}
    for file in files:
        if file.set_aside_at is not None or is_erased(file.stored):
            continue
        try:
            found = look(file.stored)
        except StoreGone as gone:
            raise StoreOutOfReach(subject=f"file:{file.pk}", scope=file.case_id) from gone
        named = CustodyEvent.objects.filter(file=file.pk, sealed_digest__isnull=False)
        if found == FixityResult.INTACT and named.exclude(sealed_digest=file.stored.sealed_digest).exists():
            found = FixityResult.DAMAGED  # the record was changed together with the bytes; the chain was not
        if found != FixityResult.INTACT:
            lost[file.stored] = found
    return lost


def _givable(row: EvidenceItem, by: User, file: FileObject | None) -> FileObject | None:
    """Return the file that is named, if this person may hand over what is asked, now."""
    _refuse_frozen(row)
    named = own_file(row, file.pk) if file is not None else None
    if not _may_give(by, row, named):
        raise NotTheHolder(subject=subject(row), scope=row.case_id)
    if named is None and _is_scattered(row):
        raise PartElsewhere(subject=subject(row), scope=row.case_id)
    if named is None and _is_no_more(row):
        raise NothingLeft(subject=subject(row), scope=row.case_id)
    _let_go_lapsed(row, by)
    if HandOver.objects.filter(item=row.pk, state=HandOverState.PROPOSED).exists():
        raise HandOverOpen(subject=subject(row), scope=row.case_id)
    return named


def _may_give(person: User, item: EvidenceItem, file: FileObject | None) -> bool:
    """Whoever has it gives it; an evidence custodian does in the place of a member who no longer can."""
    holder = holder_of(item, file)
    if not holder or not can(person, Permission.EVIDENCE_ADD, item.case_id):
        return False
    if holder == person.staff_code:
        return True
    found = User.objects.filter(staff_code=holder).first()
    is_gone = found is None or not can(found, Permission.EVIDENCE_ADD, item.case_id)
    return is_gone and can(person, Permission.EVIDENCE_INTEGRITY, item.case_id)


def _is_scattered(item: EvidenceItem) -> bool:
    """A file was handed over alone since the whole last was, and is with somebody else still."""
    rows = CustodyEvent.objects.filter(item=item.pk, event__in=HOLDING)
    whole = rows.filter(file__isnull=True).order_by("-seq").first()
    since = rows.filter(file__isnull=False, seq__gt=whole.seq if whole is not None else 0)
    latest = {entry.file_id: entry.holder_code for entry in since.order_by("seq")}
    return any(code != holder_of(item) for code in latest.values())


def _is_no_more(item: EvidenceItem) -> bool:
    """The thing itself was destroyed, and nothing was received of it that could pass."""
    destroyed = CustodyEvent.objects.filter(item=item.pk, event=CustodyKind.DESTROYED, file__isnull=True)
    return destroyed.exists() and not _handed(item, None)


def _let_go_lapsed(item: EvidenceItem, by: User) -> None:
    """Put away the open hand-over that nobody can confirm any more: it must not stand in the way."""
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("created_by", "to", "file")
    for row in rows.filter(item=item.pk, state=HandOverState.PROPOSED):
        can_pass = (
            _may_give(row.created_by, item, row.file) and row.to is not None and may_receive(row.to, item)
        )
        if row.is_open and can_pass:
            continue
        _end(row, by, HandOverState.LAPSED)
        row.save(update_fields=["state", "ended_at", "ended_by"])
        _tell(Kind.CUSTODY_LAPSED, row, by)


def _no_receiver(row: EvidenceItem, to: User, by: User) -> str:
    return "" if to.pk != by.pk and may_receive(to, row) else "to"


def _no_receipt(facts: OutsideFacts) -> str:
    if not facts.outside.strip() or len(facts.outside) > LONGEST_TEXT:
        return "outside"
    if len(facts.reference) > LONGEST_TEXT or not (facts.reference.strip() or facts.receipt):
        return "reference"
    return ""


def _fault(row: EvidenceItem, field: str) -> None:
    if field:
        raise HandOverIncomplete(subject=subject(row), scope=row.case_id, field=field)


def _refuse_frozen(row: EvidenceItem) -> None:
    if row.is_frozen:
        raise ItemFrozen(subject=subject(row), scope=row.case_id)


def _open(by: User, hand_over: HandOver) -> tuple[EvidenceItem, HandOver]:
    """Return the exhibit and the open hand-over, both locked, or refuse."""
    item = held(hand_over.item, by, Permission.EVIDENCE_ADD)
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("created_by", "to", "file")
    row = rows.get(pk=hand_over.pk, item=item.pk)
    if row.state != HandOverState.PROPOSED:
        raise HandOverEnded(subject=subject(item), scope=item.case_id, hand_over=str(row.pk))
    return item, row


def _answerable(by: User, hand_over: HandOver) -> tuple[EvidenceItem, HandOver]:
    item, row = _open(by, hand_over)
    if row.to_id != by.pk:
        raise NotYourHandOver(subject=subject(item), scope=item.case_id, hand_over=str(row.pk))
    return item, row


def _begun(row: EvidenceItem, by: User, file: FileObject | None) -> dict[str, object]:
    return {
        "case_id": row.case_id,
        "created_by": by,
        "item": row,
        "file": file,
        "state": HandOverState.PROPOSED,
        "expires_at": timezone.now() + OPEN_FOR,
        "handed": {str(one.pk): bytes(one.stored.sealed_digest).hex() for one in _handed(row, file)},
    }


def _end(row: HandOver, by: User, state: HandOverState) -> None:
    row.state, row.ended_at, row.ended_by = state, timezone.now(), by


def _stopped(row: HandOver, by: User, lost: Lost, *, is_new: bool = False) -> HandOver:
    """End a hand-over over damaged bytes: not a refusal, since the alerts must stand."""
    for stored, result in lost.items():
        fail_stored(stored.pk, by=by, result=result)
    _end(row, by, HandOverState.STOPPED)
    if is_new:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["state", "ended_at", "ended_by", "answer"])
    _tell(Kind.CUSTODY_STOPPED, row, by)
    return row


def _tell(kind: Kind, row: HandOver, by: User) -> None:
    to = row.to.staff_code if row.to is not None else "outside"
    record(
        kind,
        by=by.staff_code,
        subject=subject(row.item),
        scope=row.case_id,
        facts={"number": row.item.exhibit_no, "hand_over": str(row.pk), "to": to, "state": str(row.state)},
        rows=[row],
    )
