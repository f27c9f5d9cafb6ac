"""Stopping what somebody asked for whose account was closed.

Promise: an export that nobody has received yet does not outlive its requester; what was delivered stays in
the list of what can be called back. Called by the task, which has entered as the sweep: no person's rights
are asked, since the account itself is what ended.
"""

from uuid import UUID

from accounts.door import Machine
from audit.vocabulary import Kind
from exports.models import BuildJob, Export
from exports.steps import move
from exports.vocabulary import EXPORT_STEPS, ExportState

_STOPPABLE = [state for state, after in EXPORT_STEPS.items() if ExportState.CANCELLED in after]


def exports_of_gone() -> list[UUID]:
    """The exports under way whose requester's account is closed."""
    rows = Export.objects.filter(state__in=_STOPPABLE, created_by__is_active=False)
    return list(rows.order_by("created_at").values_list("pk", flat=True))


def stop_export_of_gone(export: UUID) -> bool:
    """Cancel one of them; False where somebody else has ended it, or the account is open."""
    rows = Export.objects.select_for_update(of=("self",)).filter(state__in=_STOPPABLE)
    row = rows.filter(pk=export, created_by__is_active=False).first()
    if row is None:
        return False
    move(
        row,
        ExportState.CANCELLED,
        Kind.EXPORT_CANCELLED,
        by=Machine.SWEEP,
        at_once=True,
        reason="account_closed",
        user=str(row.created_by_id),
    )
    for job in BuildJob.objects.filter(export=row.pk, finished_at__isnull=True):
        job.fail("account_closed", final=True)
    return True
