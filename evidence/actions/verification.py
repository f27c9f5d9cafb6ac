"""Verifying exhibits: methods, second people, decisions.

Promise: a finding counts once a second person has confirmed it; verified means two supporting methods of two
families, applied to what is there and to what is said of it now, and an answer to whatever speaks against;
every decision stays on file with its reason. Called by the verification pages and the demonstration; `usable`
and `complete` by the actions that record analyses and checklists;
`reopen_for_file` and `reopen_for_loss` by whoever receives a file or sets one aside, `begin_anew` by whoever
changes what is said of an exhibit.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.vocabulary import Permission
from evidence.actions.custody import append_custody, held, subject
from evidence.errors import (
    AnalysisIncomplete,
    ContraryUnanswered,
    ItemFrozen,
    NoCheckedFile,
    NotEnoughMethods,
    OwnVerification,
    ReasonMissing,
    StepNotPossible,
)
from evidence.facts import VerificationFacts
from evidence.models import Decision, EvidenceItem, FileObject, Verification
from evidence.vocabulary import (
    CONTRARY,
    DECIDED,
    FAMILY_OF,
    ITEM_STEPS,
    MAY_HAVE_NO_FILE,
    SUPPORTING,
    CopyKind,
    CustodyKind,
    FileFlag,
    FileState,
    Finding,
    ItemStatus,
    Method,
)
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose

LONGEST_TEXT = 20_000
LEAST_METHODS = 2
LEAST_FAMILIES = 2
_DECIDED_AS = {
    ItemStatus.VERIFIED: Kind.EVIDENCE_VERIFIED,
    ItemStatus.INCONCLUSIVE: Kind.EVIDENCE_LEFT_OPEN,
    ItemStatus.REJECTED: Kind.EVIDENCE_REJECTED,
}


def take_up_verification(*, by: User, item: EvidenceItem) -> EvidenceItem:
    """Begin to verify a registered exhibit; a decided one is reopened by `decide_item`, with a reason."""
    row = usable(item, by)
    if row.status != ItemStatus.REGISTERED:
        raise StepNotPossible(subject=subject(row), scope=row.case_id, before=row.status)
    return _move(row, by, ItemStatus.IN_VERIFICATION, Kind.VERIFICATION_TAKEN_UP, "")


def record_verification(*, by: User, item: EvidenceItem, facts: VerificationFacts) -> Verification:
    """Record what one method found. It counts once a second person has confirmed it."""
    row = _in_verification(item, by)
    cells = {
        "finding": facts.finding.value,
        "notes": facts.notes.strip(),
        "references": facts.references.strip() or None,
    }
    complete(row, cells, "notes")
    verification = Verification(case_id=row.case_id, item=row, method=facts.method, created_by=by)
    verification.seal(**cells)
    verification.save(force_insert=True)
    append_custody(
        row,
        CustodyKind.EXAMINED,
        by=by,
        kind=Kind.VERIFICATION_RECORDED,
        facts={"method": facts.method.value},
        rows=[verification],
    )
    return verification


def confirm_verification(*, by: User, verification: Verification) -> Verification:
    """Confirm what somebody else found. Raises `OwnVerification`."""
    row = _in_verification(verification.item, by)
    found = Verification.objects.select_for_update(of=("self",)).filter(pk=verification.pk, item=row).first()
    if found is None:
        raise ElsewhereRow(subject=f"verification:{verification.pk}", scope=row.case_id)
    if found.created_by_id == by.pk:
        raise OwnVerification(subject=f"verification:{found.pk}", scope=row.case_id)
    if found.reviewed_at is not None:
        raise StepNotPossible(subject=f"verification:{found.pk}", scope=row.case_id)
    found.reviewed_by, found.reviewed_at = by, timezone.now()
    found.save(update_fields=["reviewed_by", "reviewed_at"])
    record(
        Kind.VERIFICATION_REVIEWED,
        by=by.staff_code,
        subject=subject(row),
        scope=row.case_id,
        facts={"number": row.exhibit_no, "verification": str(found.pk)},
        rows=[found],
    )
    return found


def decide_item(*, by: User, item: EvidenceItem, to: ItemStatus, reason: str = "") -> EvidenceItem:
    """Decide, or reopen what was decided. Verified asks for methods, everything but verified for a reason."""
    row = usable(item, by)
    before, said = ItemStatus(row.status), reason.strip()
    if to not in ITEM_STEPS[before] or before == ItemStatus.REGISTERED:
        raise StepNotPossible(subject=subject(row), scope=row.case_id, before=before.value, to=to.value)
    if to == ItemStatus.VERIFIED:
        _may_be_verified(row, by, said)
    elif not said:
        raise ReasonMissing(subject=subject(row), scope=row.case_id, to=to.value)
    return _move(row, by, to, _DECIDED_AS.get(to, Kind.EVIDENCE_REOPENED), said)


def reopen_for_file(*, by: User, file: FileObject) -> None:
    """Reopen the exhibit, locked by the caller, when a file brings what the decision knew nothing of.

    No reason is written down: a reopening without one is this one.
    """
    row = file.item
    same = _as_received(row).filter(content_index=bytes(file.content_index)).exclude(pk=file.pk)
    if row.status in DECIDED and file.copy_kind == CopyKind.EVIDENTIARY and not same.exists():
        _move(row, by, ItemStatus.IN_VERIFICATION, Kind.EVIDENCE_REOPENED, "")


def reopen_for_loss(item: EvidenceItem, file: FileObject, *, by: User, reason: str) -> None:
    """Reopen a verified exhibit, locked by the caller, when a file it was decided about is set aside.

    Where the same content was received again, nothing is lost.
    """
    if item.status == ItemStatus.VERIFIED and _lost(item).filter(pk=file.pk).exists():
        _move(item, by, ItemStatus.IN_VERIFICATION, Kind.EVIDENCE_REOPENED, reason)


def begin_anew(*, by: User, item: EvidenceItem) -> Decision | None:
    """Let the findings so far no longer count: what is said of the exhibit, locked by the caller, changes.

    The step leads from the state to itself; its leaf is the change's, which the caller writes. None where
    nothing was found yet, or nothing is being verified.
    """
    if item.status != ItemStatus.IN_VERIFICATION or not Verification.objects.filter(item=item).exists():
        return None
    return _step(item, by, ItemStatus.IN_VERIFICATION, "")


def counts_from(item: EvidenceItem) -> datetime | None:
    """Findings after this moment were made of what is there and said now, and of nothing else.

    No content came or was lost since, nothing was reopened, nothing that is said of the exhibit changed.
    """
    begun_again = Decision.objects.filter(item=item, to=ItemStatus.IN_VERIFICATION)
    reopened = begun_again.exclude(before=ItemStatus.REGISTERED).order_by("-created_at").first()
    # The same content once more is nothing new.
    contents = _as_received(item).order_by().values("content_index").annotate(first=Min("created_at"))
    moments: list[datetime] = [content["first"] for content in contents]
    moments += [lost.set_aside_at for lost in _lost(item) if lost.set_aside_at is not None]
    return max(moments + ([reopened.created_at] if reopened is not None else []), default=None)


def usable(item: EvidenceItem, by: User) -> EvidenceItem:
    """Return the exhibit, locked, for whoever may verify it, unless it is frozen."""
    row = held(item, by, Permission.EVIDENCE_VERIFY)
    if row.is_frozen:
        raise ItemFrozen(subject=subject(row), scope=row.case_id)
    return row


def _in_verification(item: EvidenceItem, by: User) -> EvidenceItem:
    row = usable(item, by)
    if row.status != ItemStatus.IN_VERIFICATION:
        raise StepNotPossible(subject=subject(row), scope=row.case_id, before=row.status)
    return row


def _move(row: EvidenceItem, by: User, to: ItemStatus, kind: Kind, reason: str) -> EvidenceItem:
    decision = _step(row, by, to, reason)
    row.status, row.status_by, row.status_at = to, by, timezone.now()
    row.save(update_fields=["status", "status_by", "status_at"])
    record(
        kind,
        by=by.staff_code,
        subject=subject(row),
        scope=row.case_id,
        facts={"number": row.exhibit_no, "before": decision.before, "to": to.value},
        rows=[row, decision],
    )
    return row


def _step(row: EvidenceItem, by: User, to: ItemStatus, reason: str) -> Decision:
    decision = Decision(case_id=row.case_id, item=row, before=row.status, to=to, created_by=by)
    decision.seal(reason=reason or None)
    decision.save(force_insert=True)
    return decision


def _may_be_verified(row: EvidenceItem, by: User, reason: str) -> None:
    verifications = list(Verification.objects.filter(item=row))
    opened = open_rows(verifications, "finding", reader=by.staff_code, purpose=Purpose.REVIEW)
    findings = [(each, Finding(opened[each.pk].text("finding"))) for each in verifications]
    # Said against it by one person is said, whether somebody has confirmed it or not.
    if any(finding in CONTRARY for _, finding in findings) and not reason:
        raise ContraryUnanswered(subject=subject(row), scope=row.case_id)
    since = counts_from(row)
    methods = {
        Method(each.method)
        for each, finding in findings
        if finding in SUPPORTING
        and each.reviewed_by_id is not None
        and (since is None or each.created_at > since)
    }
    if len(methods) < LEAST_METHODS or len({FAMILY_OF[method] for method in methods}) < LEAST_FAMILIES:
        raise NotEnoughMethods(subject=subject(row), scope=row.case_id, methods=len(methods))
    if not _as_received(row).filter(check_state=FileState.CHECKED).exists() and not _is_a_thing(row, by):
        raise NoCheckedFile(subject=subject(row), scope=row.case_id)


def _as_received(item: EvidenceItem) -> "QuerySet[FileObject]":
    return FileObject.objects.filter(item=item, copy_kind=CopyKind.EVIDENTIARY)


def _lost(item: EvidenceItem) -> "QuerySet[FileObject]":
    """Files as received that were set aside, of whose content the exhibit holds nothing any more."""
    same = _as_received(item).filter(content_index=OuterRef("content_index"))
    held_still = Exists(same.exclude(flag=FileFlag.DAMAGED))
    return _as_received(item).filter(set_aside_at__isnull=False).exclude(held_still)


def _is_a_thing(item: EvidenceItem, by: User) -> bool:
    opened = open_row(item, "type", reader=by.staff_code, purpose=Purpose.REVIEW)
    return opened.text("type") in MAY_HAVE_NO_FILE


def complete(row: EvidenceItem, cells: Mapping[str, object], *needed: str) -> None:
    """Refuse cells that are needed and empty, and texts that are too long, by the name of the field."""
    for name, value in cells.items():
        if (name in needed and not value) or (isinstance(value, str) and len(value) > LONGEST_TEXT):
            raise AnalysisIncomplete(subject=subject(row), scope=row.case_id, field=name)
