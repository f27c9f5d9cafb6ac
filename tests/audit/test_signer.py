"""The signer signs only what continues its own memory, and never forgets what it signed."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction

from audit import signing
from audit.actions import record
from audit.memory import Memory, SignerLost
from audit.models import Batch, Checkpoint, Event, Position
from audit.notes import BadNote
from audit.sealing import seal_batch
from audit.signer import Signer, SignerBusy, TreeRefused
from audit.tree import HASH, Frontier
from audit.vocabulary import Kind

pytestmark = pytest.mark.django_db(transaction=True)


def grow(count: int = 5) -> int:
    with transaction.atomic():
        for _ in range(count):
            record(Kind.CASE_CHANGED, by="INV-01")
    return seal_batch()


def test_checkpoint_covers_what_is_sealed(folder: Path) -> None:
    size = grow()
    with Signer() as signer:
        head = signer.sign()
        assert head is not None
        assert (head.size, head.root) == (size, bytes(Batch.objects.get(size=size).root))
        assert signer.sign() is None
        note = Checkpoint.objects.get(size=size).note
        assert signer.verifier.open(note) == head
    assert Memory().note() == note
    assert list(Memory().heads()) == [head]
    assert Memory().tree().root() == head.root


def test_folder_is_closed_to_others(folder: Path) -> None:
    grow()
    with Signer() as signer:
        signer.sign()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_signer_goes_on_after_a_restart(folder: Path) -> None:
    for _ in range(3):
        grow()
        with Signer() as signer:
            assert signer.sign()
    assert [head.size for head in Memory().heads()] == sorted(
        Checkpoint.objects.values_list("size", flat=True)
    )


def test_second_signer_is_refused(folder: Path) -> None:
    with Signer(), pytest.raises(SignerBusy), Signer():
        pass
    with Signer():
        pass


def test_smaller_tree_is_refused(folder: Path, superuser: psycopg.Connection) -> None:
    size = grow()
    with Signer() as signer:
        signer.sign()
        superuser.execute("DELETE FROM audit_position WHERE index >= %s", [size - 2])
        superuser.execute("DELETE FROM audit_batch WHERE size = %s", [size])
        with pytest.raises(TreeRefused) as refused:
            signer.sign()
        assert refused.value.index < size


def test_forked_tree_of_the_same_size_is_refused(folder: Path, superuser: psycopg.Connection) -> None:
    size = grow()
    with Signer() as signer:
        head = signer.sign()
        superuser.execute("UPDATE audit_batch SET root = %s WHERE size = %s", [bytes(32), size])
        with pytest.raises(TreeRefused):
            signer.sign()
    assert Memory().head() == head


def test_larger_tree_that_does_not_continue_the_signed_one_is_refused(
    folder: Path, superuser: psycopg.Connection
) -> None:
    size = grow()
    with Signer() as signer:
        head = signer.sign()
        other = Frontier()
        other.extend([os.urandom(HASH) for _ in range(size)])
        superuser.execute("UPDATE audit_batch SET frontier = %s, root = %s", [other.packed(), other.root()])
        assert grow() > size
        with pytest.raises(TreeRefused):
            signer.sign()
    assert Memory().head() == head


def test_leaf_of_another_writer_is_refused_by_its_index(folder: Path, superuser: psycopg.Connection) -> None:
    size = grow()
    with Signer() as signer:
        signer.sign()
        grow()
        event = Position.objects.get(index=size + 2).event_id
        superuser.execute("UPDATE audit_event SET mac = %s WHERE id = %s", [bytes(32), event])
        with pytest.raises(TreeRefused) as refused:
            signer.sign()
        assert refused.value.index == size + 2


def test_gap_is_refused_by_its_index(folder: Path, superuser: psycopg.Connection) -> None:
    size = grow()
    with Signer() as signer:
        superuser.execute("DELETE FROM audit_position WHERE index = %s", [size - 2])
        with pytest.raises(TreeRefused) as refused:
            signer.sign()
        assert refused.value.index == size - 2
        superuser.execute("DELETE FROM audit_position WHERE index >= %s", [size - 2])
        with pytest.raises(TreeRefused) as refused:
            signer.sign()
        assert refused.value.index == size - 2


@pytest.mark.parametrize("lost", ["key", "leaf-hashes", "all"])
def test_lost_memory_is_never_made_anew(folder: Path, lost: str) -> None:
    grow()
    with Signer() as signer:
        signer.sign()
    for path in list(folder.iterdir()):
        if lost in (path.name, "all"):
            path.unlink()
    with pytest.raises(SignerLost), Signer():
        pass


def test_lost_checkpoint_is_not_signed_again(folder: Path) -> None:
    grow()
    with Signer() as signer:
        signer.sign()
    Memory().last.unlink()
    with pytest.raises(SignerLost), Signer():
        pass


def test_touched_checkpoint_is_refused(folder: Path) -> None:
    grow()
    with Signer() as signer:
        signer.sign()
    Memory().last.write_text(Memory().last.read_text().replace("casemgr", "casemgt"))
    with pytest.raises(BadNote), Signer():
        pass


def test_key_of_another_signer_is_refused(folder: Path) -> None:
    with Signer():
        pass
    Memory().key.write_bytes(os.urandom(32))
    with pytest.raises(SignerLost), Signer():
        pass


def test_crash_after_the_hashes_and_before_the_checkpoint(folder: Path) -> None:
    size = grow()
    with Signer() as signer:
        signer.sign()
    with Memory().hashes.open("ab") as file:
        file.write(os.urandom(HASH * 3 + 7))
    grow()
    with Signer() as signer:
        assert signer.sign()
    assert Memory().tree().size > size


def test_crash_after_the_checkpoint_and_before_the_database(folder: Path) -> None:
    grow()
    with Signer() as signer, pytest.MonkeyPatch.context() as patch:
        patch.setattr(signer, "_publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            signer.sign()
    assert not Checkpoint.objects.exists()
    Memory().history.write_text(Memory().history.read_text()[:-20])
    with Signer():
        pass
    head = Memory().head()
    assert head is not None
    assert Checkpoint.objects.get(size=head.size).note == Memory().note()
    assert list(Memory().heads()) == [head]


def test_loop_tells_a_refusal_once(folder: Path, superuser: psycopg.Connection) -> None:
    size = grow()
    with Signer() as signer:
        signer.sign()
        superuser.execute("UPDATE audit_batch SET root = %s WHERE size = %s", [bytes(32), size])
        told = signing.step(signer)
        assert told
        signing.step(signer, signing.step(signer, told))
    told_events = [json.loads(event.leaf)["facts"] for event in Event.objects.filter(actor="machine:signer")]
    assert [facts["reason"] for facts in told_events[:1]] == ["tree_refused"]
    assert len(told_events) <= 2


def test_loop_survives_a_database_that_is_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    ended = threading.Event()

    def step(*_: object) -> str:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError
        ended.set()
        return ""

    monkeypatch.setattr(signing, "step", step)
    with Signer() as signer:
        signing.run(signer, pause=0, ended=ended)
    assert len(calls) == 2


def test_command_seals_and_signs_once(folder: Path) -> None:
    with transaction.atomic():
        record(Kind.CASE_CHANGED, by="INV-01")
    call_command("sign_log", "--once")
    head = Memory().head()
    assert head is not None
    assert head.size == Batch.objects.latest("size").size
    Memory().key.unlink()
    with pytest.raises(CommandError, match="key"):
        call_command("sign_log", "--once")


def test_process_ends_when_it_is_told(folder: Path) -> None:
    grow()
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {
        **os.environ,
        "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
        "LOG_SIGNER_DIR": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "sign_log", "--every", "0.1"], env=environment, stderr=subprocess.PIPE
    )
    try:
        for _ in range(200):
            if Memory().last.exists():
                break
            threading.Event().wait(0.1)
        process.terminate()
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    assert Memory().head()
