"""Integrity runs as these tests ask for them, and the alerts that they raise."""

import time
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from accounts.door import Machine, entering
from evidence import checking, tasks
from evidence.actions import integrity, planning
from evidence.decoding import chamber
from evidence.decoding.chamber import Report
from evidence.models import FileObject, FixityCheck, IngestJob, IntegrityChunk, IntegrityRun
from evidence.vocabulary import RunKind
from tests.evidence.worlds import World, photo
from vault.errors import StoreGone

_looks: dict[tuple[bytes, str], Report] = {}


def look_once(read: chamber.Ranges, *, length: int, filename: str) -> Report:
    """What the real chamber said of the same bytes under the same name: each child takes half a second."""
    content = read(0, length)
    asked = sha256(content).digest(), filename
    if asked not in _looks:
        _looks[asked] = chamber.examine(
            lambda start, end: content[start:end], length=length, filename=filename
        )
    return deepcopy(_looks[asked])


def start_all() -> IntegrityRun:
    with entering(Machine.INTEGRITY, "test"):
        return planning.start_full_run()


def go_on(run: IntegrityRun) -> IntegrityRun:
    """Walk what is left of a routine run, tell of it, and return it as it is then."""
    with suppress(StoreGone):
        while checking.walk(RunKind.ROUTINE, until=time.monotonic() + 60, run=run.pk):
            pass
    tasks.note_integrity()
    return IntegrityRun.objects.get(pk=run.pk)


def run_all() -> IntegrityRun:
    return go_on(start_all())


def ask(world: World, kind: RunKind = RunKind.ROUTINE) -> IntegrityRun:
    with entering(world.keeper, "test"):
        return planning.ask_integrity_run(by=world.keeper, case=world.case, kind=kind)


def run_case(world: World) -> IntegrityRun:
    return go_on(ask(world))


def run_deep(world: World) -> IntegrityRun:
    """Open and compare every file of the case, as the worker does."""
    run = ask(world, RunKind.DEEP)
    tasks.deep_check(str(run.pk))
    tasks.note_integrity()
    return IntegrityRun.objects.get(pk=run.pk)


def let_go(run: IntegrityRun) -> None:
    """Let chunks look as others find them once whoever held them was killed long ago."""
    long_ago = timezone.now() - timedelta(hours=2)
    IntegrityChunk.objects.filter(run=run, finished_at__isnull=True).update(touched_at=long_ago)


def alerts(world: World) -> list[FixityCheck]:
    with entering(world.keeper, "test"):
        return list(FixityCheck.objects.select_related("file__item").order_by("created_at"))


def receive(world: World, count: int) -> list[FileObject]:
    return [world.receive(photo(seed=20 * each), name=f"{each}.jpg") for each in range(count)]


def answer_all(world: World, answer: str = "Asked the provider again.") -> None:
    for alert in alerts(world):
        if alert.closed_at is None:
            with entering(world.keeper, "test"):
                integrity.answer_alert(by=world.keeper, alert=alert, answer=answer)


def check_again(file: FileObject) -> None:
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))


def open_alerts(world: World) -> list[FixityCheck]:
    return [alert for alert in alerts(world) if alert.closed_at is None]
