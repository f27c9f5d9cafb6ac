"""What follows from a run: alerts, the word in the log, and the answers to alerts.

Promise: what walkers wrote down is told once, by who holds the keys to write to the log; a run ends when
every file that it named was looked at. An alert waits for somebody with the power to answer it, whether or
not they may read the exhibit, and after its case was closed. Called by the integrity pages and, for the
telling, by the schedule as the integrity machine.
"""

import hashlib
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.door import Machine, reader_code
from accounts.models import User
from accounts.vocabulary import OwedState
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.actions.custody import guarded
from evidence.actions.files import owe_check
from evidence.actions.fixity import close_alert, fail_stored, release_sound
from evidence.checking import STORE_GONE
from evidence.errors import AlertClosed, ReasonMissing
from evidence.models import FileObject, FixityCheck, IntegrityChunk, IntegrityFinding, IntegrityRun
from evidence.vocabulary import FixityResult, FoundKind, RunKind
from vault.files import find_strays
from vault.models import DestroyedKey, StoredFile

# What is younger may belong to an upload whose row is not committed yet.
_STRAY_AGE: Final = timedelta(hours=1)
# A wrong folder may hold a million of them: so many are named, all are counted.
MOST_STRAYS_NAMED: Final = 100
_MOST_AT_ONCE: Final = 4


def allow_run(run: IntegrityRun) -> None:
    """Ask again whether the person who asked for a run still may. Raises what `check` raises."""
    if run.by is not None and run.case_id is not None:
        check(run.by, Permission.EVIDENCE_INTEGRITY, run.case_id)


def stop_run(run: IntegrityRun, reason: str) -> None:
    """End a run that nobody may ask for any more; its chunks are walked no further."""
    now = timezone.now()
    run.chunks.filter(finished_at__isnull=True).update(finished_at=now, claim=None)
    run.chunks.filter(noted_at__isnull=True).update(noted_at=now)
    run.fail(reason, final=True)


def chunks_to_note(run: IntegrityRun) -> list[IntegrityChunk]:
    """Some chunks of a run that were walked to their end and not told of; locked, those of others passed."""
    rows = run.chunks.select_for_update(skip_locked=True).filter(
        finished_at__isnull=False, noted_at__isnull=True
    )
    return list(rows.order_by("number")[:_MOST_AT_ONCE])


def note_chunk(run: IntegrityRun, chunk: IntegrityChunk) -> None:
    """Tell what was found in a locked chunk: raise alerts, and write down which files were looked at."""
    bad: list[UUID] = []
    for finding in chunk.findings.order_by("found_at", "id"):
        if finding.stored is None:
            continue
        bad.append(finding.stored)
        stored = StoredFile.objects.filter(pk=finding.stored).first()
        if stored is None or not (is_erased(stored) or _is_given_up(stored)):
            chunk.failed += 1
            _fail(run, finding.stored, FixityResult(finding.result))
    looked = chunk.finished_at or timezone.now()
    # One value instead of five hundred: taking them in singly costs as much as looking at the files.
    files = FileObject.objects.filter(stored__in=RawSQL("SELECT unnest(%s::uuid[])", [chunk.files]))
    files.filter(_before("checked_at", looked)).update(checked_at=looked)
    if chunk.kind == RunKind.DEEP:
        files.filter(_before("deep_checked_at", looked)).update(deep_checked_at=looked)
    files.exclude(stored__in=bad).filter(_before("intact_at", looked)).update(intact_at=looked)
    chunk.noted_at = timezone.now()
    chunk.save(update_fields=["noted_at", "failed"])
    run.checked += chunk.done
    run.failed += chunk.failed
    run.save(update_fields=["checked", "failed"])


def note_store_gone(run: IntegrityRun) -> None:
    """Say in the log, once a run, that nothing could be looked at. No file is blamed; it is tried again."""
    if run.reason == STORE_GONE:
        return
    record(
        Kind.INTEGRITY_FAILED,
        by=reader_code(Machine.INTEGRITY),
        subject=f"run:{run.pk}",
        scope=run.case_id,
        facts={"run": str(run.pk), "result": STORE_GONE},
    )
    run.reason = STORE_GONE
    run.save(update_fields=["reason"])


def finish_run(run: IntegrityRun) -> None:
    """Say in the log that everything was looked at, and what lies in the store without belonging there."""
    digests = run.chunks.order_by("number").values_list("commitment", flat=True)
    run.commitment = hashlib.sha256(b"".join(bytes(one) for one in digests)).digest()
    facts: dict[str, str | int] = {
        "run": str(run.pk),
        "kind": run.kind,
        "checked": run.checked,
        "failed": run.failed,
        "commitment": run.commitment.hex(),
    }
    if run.case_id is None and run.kind == RunKind.ROUTINE:
        run.strays = _note_strays(run)
        facts |= {"strays": run.strays}
    run.save(update_fields=["commitment", "strays"])
    run.finish()
    record(
        Kind.INTEGRITY_FINISHED,
        by=reader_code(Machine.INTEGRITY),
        subject=f"run:{run.pk}",
        scope=run.case_id,
        facts=facts,
    )


def is_walked(run: IntegrityRun) -> bool:
    """Tell whether every chunk of a run was walked to its end and told of, and no file passed over."""
    left = run.chunks.filter(noted_at__isnull=True).exists()
    return not left and (run.chunks.aggregate(done=Sum("done"))["done"] or 0) == run.files


def answer_alert(*, by: User, alert: FixityCheck, answer: str) -> FixityCheck:
    """Answer an alert. The file stays flagged, and is looked at once more.

    Found intact, it is cleared, and with the last one its exhibit is released; still damaged, it raises a
    new alert.
    """
    check(by, Permission.EVIDENCE_INTEGRITY, alert.case_id)
    item = guarded(alert.file.item, by)
    row = FixityCheck.objects.select_for_update(of=("self",)).filter(pk=alert.pk, file__item=item).first()
    if row is None:
        raise ElsewhereRow(subject=f"alert:{alert.pk}", scope=alert.case_id)
    if row.closed_at is not None:
        raise AlertClosed(subject=f"alert:{row.pk}", scope=row.case_id)
    if not answer.strip():
        raise ReasonMissing(subject=f"alert:{row.pk}", scope=row.case_id)
    close_alert(row, item, by=by, answer=answer.strip())
    release_sound(item, by=by)
    owe_check(by=by, file=row.file)
    return row


def is_erased(stored: StoredFile) -> bool:
    """A file whose key was destroyed is gone on purpose."""
    return (
        stored.manifest is not None and DestroyedKey.objects.filter(pk=stored.manifest.header.key_id).exists()
    )


def _before(column: str, moment: object) -> Q:
    """Two runs may be told of in the other order: what is known does not go back."""
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": moment})


def _fail(run: IntegrityRun, stored: UUID, result: FixityResult) -> None:
    code = reader_code(Machine.INTEGRITY)
    if fail_stored(stored, by=code, result=result, run=run):
        return
    if not FileObject.objects.filter(stored=stored).exists():  # a package, or another room's file
        record(
            Kind.INTEGRITY_FAILED,
            by=code,
            subject=f"stored:{stored}",
            facts={"run": str(run.pk), "result": result.value},
        )


def _note_strays(run: IntegrityRun) -> int:
    """Write down finished files of the store that no row names: the house's matter, and no case's."""
    found = find_strays(before=timezone.now() - _STRAY_AGE)
    named = [
        IntegrityFinding(run=run, ref=ref, result=FoundKind.EXTRA) for ref in islice(found, MOST_STRAYS_NAMED)
    ]
    IntegrityFinding.objects.bulk_create(named)
    return len(named) + sum(1 for _ in found)


def _is_given_up(stored: StoredFile) -> bool:
    """Every exhibit it belonged to has set it aside: it is told no more, and counted as no new failure."""
    files = FileObject.objects.filter(stored=stored.pk)
    return files.exists() and not files.filter(set_aside_at__isnull=True).exists()


def runs_under_way() -> list[IntegrityRun]:
    """Runs that are not told to their end, oldest first."""
    states = (OwedState.OWED, OwedState.RUNNING)
    return list(IntegrityRun.objects.filter(state__in=states).order_by("created_at"))
