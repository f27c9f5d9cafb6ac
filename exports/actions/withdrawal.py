"""Reaching those who already hold what a witness took back.

Promise: a letter names what is asked for by the random codes under which it was delivered and says nothing of
the person; once it is written the package can be fetched no more; what the recipient said is kept, and nobody
is waited for in silence. Called by the recall pages and by tests.
"""

from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.permissions import check
from cases.vocabulary import Permission
from exports.errors import NothingToRecall, RecallEnded
from exports.models import Export, RecalledItem, RecallNotice
from exports.recalling import owed
from exports.steps import locked, move
from exports.vocabulary import RECALL_OPEN, RECALL_STEPS, ExportState, RecallState


def send_recall(*, by: User, export: Export, note: str = "") -> RecallNotice:
    """Write the notice for all that must be called back of one export. Raises `NothingToRecall`."""
    check(by, Permission.EXPORT_BUILD, export.case_id)
    export = locked(export)
    found = owed(Export.objects.filter(pk=export.pk))
    if not found:
        raise NothingToRecall(subject=f"export:{export.pk}", scope=export.case_id)
    notice = RecallNotice(case=export.case, created_by=by, export=export)
    notice.seal(note=note.strip() or None)
    notice.save(force_insert=True)
    items = [
        RecalledItem(case=export.case, created_by=by, notice=notice, item=item) for item in found[0].items
    ]
    RecalledItem.objects.bulk_create(items)
    if export.state == ExportState.RECALLED:
        event = record(
            Kind.EXPORT_RECALLED,
            by=by.staff_code,
            subject=f"export:{export.pk}",
            scope=export.case_id,
            facts={"number": export.number, "objects": len(items)},
            rows=[notice, *items],
        )
        seal_now(event)
    else:
        rows = (notice, *items)
        move(
            export,
            ExportState.RECALLED,
            Kind.EXPORT_RECALLED,
            by=by,
            rows=rows,
            at_once=True,
            objects=len(items),
        )
    return notice


def remind_recall(*, by: User, notice: RecallNotice, note: str = "") -> RecallNotice:
    """Write down that a recipient that does not answer was asked once more. Raises `RecallEnded`."""
    row = _held(by, notice)
    if row.state not in RECALL_OPEN:
        raise RecallEnded(subject=f"recall:{row.pk}", scope=row.case_id, before=row.state)
    row.asked_at, row.reminders = timezone.now(), row.reminders + 1
    changed = ["asked_at", "reminders"]
    if note.strip():
        row.seal(note=note.strip())
        changed.append("note")
    row.save(update_fields=changed)
    _record(Kind.RECALL_REMINDED, by, row)
    return row


def answer_recall(*, by: User, notice: RecallNotice, to: RecallState, note: str = "") -> RecallNotice:
    """Write down what the recipient said, or that it said nothing. Raises `RecallEnded`."""
    row = _held(by, notice)
    if to not in RECALL_STEPS.get(RecallState(row.state), frozenset()):
        raise RecallEnded(subject=f"recall:{row.pk}", scope=row.case_id, before=row.state, to=to.value)
    row.state, row.state_at = to, timezone.now()
    row.seal(answer=note.strip() or None)
    row.save(update_fields=["state", "state_at", "answer"])
    _record(Kind.RECALL_ANSWERED, by, row)
    return row


def _held(by: User, notice: RecallNotice) -> RecallNotice:
    check(by, Permission.EXPORT_BUILD, notice.case_id)
    return RecallNotice.objects.select_for_update(of=("self",)).select_related("export").get(pk=notice.pk)


def _record(kind: Kind, by: User, row: RecallNotice) -> None:
    record(
        kind,
        by=by.staff_code,
        subject=f"recall:{row.pk}",
        scope=row.case_id,
        facts={"number": row.export.number, "state": row.state, "reminders": row.reminders},
        rows=[row],
    )
