"""Integrity runs as these tests ask for them, and the alerts that they raise."""

from accounts.door import Machine, entering
from evidence import tasks
from evidence.actions import integrity
from evidence.models import FileObject, FixityCheck, IngestJob, IntegrityRun
from tests.evidence.worlds import World, photo


def run_all() -> IntegrityRun:
    with entering(Machine.INTEGRITY, "test"):
        run = integrity.start_full_run()
    tasks.integrity_run(str(run.pk))
    return IntegrityRun.objects.get(pk=run.pk)


def run_case(world: World) -> IntegrityRun:
    with entering(world.keeper, "test"):
        run = integrity.ask_integrity_run(by=world.keeper, case=world.case)
    tasks.integrity_run(str(run.pk))
    return IntegrityRun.objects.get(pk=run.pk)


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
