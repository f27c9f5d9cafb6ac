"""The doctor finds each thing that is not as it must be, and says it in one line."""

import json
import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.door import Machine, entering
from accounts.vocabulary import OwedState
from audit.actions import record
from audit.models import Batch, Checkpoint
from audit.recorder import LogRecorder
from audit.sealing import seal_batch
from audit.vocabulary import Kind
from casemgr import doctor
from casemgr.doctor import State
from evidence.models import IntegrityRun
from tests.buckets import Bucket
from tests.evidence.worlds import make_world
from vault.keys import epoch


def bad() -> list[str]:
    return [finding.text for finding in doctor.examine() if finding.state is State.BAD]


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=2**40))


@pytest.mark.django_db
def test_a_sound_installation_has_nothing_bad(sound: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 10
    assert all(line.startswith(("ok ", "look ")) for line in lines), lines


@pytest.mark.django_db
def test_a_disk_that_is_not_mounted_is_bad(sound: None, settings: Settings, tmp_path: Path) -> None:
    assert not [text for text in bad() if "MEDIA_STORE" in text]
    world = make_world()
    world.receive(b"a letter", name="letter.txt")
    assert not [text for text in bad() if "MEDIA_STORE" in text]
    settings.MEDIA_STORE = tmp_path / "empty"
    (told,) = [text for text in bad() if "MEDIA_STORE" in text]
    assert "not the store of the 1 files" in told


@pytest.mark.django_db
def test_a_bucket_that_is_away_or_cannot_lock_is_bad(sound: None, settings: Settings, bucket: Bucket) -> None:
    world = make_world()
    world.receive(b"a letter", name="letter.txt")
    assert bad() == []
    bucket.client.create_bucket(Bucket="loose")
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"name": "loose", "lock_days": 30}
    away, loose = (text for text in bad() if "MEDIA_BUCKET" in text)
    assert "not the store of the 1 files" in away
    assert "no object lock" in loose
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"url": "http://127.0.0.1:9"}
    assert any(text.startswith("store: ") and "does not answer" in text for text in bad())


@pytest.mark.django_db
def test_an_unreadable_or_foreign_key_is_bad(sound: None, settings: Settings, tmp_path: Path) -> None:
    key = tmp_path / "root.key"
    key.write_bytes(Path(settings.ROOT_KEY_FILE).read_bytes())
    key.chmod(0o644)
    settings.ROOT_KEY_FILE = key
    settings.DATA_DIR = tmp_path
    found = bad()
    assert "ROOT_KEY_FILE: mode 0644" in found
    assert "ROOT_KEY_FILE lies inside DATA_DIR" in found
    settings.EPOCH_KEY_FILE = tmp_path / "none"
    found = bad()
    assert any("EPOCH_KEY_FILE" in text and "cannot be read" in text for text in found)
    assert "the epoch key cannot be read (RootKeyMissing)" in found


@pytest.mark.django_db
def test_a_full_disk_an_owner_and_a_dead_queue_are_bad(
    sound: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=2**20))
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner@h/d")
    settings.REDIS_URL = "redis+socket:///nowhere/redis.sock"
    found = bad()
    assert "DATA_DIR: 0.0 GiB free" in found
    assert "the owner's address is in this environment" in found
    assert any(text.startswith("Redis does not answer") for text in found)


@pytest.mark.django_db(transaction=True)
def test_a_grant_that_lets_the_log_be_changed_is_bad(sound: None) -> None:
    superuser = _superuser()
    superuser.execute("GRANT UPDATE (leaf) ON audit_event TO app")
    try:
        assert any("too wide on audit_event" in text for text in bad())
    finally:
        superuser.execute("REVOKE UPDATE (leaf) ON audit_event FROM app")
        superuser.close()
    assert bad() == []


def looked_at() -> list[str]:
    return [finding.text for finding in doctor.examine() if finding.state is State.LOOK]


@pytest.mark.django_db(transaction=True)
def test_a_log_that_waits_to_be_sealed_or_signed_is_told(sound: None) -> None:
    seal_batch()  # what was recorded while the database was made may wait since long ago
    with entering(Machine.COMMAND, "test"):
        record(Kind.LINK_CREATED, by="machine:command", subject="somebody")
    assert not any("waits to be sealed" in text for text in looked_at())
    with time_machine.travel(time.time() + 600):
        assert any("waits to be sealed since" in text for text in looked_at())
    seal_batch()
    with time_machine.travel(time.time() + 600):
        found = looked_at()
    assert not any("waits to be sealed" in text for text in found)
    assert any("not signed beyond leaf 0" in text for text in found)
    Checkpoint.objects.create(size=Batch.objects.latest("size").size, note="x", signed_at=timezone.now())
    with time_machine.travel(time.time() + 600):
        assert not any("the log" in text for text in looked_at())


@pytest.mark.django_db
def test_files_that_were_not_checked_for_a_day_are_told(sound: None) -> None:
    assert "no run over all files has come to its end yet" in looked_at()
    with entering(Machine.INTEGRITY, "test"):
        IntegrityRun.objects.create(state=OwedState.DONE, finished_at=timezone.now())
    assert not any("run over all files" in text for text in looked_at())
    with time_machine.travel(time.time() + 27 * 60 * 60):
        assert any("the last run over all files ended" in text for text in looked_at())
    assert bad() == []


def _superuser() -> psycopg.Connection:
    from django.db import connection

    config = connection.settings_dict
    cluster_url = next(value for value in _URLS if value)
    return psycopg.connect(f"{cluster_url.rpartition('/')[0]}/{config['NAME']}", autocommit=True)


_URLS = [os.environ.get("DATABASE_SUPERUSER_URL", "")]


def test_a_missing_migration_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    executor = SimpleNamespace(
        loader=SimpleNamespace(graph=SimpleNamespace(leaf_nodes=list)), migration_plan=lambda _nodes: [1, 2]
    )
    monkeypatch.setattr(doctor, "MigrationExecutor", lambda _connection: executor)
    assert [finding.text for finding in doctor.migrations()] == ["2 migrations are missing"]


@pytest.mark.django_db
def test_the_last_turn_is_told_and_what_it_closed(sound: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a service a turn ends every older backup of the keystore, and no operator need know of it."""

    def told() -> list[tuple[State, str]]:
        return [(one.state, one.text) for one in doctor.examine() if "turned" in one.text]

    assert told() == [(State.OK, "the epoch has not turned yet")]
    newest = epoch.load().primary.id
    with entering(Machine.SWEEP, "test"):
        LogRecorder().key_event(event="rotated", key_id=uuid4(), scope=None, by="machine:sweep")
    assert told() == [(State.OK, "the epoch has not turned yet")]
    with entering(Machine.SWEEP, "test"):
        LogRecorder().key_event(event="rotated", key_id=newest, scope=None, by="machine:sweep")
    ((state, text),) = told()
    assert state is State.OK
    assert f"{timezone.now():%Y-%m-%d}" in text
    monkeypatch.setattr(epoch, "is_behind_service", lambda: True)
    ((state, text),) = told()
    assert state is State.LOOK
    assert "no backup of the keystore from before opens anything" in text
    assert not [one for one in bad() if "epoch" in one]


@pytest.mark.django_db
def test_a_turn_that_somebody_wrote_into_the_log_is_none(sound: None) -> None:
    """Else a backup that opens nothing would pass for one that does."""
    leaf = {"actor": "machine:sweep", "at": 1_700_000_000_000_000, "kind": "key:rotated", "v": 1}
    leaf["subject"] = f"key:{epoch.load().primary.id}"
    with entering(Machine.SWEEP, "test"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (id, leaf, mac) VALUES (gen_random_uuid(), %s, %s)",
            [json.dumps(leaf), b"\x00" * 64],
        )
    assert [one.text for one in doctor.examine() if "turned" in one.text] == ["the epoch has not turned yet"]
