"""A real worker on the real queue: uploads are checked by it, and nothing that comes in between ends it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from celery import current_app

from accounts.door import entering
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from evidence.models import FileObject, IngestJob
from evidence.vocabulary import CopyKind, FileFlag, FileState
from tests.evidence.samples import archive
from tests.evidence.worlds import World, make_world, photo

ROOT = Path(__file__).resolve().parents[2]
CANARY = "CanaryInAFileName"
LONGEST = 60.0


@contextmanager
def working(log: Path) -> Iterator[None]:
    """Run one worker as `up` does."""
    command = [sys.executable, "-m", "celery", "-A", "casemgr.celery", "worker", "--pool", "solo"]
    with log.open("wb") as written:
        worker = subprocess.Popen(
            [*command, "--loglevel", "INFO"], cwd=ROOT, env=os.environ, stdout=written, stderr=written
        )
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(30)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def until(is_so: Callable[[], bool], log: Path) -> None:
    """Wait for what the worker does; a failure shows what it said."""
    deadline = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.05)


def is_over(*files: FileObject) -> bool:
    left = IngestJob.objects.filter(file__in=[file.pk for file in files])
    return not left.filter(state__in=[OwedState.OWED, OwedState.RUNNING]).exists()


@pytest.mark.django_db(transaction=True)
def test_worker_checks_what_was_uploaded_whatever_comes_in_between(tmp_path: Path) -> None:
    world: World = make_world()
    log = tmp_path / "worker.log"
    trap = world.receive(archive({"../../x": b"x"}), name="names.zip")
    cut = world.receive(photo((1600, 1200))[:-4000], name=f"{CANARY}.jpg")
    for task, args in (
        ("evidence.ingest_file", [str(uuid4())]),
        ("evidence.ingest_file", ["no id"]),
        ("evidence.no_such_task", [str(trap.pk)]),
        ("evidence.deep_check", [str(trap.pk)]),
    ):
        current_app.send_task(task, args=args)
    good = world.receive(photo((1600, 1200), place=True), name=f"{CANARY}.jpg")
    with working(log):
        until(lambda: is_over(trap, cut, good), log)
    assert world.file_now(trap).flag == FileFlag.UNSAFE
    assert world.file_now(cut).flag == FileFlag.BROKEN
    assert world.file_now(good).check_state == FileState.CHECKED
    with entering(world.investigator, "test"):
        assert FileObject.objects.filter(derived_from=good.pk, copy_kind=CopyKind.THUMBNAIL).count() == 1
    assert len(world.events(Kind.EVIDENCE_HASHED)) == 3
    assert CANARY not in log.read_text()
