"""Integrity runs: damage is found and said; a run goes on where it was killed."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

import audit.actions
from accounts.door import Machine, entering
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.models import Membership
from evidence import tasks
from evidence.actions import integrity
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.models import IntegrityRun
from evidence.vocabulary import CustodyKind, FileFlag, FixityResult, FrozenReason
from tests import factories
from tests.evidence.runs import alerts, receive, run_all, run_case
from tests.evidence.worlds import PHOTO, World, flip, photo, stored_path
from vault.keys.unitkeys import destroy_unit_key
from vault.scopes import Scope

pytestmark = pytest.mark.usefixtures("own_store")


class Killed(BaseException):
    """What a worker that is killed leaves: nothing after this line runs."""


def test_intact_files_are_counted_and_a_run_is_an_event(world: World) -> None:
    first, _second = receive(world, 2)
    run = run_all()
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, 2, 0)
    assert world.file_now(first).intact_at is not None
    assert alerts(world) == []
    (started,), (finished,) = world.events(Kind.INTEGRITY_STARTED), world.events(Kind.INTEGRITY_FINISHED)
    assert (started.actor, finished.actor) == ("machine:integrity", "machine:integrity")
    assert '"checked":2' in finished.leaf
    assert bytes(run.commitment).hex() in finished.leaf


@pytest.mark.parametrize("how", ["flipped", "cut", "longer", "gone"])
def test_damage_is_found_told_and_freezes_the_exhibit(world: World, how: str) -> None:
    sound, hurt = receive(world, 2)
    other = world.receive(photo(seed=90), item=world.register(), name="other.jpg")
    path = stored_path(hurt)
    if how == "flipped":
        flip(path)
    elif how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] if how == "cut" else path.read_bytes() + b"\0")
    run = run_all()
    assert (run.checked, run.failed) == (3, 1)
    (alert,) = alerts(world)
    assert (alert.file_id, alert.run_id, alert.by_code) == (hurt.pk, run.pk, "machine:integrity")
    assert alert.result == (FixityResult.MISSING if how == "gone" else FixityResult.DAMAGED)
    assert (world.file_now(hurt).flag, world.file_now(sound).flag) == (FileFlag.DAMAGED, "")
    assert (world.now().is_frozen, world.now().frozen_reason) == (True, FrozenReason.FIXITY)
    assert not world.now(other.item).is_frozen
    entry = world.custody()[-1]
    assert (entry.event, entry.by_code) == (CustodyKind.FIXITY_FAIL, "machine:integrity")
    assert [event.subject for event in world.events(Kind.FIXITY_FAILED)] == [f"evidence:{world.item.pk}"]


def test_alert_that_cannot_be_recorded_is_not_raised_and_the_run_does_not_pass_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = receive(world, 1)
    flip(stored_path(file))
    written = audit.actions.append

    def broken(kind: Kind, **details: object) -> object:
        if kind == Kind.FIXITY_FAILED:
            raise OSError("the log cannot be written")
        return written(kind, **details)  # type: ignore[arg-type]  # passed on as it came

    with entering(Machine.INTEGRITY, "test"):
        run = integrity.start_full_run()
    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", broken)
        with pytest.raises(OSError, match="cannot be written"):
            tasks.integrity_run(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.cursor, run.reason) == (OwedState.OWED, None, "OSError")
    assert (alerts(world), world.now().is_frozen) == ([], False)
    tasks.integrity_run(str(run.pk))
    assert len(alerts(world)) == 1


@pytest.mark.parametrize("step", ["look", "note_files", "finish_run"])
def test_run_that_was_killed_goes_on_and_counts_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    files = receive(world, 5)
    flip(stored_path(files[2]))
    monkeypatch.setattr(tasks, "BATCH", 2)
    real, calls = getattr(integrity, step), iter(range(100))

    def dying(*args: object) -> object:
        if next(calls) == (0 if step == "finish_run" else 1):
            raise Killed
        return real(*args)

    with entering(Machine.INTEGRITY, "test"):
        run = integrity.start_full_run()
    with monkeypatch.context() as patched:
        patched.setattr(integrity, step, dying)
        with pytest.raises(Killed):
            tasks.integrity_run(str(run.pk))
    run.refresh_from_db()
    assert run.state == OwedState.RUNNING
    tasks.integrity_run(str(run.pk))
    run.refresh_from_db()
    assert run.state == OwedState.RUNNING, "another worker may have it still"
    IntegrityRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - timedelta(hours=1))
    tasks.integrity_run(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, 5, 1)
    assert len(world.events(Kind.INTEGRITY_FINISHED)) == 1
    assert len(alerts(world)) == 1


def test_long_run_is_done_in_pieces_each_with_a_message_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(world, 5)
    monkeypatch.setattr(tasks, "BATCH", 2)
    monkeypatch.setattr(tasks, "RUN_SECONDS", 0.0001)
    woken: list[str] = []
    monkeypatch.setattr(tasks, "wake", lambda task, pk: woken.append(f"{task} {pk}"))
    with entering(Machine.INTEGRITY, "test"):
        run = integrity.start_full_run()
    pieces = 0
    while run.state != OwedState.DONE:
        tasks.integrity_run(str(run.pk))
        run.refresh_from_db()
        pieces += 1
        assert pieces < 20
        if run.checked == 5:
            monkeypatch.setattr(tasks, "RUN_SECONDS", 60)
    assert pieces > 2
    assert woken == [f"{integrity.TASK} {run.pk}"] * (pieces - 1)
    assert (run.checked, run.attempts) == (5, 1)


def test_run_without_any_file_is_done(world: World) -> None:
    assert run_all().state == OwedState.DONE


def test_run_over_a_case_looks_at_that_case_alone(world: World) -> None:
    (mine,) = receive(world, 1)
    case = factories.make_case(world.outsider, prefix="HOM")
    with entering(world.outsider, "test"):
        item = register_item(by=world.outsider, case=case, facts=PHOTO)
        other = receive_file(by=world.outsider, item=item, chunks=[photo()], filename="x.jpg")
    flip(stored_path(other))
    run = run_case(world)
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, 1, 0)
    assert world.file_now(mine).intact_at is not None


def test_run_of_a_person_who_lost_the_right_is_refused(world: World) -> None:
    receive(world, 1)
    with entering(world.keeper, "test"):
        run = integrity.ask_integrity_run(by=world.keeper, case=world.case)
    membership = Membership.objects.get(case=world.case, user=world.keeper)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=membership)
    tasks.integrity_run(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.reason, run.checked) == (OwedState.FAILED, "NotVisible", 0)


def test_message_that_names_no_run_does_nothing(world: World) -> None:
    receive(world, 1)
    before = world.state()
    tasks.integrity_run(str(uuid4()))
    assert world.state() == before


def test_one_run_over_a_case_at_a_time(world: World) -> None:
    with entering(world.keeper, "test"):
        first = integrity.ask_integrity_run(by=world.keeper, case=world.case)
        assert integrity.ask_integrity_run(by=world.keeper, case=world.case) == first
    assert len(world.events(Kind.INTEGRITY_STARTED)) == 1


def runs() -> Iterator[IntegrityRun]:
    yield from IntegrityRun.objects.filter(case__isnull=True).order_by("created_at")


def test_daily_run_begins_once_a_day_and_again_after_one_that_failed(world: World) -> None:
    tasks.start_integrity()
    (first,) = runs()
    tasks.start_integrity()
    assert list(runs()) == [first], "one is under way"
    tasks.integrity_run(str(first.pk))
    tasks.start_integrity()
    assert list(runs()) == [first], "today's is done"
    IntegrityRun.objects.filter(pk=first.pk).update(state=OwedState.FAILED)
    tasks.start_integrity()
    assert len(list(runs())) == 2


def test_strays_in_the_store_are_counted_and_swept(world: World, own_store: Path) -> None:
    (file,) = receive(world, 1)
    stray = own_store / "ab" / ("ab" * 16)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"nobody knows of it")
    os.utime(stray, (0, 0))
    run_all()
    (event,) = world.events(Kind.INTEGRITY_FINISHED)
    assert '"strays":1' in event.leaf
    tasks.sweep_orphaned_files()
    assert (stray.exists(), stored_path(file).exists()) == (False, True)


def test_file_that_was_erased_on_purpose_is_no_damage(world: World) -> None:
    item = world.register(witness=world.witness)
    file = world.receive(photo(), item=item)
    with entering(world.lead, "test"):
        destroy_unit_key(Scope.witness(world.case.pk, world.witness.pk), by="machine:test")
    stored_path(file).unlink()
    run = run_all()
    assert (run.checked, run.failed, alerts(world)) == (1, 0, [])
