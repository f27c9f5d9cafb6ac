"""Integrity runs: damage is found and said; a run goes on where it was killed."""

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

import audit.actions
from accounts.door import entering
from accounts.vocabulary import OwedState, Role
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.models import Membership
from evidence import checking, tasks
from evidence.actions import integrity, planning
from evidence.actions.files import receive_file
from evidence.actions.items import register_item
from evidence.errors import DaysOutOfBounds
from evidence.models import FileObject, IntegrityChunk, IntegrityFinding, IntegrityRun
from evidence.overdue import is_overdue
from evidence.vocabulary import (
    CopyKind,
    CustodyKind,
    FileFlag,
    FixityResult,
    FoundKind,
    FrozenReason,
    RunKind,
)
from evidence.waiting import waiting_for
from tests import factories
from tests.evidence.runs import alerts, ask, go_on, let_go, receive, run_all, run_case, run_deep, start_all
from tests.evidence.worlds import PHOTO, World, flip, photo, stored_path
from tests.personas import make_person, signed_in
from vault.errors import RootKeyMissing, RootKeyRefused, RootKeyUnreachable, VaultError
from vault.keys import epoch
from vault.keys.epoch import Epochs
from vault.keys.unitkeys import destroy_unit_key
from vault.scopes import Scope

BEGINS_WITH = ("item",)

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

    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", broken)
        run = start_all()
        with pytest.raises(OSError, match="cannot be written"):
            go_on(run)
    run.refresh_from_db()
    assert (run.state, run.checked, run.failed) == (OwedState.RUNNING, 0, 0)
    assert (alerts(world), world.now().is_frozen) == ([], False)
    go_on(run)
    assert len(alerts(world)) == 1


@pytest.mark.parametrize("step", ["look", "_write", "note_chunk", "finish_run"])
def test_run_that_was_killed_goes_on_and_counts_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    files = receive(world, 5)
    flip(stored_path(files[2]))
    monkeypatch.setitem(planning.CHUNK_FILES, RunKind.ROUTINE, 2)
    monkeypatch.setattr(checking, "NOTE_SECONDS", -1.0)
    where = checking if step in {"look", "_write"} else integrity
    real, calls = getattr(where, "check_sealed" if step == "look" else step), iter(range(100))

    def dying(*args: object, **more: object) -> object:
        if next(calls) == (0 if step == "finish_run" else 1):
            raise Killed
        return real(*args, **more)

    run = start_all()
    with monkeypatch.context() as patched:
        patched.setattr(where, "check_sealed" if step == "look" else step, dying)
        with pytest.raises(Killed):
            go_on(run)
    run = go_on(run)
    if step in {"look", "_write"}:
        assert run.state == OwedState.RUNNING, "another worker may hold the chunk still"
        let_go(run)
        run = go_on(run)
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, 5, 1)
    assert len(world.events(Kind.INTEGRITY_FINISHED)) == 1
    assert len(alerts(world)) == 1
    assert [len(chunk.files) for chunk in run.chunks.order_by("number")] == [2, 2, 1]


def test_hands_that_lost_their_chunk_write_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = receive(world, 1)
    flip(stored_path(file))
    run = start_all()
    slow = checking.take(RunKind.ROUTINE)
    assert slow is not None
    assert checking.take(RunKind.ROUTINE) is None, "it is in somebody's hands"
    let_go(run)
    assert checking.walk(RunKind.ROUTINE, until=time.monotonic() + 60)
    with pytest.raises(checking.Taken):
        checking._walk(slow, time.monotonic() + 60, checking.look)
    slow.touched = -1e9
    with pytest.raises(checking.Taken):
        slow.alive()
    assert IntegrityFinding.objects.count() == 1
    assert go_on(run).checked == 1


def test_chunk_is_bounded_by_time_and_goes_on_where_it_was(world: World) -> None:
    receive(world, 3)
    run = start_all()
    for done in (1, 2, 3):
        assert checking.walk(RunKind.ROUTINE, until=0)
        (chunk,) = IntegrityChunk.objects.filter(run=run)
        assert (chunk.done, chunk.claim, chunk.finished_at is None) == (done, None, done < 3)
    assert not checking.walk(RunKind.ROUTINE, until=0)
    run = go_on(run)
    assert (run.state, run.checked) == (OwedState.DONE, 3)
    once = hashlib.sha256(b"".join(bytes(chunk.commitment) for chunk in run.chunks.all())).digest()
    assert bytes(run.commitment) == once


def test_chunk_is_bounded_by_bytes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(world, 3)
    monkeypatch.setattr(planning, "CHUNK_BYTES", 1)
    assert [len(chunk.files) for chunk in start_all().chunks.all()] == [1, 1, 1]


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
    run = ask(world)
    membership = Membership.objects.get(case=world.case, user=world.keeper)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=membership)
    run = go_on(run)
    assert (run.state, run.reason, run.checked) == (OwedState.FAILED, "NotVisible", 0)


def test_message_that_names_no_run_does_nothing(world: World) -> None:
    receive(world, 1)
    before = world.state()
    tasks.deep_check(str(uuid4()))
    assert world.state() == before


def test_one_run_over_a_case_at_a_time(world: World) -> None:
    assert ask(world) == ask(world)
    assert len(world.events(Kind.INTEGRITY_STARTED)) == 1


def runs() -> list[IntegrityRun]:
    return list(IntegrityRun.objects.filter(case__isnull=True).order_by("created_at"))


def test_daily_run_begins_once_a_day_and_again_after_one_that_failed(world: World) -> None:
    tasks.start_integrity()
    (first,) = runs()
    tasks.start_integrity()
    assert runs() == [first], "one is under way"
    go_on(first)
    tasks.start_integrity()
    assert runs() == [first], "today's is done"
    IntegrityRun.objects.filter(pk=first.pk).update(state=OwedState.FAILED)
    tasks.start_integrity()
    assert len(runs()) == 2
    assert len(world.events(Kind.INTEGRITY_WATCHED)) == 2 + 1, "each time it began or found one under way"


def test_case_is_looked_at_as_often_as_its_schedule_says(world: World) -> None:
    receive(world, 2)
    with entering(world.keeper, "test"):
        planning.set_schedule(by=world.keeper, case=world.case, routine_days=7, deep_days=90)
    looked = {}
    for days in (0, 1, 6, 7, 8):
        with time_machine.travel(time.time() + days * 24 * 3600 + 60):
            tasks.start_integrity()
            looked[days] = go_on(runs()[-1]).checked
    assert looked == {0: 2, 1: 0, 6: 0, 7: 2, 8: 0}
    assert {run.kind for run in runs()} == {RunKind.ROUTINE}
    with time_machine.travel(time.time() + 95 * 24 * 3600):
        tasks.start_integrity()
    (deep,) = (run for run in runs() if run.kind == RunKind.DEEP)
    assert deep.files == 2


@pytest.mark.parametrize(("routine", "deep"), [(0, 30), (31, 30), (1, 0), (1, 366)])
def test_schedule_out_of_bounds_is_refused(world: World, routine: int, deep: int) -> None:
    with pytest.raises(DaysOutOfBounds), entering(world.keeper, "test"):
        planning.set_schedule(by=world.keeper, case=world.case, routine_days=routine, deep_days=deep)
    assert planning.days_of([world.case.pk]) == {world.case.pk: (1, 30)}


def test_deep_check_opens_and_compares_and_says_so(world: World) -> None:
    sound, hurt = receive(world, 2)
    known = len(world.events(Kind.CONTENT_OPENED))
    run = run_deep(world)
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, 2, 0)
    assert world.file_now(sound).deep_checked_at is not None
    opened = world.events(Kind.CONTENT_OPENED)[known:]
    assert {event.actor for event in opened} == {"machine:integrity"}
    flip(stored_path(hurt))
    run = run_deep(world)
    assert (run.checked, run.failed) == (2, 1)
    assert [alert.file_id for alert in alerts(world)] == [hurt.pk]


@pytest.mark.parametrize("away", [RootKeyUnreachable, RootKeyRefused, RootKeyMissing])
def test_deep_check_blames_no_file_for_keys_that_are_out_of_reach(
    world: World, monkeypatch: pytest.MonkeyPatch, away: type[VaultError]
) -> None:
    """A service that seals the epoch's key may be away for an hour: no exhibit is frozen for it."""
    receive(world, 2)

    def load() -> Epochs:
        raise away

    with monkeypatch.context() as patched:
        patched.setattr(epoch, "load", load)
        run = run_deep(world)
    assert (run.state, run.failed, alerts(world)) == (OwedState.RUNNING, 0, [])
    let_go(run)
    tasks.deep_check(str(run.pk))
    tasks.note_integrity()
    run.refresh_from_db()
    assert (run.state, run.checked, run.failed) == (OwedState.DONE, 2, 0)


def test_deep_check_finds_a_row_that_names_another_sound_file(world: World) -> None:
    """The sealed bytes are whole and open; they are not what this row says arrived."""
    (file,) = receive(world, 1)
    row = FileObject(
        case=world.case,
        item=world.item,
        stored=file.stored,
        copy_kind=CopyKind.WORKING,
        derived_from=file,
        content_index=bytes(16),
        created_by=world.investigator,
    )
    row.seal(filename="other.jpg", sha256="00" * 32, blake3="00" * 32, length="5")
    with entering(world.investigator, "test"):
        row.save(force_insert=True)
    assert run_case(world).failed == 0
    assert run_deep(world).failed == 1
    assert row.pk in {alert.file_id for alert in alerts(world)}


def test_file_that_was_erased_on_purpose_is_opened_by_nobody(world: World) -> None:
    item = world.register(witness=world.witness)
    world.receive(photo(), item=item)
    with entering(world.lead, "test"):
        destroy_unit_key(Scope.witness(world.case.pk, world.witness.pk), by="machine:test")
    run = run_deep(world)
    assert (run.checked, run.failed, alerts(world)) == (1, 0, [])


def test_what_is_overdue_waits_for_who_keeps_the_evidence(world: World) -> None:
    receive(world, 1)
    go_on(start_all())
    late = timezone.now() - timedelta(days=2, minutes=1)
    with entering(world.keeper, "test"):
        assert not [one for one in waiting_for(world.keeper) if one.kind == "integrity-overdue"]
        FileObject.objects.update(checked_at=late)
        (told,) = [one for one in waiting_for(world.keeper) if one.kind == "integrity-overdue"]
        assert (told.case_id, told.since) == (world.case.pk, late)
        assert not [one for one in waiting_for(world.investigator) if one.kind == "integrity-overdue"]
        planning.set_schedule(by=world.keeper, case=world.case, routine_days=3, deep_days=90)
        assert not is_overdue(world.case.pk)
    page = signed_in(world.keeper).get(reverse("integrity-page", args=[world.case.pk])).content.decode()
    assert "not checked when they should have been" not in page
    with entering(world.keeper, "test"):
        FileObject.objects.update(deep_checked_at=timezone.now() - timedelta(days=92))
        assert is_overdue(world.case.pk)
    page = signed_in(world.keeper).get(reverse("integrity-page", args=[world.case.pk])).content.decode()
    assert "not checked when they should have been" in page


def test_scheduler_that_sleeps_is_told_to_who_runs_the_system(world: World) -> None:
    admin = signed_in(make_person(Role.SYSADMIN))
    where = reverse("integrity-house")
    receive(world, 1)
    run = go_on(start_all())
    assert "The checks come when they should" in admin.get(where).content.decode()
    assert where not in admin.get("/").content.decode().split("<main")[1].split("Elsewhere")[0]
    IntegrityRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(hours=27))
    assert "has not come to its end for more than a day" in admin.get(where).content.decode()
    assert "Something is wrong with the integrity" in admin.get("/").content.decode()
    assert "Something is wrong" not in signed_in(world.lead).get("/").content.decode()


def test_strays_in_the_store_are_counted_and_swept(world: World, own_store: Path) -> None:
    (file,) = receive(world, 1)
    stray = own_store / "ab" / ("ab" * 16)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"nobody knows of it")
    os.utime(stray, (0, 0))
    run_all()
    (event,) = world.events(Kind.INTEGRITY_FINISHED)
    assert '"strays":1' in event.leaf
    (found,) = IntegrityFinding.objects.all()
    assert (found.ref, found.result, found.stored) == ("ab" * 16, FoundKind.EXTRA, None)
    page = signed_in(make_person(Role.AUDITOR)).get(reverse("integrity-house")).content.decode()
    assert "ab" * 16 in page
    assert (
        "ab" * 16
        not in signed_in(world.keeper).get(reverse("integrity-page", args=[world.case.pk])).content.decode()
    )
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
