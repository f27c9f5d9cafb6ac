"""The checker's own process and role: it walks, is killed, goes on; and can do nothing else."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from accounts.door import Machine, entering
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from casemgr.embedded import surroundings
from evidence import tasks
from evidence.actions import planning
from evidence.models import IntegrityChunk, IntegrityFinding, IntegrityRun
from evidence.vocabulary import FoundKind, RunKind
from tests.evidence.runs import alerts, let_go, receive, start_all
from tests.evidence.worlds import World, flip, make_world, photo, stored_path
from vault.files import FileSealer
from vault.keys import held
from vault.keys.providers import NoKey
from vault.models import StoredFile
from vault.scopes import STAFF

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def environment(store: Path) -> dict[str, str]:
    """What `up` gives the checker."""
    common = dict(os.environ) | {"MEDIA_STORE": str(store), "PYTHONUNBUFFERED": "1"}
    return surroundings.checker(common, os.environ["DATABASE_CHECKER_URL"])


def start(store: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start one checker as `up` does."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "check_files", *arguments],
        cwd=ROOT,
        env=environment(store),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_STORE=tmp_path / "media"):
        yield tmp_path / "media"


def fill(count: int) -> list[StoredFile]:
    """Seal many small files of one case that nobody opened: what is measured is reading them."""
    made = []
    for first in range(0, count, 500):
        with transaction.atomic():
            for number in range(first, min(first + 500, count)):
                with FileSealer(scope=STAFF, by="INV-01") as sealer:
                    sealer.write(number.to_bytes(8, "big") * 16)
                    made.append(sealer.commit()[0])
    return made


def killed_in_the_middle(store: Path, run: IntegrityRun, *, after: int) -> int:
    """Start a checker and kill it with no chance to tidy up, once it wrote down so many; return how many."""
    worker = start(store)
    done = 0
    deadline = time.monotonic() + 120
    while done < after:
        assert worker.poll() is None, worker.communicate()[0]
        assert time.monotonic() < deadline
        done = sum(run.chunks.values_list("done", flat=True))
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    return sum(run.chunks.values_list("done", flat=True))


def killed_and_resumed(store: Path, count: int, chunk: int) -> None:
    """Damage three of many files, kill a checker among them, let two others end it; count everything."""
    world = make_world()
    sound, hurt = receive(world, 2)
    files = fill(count - 2)
    gone, bad = files[count // 3], files[-1]
    (store / gone.storage_ref[:2] / gone.storage_ref).unlink()
    for path in (store / bad.storage_ref[:2] / bad.storage_ref, stored_path(hurt)):
        flip(path)
    planning.CHUNK_FILES[RunKind.ROUTINE], usual = chunk, planning.CHUNK_FILES[RunKind.ROUTINE]
    run = start_all()
    planning.CHUNK_FILES[RunKind.ROUTINE] = usual
    assert run.files == count
    before = killed_in_the_middle(store, run, after=1)
    assert 0 < before < count
    let_go(run)
    both = [start(store, "--once") for _ in range(2)]
    said = [worker.communicate(timeout=3_000)[0] for worker in both]
    assert [(worker.returncode, line) for worker, line in zip(both, said, strict=True)] == [(0, "")] * 2
    listed = Counter(pk for names in run.chunks.values_list("files", flat=True) for pk in names)
    assert (len(listed), set(listed.values())) == (count, {1})
    assert sum(run.chunks.values_list("done", flat=True)) == count
    assert {(row.stored, row.result) for row in IntegrityFinding.objects.filter(run=run)} == {
        (gone.pk, FoundKind.MISSING),
        (bad.pk, FoundKind.DAMAGED),
        (hurt.stored_id, FoundKind.DAMAGED),
    }
    assert alerts(world) == [], "who walks tells nobody"
    tasks.note_integrity()
    run.refresh_from_db()
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, count, 3)
    (alert,) = alerts(world)
    assert (alert.file_id, alert.by_code) == (hurt.pk, "machine:integrity")
    assert (len(world.events(Kind.FIXITY_FAILED)), len(world.events(Kind.INTEGRITY_FAILED))) == (1, 2)
    assert world.file_now(sound).intact_at is not None


def test_run_goes_on_after_a_killed_process_and_counts_each_file_once(store: Path) -> None:
    killed_and_resumed(store, 120, 4)


@pytest.mark.soak
def test_run_over_a_hundred_thousand_files_goes_on_after_a_kill(store: Path) -> None:
    killed_and_resumed(store, 100_000, 500)


def test_checker_with_more_power_than_it_needs_does_not_start() -> None:
    with pytest.raises(CommandError, match="holds the root key and must not"):
        call_command("check_files", once=True)
    with held.using(NoKey()), pytest.raises(CommandError, match="signs in as app, who may do more"):
        call_command("check_files", once=True)


def test_checker_is_told_no_key_no_queue_and_no_secret_of_others() -> None:
    theirs = {
        "DATA_DIR": "/d",
        "DATABASE_URL": "postgres://app:geheim@h/d",
        "REDIS_URL": "redis://:geheim@h",
        "SECRET_KEY": "geheim",
        "ROOT_KEY_FILE": "/keys/geheim",
        "ROOT_KEY_PASSPHRASE_FILE": "/proc/1/fd/geheim",
        "EPOCH_KEY_FILE": "/keys/geheim",
    }
    given = surroundings.checker(theirs, "postgres://checker@h/d")
    assert not [name for name, value in given.items() if "geheim" in value]
    assert (given["DATABASE_URL"], given["ROOT_KEY_PROVIDER"]) == ("postgres://checker@h/d", "none")


# The role itself, with whatever SQL a taken checker could send.
REFUSED = [
    "SELECT * FROM vault_storedfile",
    "SELECT manifest FROM vault_storedfile",
    "SELECT scope_id FROM vault_storedfile",
    "UPDATE vault_storedfile SET sealed_digest = sealed_digest",
    "DELETE FROM vault_storedfile",
    "SELECT id FROM cases_case",
    "SELECT id FROM evidence_fileobject",
    "SELECT id FROM evidence_fixitycheck",
    "SELECT id FROM accounts_user",
    "SELECT id FROM audit_event",
    "INSERT INTO audit_event (id, leaf, mac) VALUES (gen_random_uuid(), '{}', '')",
    "SELECT * FROM keystore.vault_keystorekey",
    "SELECT * FROM vault_scopekey",
    "SELECT * FROM vault_rootcheck",
    "SET ROLE app",
    "SET ROLE keystore",
    "SET ROLE owner",
    "CREATE TABLE mine (id int)",
    "SELECT noted_at FROM evidence_integritychunk",
    "UPDATE evidence_integritychunk SET files = '{}'",
    "UPDATE evidence_integritychunk SET noted_at = now()",
    "UPDATE evidence_integritychunk SET kind = 'deep'",
    "INSERT INTO evidence_integritychunk (id) VALUES (gen_random_uuid())",
    "DELETE FROM evidence_integritychunk",
    "UPDATE evidence_integrityrun SET state = 'done'",
    "SELECT id FROM evidence_integrityrun",
    "SELECT id FROM evidence_integrityfinding",
    "UPDATE evidence_integrityfinding SET result = 'damaged'",
    "DELETE FROM evidence_integrityfinding",
    "SELECT reader_cases()",
]
FIND = (
    "INSERT INTO evidence_integrityfinding (id, run_id, chunk_id, stored, ref, result, found_at)"
    " VALUES (gen_random_uuid(), %s, %s, %s, '', 'damaged', now())"
)


def _chunks(world: World) -> tuple[IntegrityChunk, IntegrityChunk]:
    """One routine and one deep chunk of the case."""
    with entering(Machine.INTEGRITY, "test"):
        routine = planning.start_full_run()
    with entering(world.keeper, "test"):
        deep = planning.ask_integrity_run(by=world.keeper, case=world.case, kind=RunKind.DEEP)
    return routine.chunks.get(), deep.chunks.get()


def test_checker_may_read_what_it_needs_and_write_what_it_found_and_nothing_else(store: Path) -> None:
    world = make_world()
    file = world.receive(photo())
    routine, deep = _chunks(world)
    with psycopg.connect(os.environ["DATABASE_CHECKER_URL"], autocommit=True) as checker:
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                checker.execute(statement)
        seen = checker.execute("SELECT id FROM evidence_integritychunk").fetchall()
        assert seen == [(routine.pk,)], "a deep chunk is not there for it"
        forward = "UPDATE evidence_integritychunk SET done = done + 1 WHERE id = %s"
        assert checker.execute(forward, [deep.pk]).rowcount == 0
        with pytest.raises(psycopg.errors.CheckViolation):
            checker.execute("UPDATE evidence_integritychunk SET done = 99")
        strange: list[list[object]] = [
            [deep.run_id, deep.pk, file.stored_id],
            [deep.run_id, routine.pk, file.stored_id],
            [routine.run_id, routine.pk, uuid4()],
            [routine.run_id, None, None],
        ]
        for values in strange:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                checker.execute(FIND, values)
        checker.execute(FIND, [routine.run_id, routine.pk, file.stored_id])
        end = "UPDATE evidence_integritychunk SET done = 1, finished_at = now() WHERE id = %s"
        checker.execute(end, [routine.pk])
        again = checker.execute("UPDATE evidence_integritychunk SET finished_at = NULL")
        assert again.rowcount == 0, "what is finished is not begun again"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            checker.execute(FIND, [routine.run_id, routine.pk, file.stored_id])
