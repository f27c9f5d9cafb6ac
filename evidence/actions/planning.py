"""When files are looked at: schedules of cases, the machine's runs, and the pieces each run is cut into.

Promise: a run names each of its files at its beginning, once; what may be set is set by whoever answers for
the bytes of a case, and is recorded. That the machine looked what was due is an event each day, so that its
silence is one too. Called by the integrity pages and the schedule's task.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Min
from django.utils import timezone

from accounts.door import Machine, reader_code
from accounts.models import User
from accounts.owed import wake
from accounts.vocabulary import OwedState
from audit.actions import record
from audit.vocabulary import Kind
from cases.models import Case
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.errors import DaysOutOfBounds
from evidence.models import IntegrityChunk, IntegrityRun, IntegritySchedule
from evidence.models.integrity import DEEP_DAYS, MOST_DEEP_DAYS, MOST_ROUTINE_DAYS, ROUTINE_DAYS
from evidence.vocabulary import RunKind
from vault.models import StoredFile
from vault.vocabulary import ScopeKind

DEEP_TASK: Final = "evidence.deep_check"
UNFINISHED: Final = (OwedState.OWED, OwedState.RUNNING)
# A chunk is bounded by count and by bytes; whoever walks it also stops after a time.
CHUNK_FILES: Final = {RunKind.ROUTINE: 500, RunKind.DEEP: 50}
CHUNK_BYTES: Final = 16 << 30
# So many workers at once are woken for a deep run; each wakes itself again while something is left.
DEEP_AT_ONCE: Final = 4
# A little less than a day, so that a run asked for every hour keeps its hour.
_BETWEEN_RUNS: Final = timedelta(hours=23, minutes=30)
# The machine begins once a day: what is due within half a day is due now.
_EARLY: Final = timedelta(hours=12)


def set_schedule(*, by: User, case: Case, routine_days: int, deep_days: int) -> IntegritySchedule:
    """Say every how many days a case's files are looked at, and opened. Raises `DaysOutOfBounds`."""
    check(by, Permission.EVIDENCE_INTEGRITY, case)
    if not (1 <= routine_days <= MOST_ROUTINE_DAYS and 1 <= deep_days <= MOST_DEEP_DAYS):
        raise DaysOutOfBounds(subject=f"case:{case.pk}", scope=case.pk)
    row = IntegritySchedule(case=case, created_by=by, routine_days=routine_days, deep_days=deep_days)
    row.save(force_insert=True)
    record(
        Kind.INTEGRITY_SCHEDULED,
        by=by.staff_code,
        subject=f"case:{case.pk}",
        scope=case.pk,
        facts={"routine_days": routine_days, "deep_days": deep_days},
        rows=[row],
    )
    return row


def days_of(cases: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Every how many days each of these cases is looked at, and opened."""
    found = dict.fromkeys(cases, (ROUTINE_DAYS, DEEP_DAYS))
    rows = IntegritySchedule.objects.filter(case__in=list(found)).order_by("case", "-created_at")
    for case, routine, deep in rows.distinct("case").values_list("case", "routine_days", "deep_days"):
        found[case] = (routine, deep)
    return found


def ask_integrity_run(*, by: User, case: Case, kind: RunKind = RunKind.ROUTINE) -> IntegrityRun:
    """Ask for a run over one case; while one of this kind is under way it is returned."""
    check(by, Permission.EVIDENCE_INTEGRITY, case)
    under_way = IntegrityRun.objects.filter(case=case.pk, kind=kind, state__in=UNFINISHED).first()
    if under_way is not None:
        return under_way
    return _start(IntegrityRun(case_id=case.pk, by=by, kind=kind), by.staff_code, [case.pk])


def start_full_run(*, only_due: bool = False) -> IntegrityRun:
    """Start the machine's own routine run over everything, or over what is due, unless one is under way."""
    under_way = IntegrityRun.objects.filter(case__isnull=True, kind=RunKind.ROUTINE, state__in=UNFINISHED)
    found = under_way.first()
    if found is not None:
        return found
    cases = due_cases(RunKind.ROUTINE) if only_due else _cases_with_files()
    return _start(IntegrityRun(), reader_code(Machine.INTEGRITY), [*cases, None])


def start_deep_run() -> IntegrityRun | None:
    """Start the machine's deep run over what is due, if anything is, unless one is under way."""
    runs = IntegrityRun.objects.filter(case__isnull=True, kind=RunKind.DEEP)
    under_way = runs.filter(state__in=UNFINISHED).first()
    if under_way is not None:
        return under_way
    scopes: list[UUID | None] = [*due_cases(RunKind.DEEP)]
    if _is_due(RunKind.DEEP, DEEP_DAYS, _last_planned(RunKind.DEEP).get(None), _first_of_no_case()):
        scopes.append(None)
    if not scopes:
        return None
    return _start(IntegrityRun(kind=RunKind.DEEP), reader_code(Machine.INTEGRITY), scopes)


def is_full_run_due() -> bool:
    """Tell whether a day has passed since the last run over everything that came to its end."""
    since = timezone.now() - _BETWEEN_RUNS
    done = IntegrityRun.objects.filter(case__isnull=True, kind=RunKind.ROUTINE, state=OwedState.DONE)
    return not done.filter(created_at__gt=since).exists()


def due_cases(kind: RunKind) -> list[UUID]:
    """The cases whose files are to be looked at by now. Called as the integrity machine."""
    first, last = _cases_with_files(), _last_planned(kind)
    busy = set(
        IntegrityChunk.objects.filter(kind=kind, finished_at__isnull=True, case__isnull=False).values_list(
            "case", flat=True
        )
    )
    days = days_of(first)
    place = 0 if kind == RunKind.ROUTINE else 1
    return [
        case
        for case, since in first.items()
        if case not in busy and _is_due(kind, days[case][place], last.get(case), since)
    ]


def watch(*, routine: IntegrityRun) -> None:
    """Say in the log, each day, that the schedule is awake. Called by the schedule as the machine."""
    record(
        Kind.INTEGRITY_WATCHED,
        by=reader_code(Machine.INTEGRITY),
        subject=f"run:{routine.pk}",
        facts={"cases": len(_cases_with_files()), "files": routine.files},
    )


def _is_due(kind: RunKind, days: int, last: datetime | None, first: datetime | None) -> bool:
    """What was never opened is due when the oldest of it is as old: its receipt opened and compared it."""
    since = last or (first if kind == RunKind.DEEP else None)
    if first is None:
        return False
    return since is None or since < timezone.now() - timedelta(days=days) + _EARLY


def _cases_with_files() -> dict[UUID, datetime]:
    """Cases that have files, each with the time of the first."""
    rows = StoredFile.objects.filter(scope_kind=ScopeKind.CASE).values("scope_id")
    return dict(rows.annotate(first=Min("created_at")).values_list("scope_id", "first"))


def _first_of_no_case() -> datetime | None:
    rows = StoredFile.objects.exclude(scope_kind=ScopeKind.CASE)
    first: datetime | None = rows.aggregate(first=Min("created_at"))["first"]
    return first


def _last_planned(kind: RunKind) -> dict[UUID | None, datetime]:
    rows = IntegrityChunk.objects.filter(kind=kind).order_by("case", "-planned_at").distinct("case")
    return dict(rows.values_list("case", "planned_at"))


def _start(run: IntegrityRun, code: str, scopes: list[UUID | None]) -> IntegrityRun:
    last = IntegrityRun.objects.filter(case=run.case_id, kind=run.kind).order_by("-created_at").first()
    run.state, run.started_at = OwedState.RUNNING, timezone.now()
    run.save(force_insert=True)
    chunks = [chunk for scope in scopes for chunk in _cut(run, scope)]
    for number, chunk in enumerate(chunks):
        chunk.number = number
    IntegrityChunk.objects.bulk_create(chunks, batch_size=200)
    run.files = sum(len(chunk.files) for chunk in chunks)
    run.save(update_fields=["files"])
    record(
        Kind.INTEGRITY_STARTED,
        by=code,
        subject=f"run:{run.pk}",
        scope=run.case_id,
        facts={
            "run": str(run.pk),
            "kind": run.kind,
            "files": run.files,
            "before": last.state if last is not None else "none",
        },
    )
    if run.kind == RunKind.DEEP:
        for _ in range(min(DEEP_AT_ONCE, len(chunks))):
            wake(DEEP_TASK, run.pk)
    return run


def _cut(run: IntegrityRun, scope: UUID | None) -> Iterator[IntegrityChunk]:
    """Cut the stored files of a case, or of none, into chunks of so many files and bytes."""
    rows = StoredFile.objects.order_by("created_at", "id").values_list("id", "sealed_size")
    if scope is None:
        rows = rows.exclude(scope_kind=ScopeKind.CASE)
    else:
        rows = rows.filter(scope_kind=ScopeKind.CASE, scope_id=scope)
    kind, files, size = RunKind(run.kind), list[UUID](), 0

    def chunk() -> IntegrityChunk:
        return IntegrityChunk(run=run, kind=kind, case=scope, files=files, planned_at=run.created_at)

    for pk, length in rows.iterator(chunk_size=5_000):
        if files and (len(files) >= CHUNK_FILES[kind] or size + length > CHUNK_BYTES):
            yield chunk()
            files, size = [], 0
        files.append(pk)
        size += length
    if files:
        yield chunk()
