"""Moving an export from state to state: only along the lines of the state machine, locked, recorded."""

from django.utils import timezone

from accounts.door import Reader, reader_code
from audit.actions import record
from audit.sealing import seal_now
from audit.vocabulary import Kind
from cases.errors import StepNotPossible
from exports.models import Export
from exports.vocabulary import EXPORT_STEPS, ExportState
from vault.files import drop_file
from vault.rows import SealedRow
from vault.scopes import Scope


def locked(export: Export) -> Export:
    """Return the export as it is now, locked until the end of the transaction."""
    return (
        Export.objects.select_for_update(of=("self",))
        .select_related("case", "recipient", "key")
        .get(pk=export.pk)
    )


def check_step(export: Export, to: ExportState) -> None:
    """Raise `StepNotPossible` when the state machine has no such step from here."""
    before = ExportState(export.state)
    if to not in EXPORT_STEPS.get(before, frozenset()):
        raise StepNotPossible(
            subject=f"export:{export.pk}", scope=export.case_id, before=before.value, to=to.value
        )


def move(
    export: Export,
    to: ExportState,
    kind: Kind,
    *,
    by: Reader,
    rows: tuple[SealedRow, ...] = (),
    changed: tuple[str, ...] = (),
    at_once: bool = False,
    **facts: str | int,
) -> Export:
    """Take one step and record it; `changed` names further columns of the export to save.

    `at_once` puts the event into the tree with the commit: a decision must not wait for the next batch.
    """
    check_step(export, to)
    before = export.state
    if before == ExportState.APPROVED:
        _drop_identities(export, reader_code(by))
    export.state, export.state_at = to, timezone.now()
    export.save(update_fields=["state", "state_at", *changed])
    event = record(
        kind,
        by=reader_code(by),
        subject=f"export:{export.pk}",
        scope=export.case_id,
        facts={"before": before, "to": to.value, "number": export.number, **facts},
        rows=[export, *rows],
    )
    if at_once:
        seal_now(event)
    return export


def _drop_identities(export: Export, by: str) -> None:
    """Destroy the file of a hand-over: from here on it lies in the package, or the export was given up."""
    files = export.handovers.filter(stored__isnull=False).values_list("stored", flat=True)
    for file in files:
        drop_file(file, scope=Scope.case(export.case_id), by=by)
