"""What happens when stored bytes are not those that were stored.

Promise: the file is flagged, its exhibit frozen, an alert raised, and custody and log say so, all at once or
not at all; found twice, it is told once. Called by the ingest, the integrity run and whoever serves a file.
"""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from audit.vocabulary import Kind
from evidence.actions.custody import append_custody
from evidence.models import EvidenceItem, FileObject, FixityCheck, IntegrityRun
from evidence.vocabulary import CustodyKind, FileFlag, FileState, FixityResult, FrozenReason


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


def _fail(
    found: FileObject, by: User | str, result: FixityResult, reason: FrozenReason, run: IntegrityRun | None
) -> FixityCheck | None:
    item = EvidenceItem.objects.select_for_update(of=("self",)).get(pk=found.item_id)
    file = FileObject.objects.select_for_update(of=("self",)).select_related("stored").get(pk=found.pk)
    if file.flag == FileFlag.DAMAGED:
        return None  # told already; whether its alert is open or answered, it stays flagged
    file.check_state, file.flag = FileState.FLAGGED, FileFlag.DAMAGED
    file.save(update_fields=["check_state", "flag"])
    if not item.is_frozen:
        item.frozen_at, item.frozen_reason = timezone.now(), reason
        item.save(update_fields=["frozen_at", "frozen_reason"])
    person = by if isinstance(by, User) else None
    alert = FixityCheck(
        case_id=item.case_id,
        created_by=person,
        sensitivity=item.sensitivity,
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
