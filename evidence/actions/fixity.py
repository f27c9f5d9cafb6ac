"""What happens when stored bytes are not those that were stored.

Promise: the file is flagged, its exhibit frozen, an alert raised, and custody and log say so, all at once or
not at all; while its alert is open it is told once, and what is still damaged after an answer is told again.
An exhibit is released when every alert was answered and every damaged file was made good: found intact again,
or the same content received again for the same exhibit; or was set aside. Called by the ingest, the integrity
run and its answers, whoever sets a file aside, and whoever serves one.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from evidence.actions.custody import append_custody, subject
from evidence.models import EvidenceItem, FileObject, FixityCheck, IntegrityRun
from evidence.vocabulary import DRAWN, CustodyKind, FileFlag, FileState, FixityResult, FrozenReason


def fail_stored(
    stored: UUID,
    *,
    by: User | str,
    result: FixityResult,
    reason: FrozenReason = FrozenReason.FIXITY,
    run: IntegrityRun | None = None,
) -> list[FixityCheck]:
    """Fail every file that rests on these stored bytes; return the alerts that are new."""
    files = FileObject.objects.filter(stored=stored).order_by("created_at", "id")
    alerts = [_fail(file, by, result, reason, run) for file in files]
    return [alert for alert in alerts if alert is not None]


def standing_damage(item: UUID) -> "QuerySet[FileObject]":
    """Damaged files of an exhibit that nothing has made good. A preview is no evidence: it counts not."""
    came_again = FileObject.objects.filter(
        item=OuterRef("item"), content_index=OuterRef("content_index"), copy_kind=OuterRef("copy_kind")
    )
    sound = came_again.exclude(flag=FileFlag.DAMAGED).exclude(check_state=FileState.STORED)
    damaged = FileObject.objects.filter(item=item, flag=FileFlag.DAMAGED, set_aside_at__isnull=True)
    return damaged.exclude(copy_kind__in=DRAWN).exclude(Exists(sound))


def close_alert(alert: FixityCheck, item: EvidenceItem, *, by: User, answer: str) -> None:
    """Write the answer beside a locked alert, for good."""
    alert.seal(answer=answer)
    alert.closed_at, alert.closed_by = timezone.now(), by
    alert.save(update_fields=["answer", "closed_at", "closed_by"])
    record(
        Kind.ALERT_CLOSED,
        by=by.staff_code,
        subject=subject(item),
        scope=item.case_id,
        facts={"alert": str(alert.pk), "number": item.exhibit_no},
        rows=[alert],
    )


def release_sound(item: EvidenceItem, *, by: User) -> None:
    """Unfreeze a locked exhibit with no alert to answer and no damage left; otherwise nothing happens."""
    is_told = FixityCheck.objects.filter(file__item=item.pk, closed_at__isnull=True).exists()
    if not item.is_frozen or is_told or standing_damage(item.pk).exists():
        return
    item.frozen_at, item.frozen_reason = None, ""
    item.save(update_fields=["frozen_at", "frozen_reason"])
    record(
        Kind.EVIDENCE_UNFROZEN,
        by=by.staff_code,
        subject=subject(item),
        scope=item.case_id,
        facts={"number": item.exhibit_no},
        rows=[item],
    )


def _fail(
    found: FileObject, by: User | str, result: FixityResult, reason: FrozenReason, run: IntegrityRun | None
) -> FixityCheck | None:
    item = EvidenceItem.objects.select_for_update(of=("self",)).get(pk=found.item_id)
    file = FileObject.objects.select_for_update(of=("self",)).select_related("stored").get(pk=found.pk)
    if _is_told(file):
        return None
    file.check_state, file.flag = FileState.FLAGGED, FileFlag.DAMAGED
    file.save(update_fields=["check_state", "flag"])
    if not item.is_frozen:
        item.frozen_at, item.frozen_reason = timezone.now(), reason
        item.save(update_fields=["frozen_at", "frozen_reason"])
    person = by if isinstance(by, User) else None
    alert = FixityCheck(
        case_id=item.case_id,
        created_by=person,
        run=run,
        file=file,
        stored_id=file.stored_id,
        result=result,
        by_code=person.staff_code if person is not None else str(by),
    )
    alert.save(force_insert=True)
    append_custody(
        item,
        CustodyKind.FIXITY_FAIL,
        by=by,
        kind=Kind.FIXITY_FAILED,
        file=file,
        facts={"result": result.value, "alert": str(alert.pk), "frozen": reason.value},
        rows=[file, item, alert],
    )
    return alert


def _is_told(file: FileObject) -> bool:
    """Its alert waits for an answer; or the file was set aside, or something stands in its place."""
    if file.set_aside_at is not None:
        return True
    alerts = FixityCheck.objects.filter(file=file.pk)
    if alerts.filter(closed_at__isnull=True).exists():
        return True
    was_told = file.flag == FileFlag.DAMAGED and alerts.exists()
    return was_told and not standing_damage(file.item_id).filter(pk=file.pk).exists()
