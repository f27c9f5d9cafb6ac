"""Integrity runs and the alerts they raise.

Promise: a run opens nothing and needs no key; it goes on where it was killed; that it ran is an event, so
that a run which never comes is noticed too. An alert waits for somebody with the power to answer it, whether
or not they may read the exhibit, and after its case was closed. Called by the integrity pages and, for the
walk, by the task as the integrity machine.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.door import Machine, reader_code
from accounts.models import User
from accounts.owed import wake
from accounts.vocabulary import OwedState
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.models import Case
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.actions.custody import guarded
from evidence.actions.files import owe_check
from evidence.actions.fixity import close_alert, fail_stored, release_sound
from evidence.errors import AlertClosed, ReasonMissing
from evidence.models import FileObject, FixityCheck, IntegrityRun
from evidence.vocabulary import FixityResult
from vault.errors import Damaged, Missing, StoreGone
from vault.files import check_sealed, count_strays, is_store_there
from vault.models import DestroyedKey, StoredFile
from vault.vocabulary import ScopeKind

TASK = "evidence.integrity_run"
UNFINISHED = (OwedState.OWED, OwedState.RUNNING)
# What is younger may belong to an upload whose row is not committed yet.
_STRAY_AGE = timedelta(hours=1)
# A little less than a day, so that a run asked for every hour keeps its hour.
_BETWEEN_RUNS = timedelta(hours=23, minutes=30)
Found = tuple[StoredFile, FixityResult]


def ask_integrity_run(*, by: User, case: Case) -> IntegrityRun:
    """Ask for a run over one case; while one is under way it is returned."""
    check(by, Permission.EVIDENCE_INTEGRITY, case)
    under_way = IntegrityRun.objects.filter(case=case.pk, state__in=UNFINISHED).first()
    if under_way is not None:
        return under_way
    return _start(IntegrityRun(case_id=case.pk, by=by), by.staff_code)


def start_full_run() -> IntegrityRun:
    """Start the machine's own run over everything, unless one is under way. Called by the schedule."""
    under_way = IntegrityRun.objects.filter(case__isnull=True, state__in=UNFINISHED).first()
    if under_way is not None:
        wake(TASK, under_way.pk)
        return under_way
    return _start(IntegrityRun(), reader_code(Machine.INTEGRITY))


def is_full_run_due() -> bool:
    """Tell whether a day has passed since the last run over everything that came to its end."""
    since = timezone.now() - _BETWEEN_RUNS
    done = IntegrityRun.objects.filter(case__isnull=True, state=OwedState.DONE)
    return not done.filter(created_at__gt=since).exists()


def next_files(run: IntegrityRun, count: int) -> list[StoredFile]:
    """The next stored files of a run, behind its cursor."""
    rows = StoredFile.objects.only("storage_ref", "sealed_size", "sealed_digest").order_by("id")
    if run.case_id is not None:
        rows = rows.filter(scope_kind=ScopeKind.CASE, scope_id=run.case_id)
    if run.cursor is not None:
        rows = rows.filter(id__gt=run.cursor)
    return list(rows[:count])


def note_store_gone(run: IntegrityRun) -> None:
    """Say in the log that nothing could be looked at. No file is blamed; the run is tried again."""
    record(
        Kind.INTEGRITY_FAILED,
        by=reader_code(Machine.INTEGRITY),
        subject=f"run:{run.pk}",
        scope=run.case_id,
        facts={"run": str(run.pk), "result": "store_out_of_reach"},
    )
    run.fail("store_out_of_reach")


def look(stored: StoredFile) -> FixityResult:
    """Digest the sealed bytes of one file anew. Needs no key, no transaction, and leaves no event.

    Raises `StoreGone`: a disk that is not mounted says nothing of a file.
    """
    try:
        check_sealed(stored)
    except Missing:
        return FixityResult.MISSING
    except Damaged:
        return FixityResult.DAMAGED
    except OSError as error:  # what the disk no longer gives is lost as surely as what it gives wrongly
        if isinstance(error, StoreGone) or not is_store_there():
            raise StoreGone from error
        return FixityResult.DAMAGED
    return FixityResult.INTACT


def note_files(run: IntegrityRun, found: Iterable[Found]) -> None:
    """Write down what was found, raise alerts, and move the cursor. Called as the integrity machine."""
    intact, commitment = [], bytes(run.commitment)
    for stored, result in found:
        if result == FixityResult.INTACT:
            intact.append(stored.pk)
        elif not _is_erased(stored) and not _is_given_up(stored):
            run.failed += 1
            _fail(run, stored, result)
        commitment = hashlib.sha256(
            commitment + stored.pk.bytes + bytes(stored.sealed_digest) + result.encode()
        ).digest()
        run.checked += 1
        run.cursor = stored.pk
    # One value instead of five hundred: taking them in singly costs as much as looking at the files.
    named = RawSQL("SELECT unnest(%s::uuid[])", [intact])
    FileObject.objects.filter(stored__in=named).update(intact_at=timezone.now())
    run.commitment = commitment
    run.save(update_fields=["cursor", "checked", "failed", "commitment"])


def finish_run(run: IntegrityRun) -> None:
    """Say in the log that everything was looked at, and what lies in the store without belonging there."""
    facts: dict[str, str | int] = {
        "run": str(run.pk),
        "checked": run.checked,
        "failed": run.failed,
        "commitment": bytes(run.commitment).hex(),
    }
    if run.case_id is None:
        facts |= {"strays": count_strays(before=timezone.now() - _STRAY_AGE)}
    run.finish()
    record(
        Kind.INTEGRITY_FINISHED,
        by=reader_code(Machine.INTEGRITY),
        subject=f"run:{run.pk}",
        scope=run.case_id,
        facts=facts,
    )


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


def _start(run: IntegrityRun, code: str) -> IntegrityRun:
    last = IntegrityRun.objects.filter(case=run.case_id).order_by("-created_at").first()
    run.save(force_insert=True)
    record(
        Kind.INTEGRITY_STARTED,
        by=code,
        subject=f"run:{run.pk}",
        scope=run.case_id,
        facts={"run": str(run.pk), "before": last.state if last is not None else "none"},
    )
    wake(TASK, run.pk)
    return run


def _fail(run: IntegrityRun, stored: StoredFile, result: FixityResult) -> None:
    code = reader_code(Machine.INTEGRITY)
    if fail_stored(stored.pk, by=code, result=result, run=run):
        return
    if not FileObject.objects.filter(stored=stored.pk).exists():  # a package, or another room's file
        record(
            Kind.INTEGRITY_FAILED,
            by=code,
            subject=f"stored:{stored.pk}",
            facts={"run": str(run.pk), "result": result.value},
        )


def _is_erased(stored: StoredFile) -> bool:
    """A file whose key was destroyed is gone on purpose."""
    return (
        stored.manifest is not None and DestroyedKey.objects.filter(pk=stored.manifest.header.key_id).exists()
    )


def _is_given_up(stored: StoredFile) -> bool:
    """Every exhibit it belonged to has set it aside: it is told no more, and counted as no new failure."""
    files = FileObject.objects.filter(stored=stored.pk)
    return files.exists() and not files.filter(set_aside_at__isnull=True).exists()
