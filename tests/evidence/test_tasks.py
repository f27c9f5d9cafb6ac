"""Owed checks on real files with the real decoder: done once, whatever is repeated, killed or forged."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from celery import current_app
from PIL import Image

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.models import Membership
from evidence import tasks
from evidence.actions import ingest
from evidence.actions.files import receive_file
from evidence.decoding import chamber
from evidence.errors import LengthDiffers
from evidence.models import EvidenceItem, FileObject, IngestJob, MediaRecord
from evidence.vocabulary import CopyKind, FileFlag, FileState, FixityResult, FrozenReason
from tests.evidence.worlds import World, flip, photo, stored_path
from vault.files import open_file
from vault.opening import open_row
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

Capture = Callable[..., AbstractContextManager[object]]


class Killed(BaseException):
    """What a worker that is killed leaves: nothing after this line runs."""


def job_of(file: FileObject) -> IngestJob:
    return IngestJob.objects.get(file=file.pk)


def run(file: FileObject) -> None:
    tasks.ingest_file(str(job_of(file).pk))


def take_up_again(file: FileObject) -> None:
    """Let the row look as a sweep finds it once its worker is long gone."""
    job = job_of(file)
    job.state = OwedState.OWED
    job.save(update_fields=["state"])


def content_of(world: World, file: FileObject) -> bytes:
    with entering(world.investigator, "test"):
        opened = open_file(file.stored, reader=world.investigator.staff_code, purpose=Purpose.MEDIA)
    with opened:
        return b"".join(opened)


def metadata_of(world: World, file: FileObject) -> dict[str, object]:
    with entering(world.investigator, "test"):
        record = MediaRecord.objects.get(file=file.pk)
        told = open_row(record, "metadata", reader=world.investigator.staff_code, purpose=Purpose.MEDIA)
    metadata = told.json("metadata")
    assert isinstance(metadata, dict)
    return metadata


def previews(world: World, file: FileObject) -> list[FileObject]:
    with entering(world.investigator, "test"):
        found = FileObject.objects.filter(derived_from=file.pk, copy_kind=CopyKind.THUMBNAIL)
        return list(found.select_related("stored"))


def test_photo_is_hashed_examined_and_given_a_preview(world: World) -> None:
    file = world.receive(photo(place=True))
    run(file)
    now = world.file_now(file)
    assert (now.check_state, now.flag) == (FileState.CHECKED, "")
    assert now.intact_at is not None
    assert job_of(file).state == OwedState.DONE
    assert metadata_of(world, file)["mime"] == "image/jpeg"
    assert [entry.event for entry in world.custody()] == ["registered", "received", "fixity_ok", "copied"]
    assert [entry.seq for entry in world.custody()] == [1, 2, 3, 4]
    assert len(world.events(Kind.EVIDENCE_HASHED)) == 1
    assert len(world.events(Kind.EVIDENCE_EXAMINED)) == 1


def test_preview_carries_no_place_and_no_maker_and_the_original_keeps_both(world: World) -> None:
    file = world.receive(photo(place=True))
    run(file)
    (preview,) = previews(world, file)
    assert preview.stored_id != file.stored_id, "sealed as a file of its own, under a key of its own"
    shown = content_of(world, preview)
    assert b"CanaryMaker" not in shown
    assert not Image.open(io.BytesIO(shown)).getexif()
    original = content_of(world, world.file_now(file))
    assert original == photo(place=True)
    assert Image.open(io.BytesIO(original)).getexif()[271] == "CanaryMaker"
    assert "CanaryMaker" in str(metadata_of(world, file)), "sealed, but known"


def test_message_that_comes_twice_does_everything_once(world: World) -> None:
    file = world.receive(photo())
    run(file)
    before = world.state()
    run(file)
    take_up_again(file)
    run(file)
    after = world.state()
    assert {name for name in after if after[name] != before[name]} == {"evidence_ingestjob"}


def test_message_that_names_nothing_does_nothing(world: World) -> None:
    before = world.state()
    tasks.ingest_file(str(uuid4()))
    assert world.state() == before


STAGES: list[tuple[object, str]] = [
    (ingest, "open_received"),
    (ingest, "rehash"),
    (ingest, "note_hashed"),
    (tasks, "examine"),
    (ingest, "note_report"),
    (ingest, "_keep_drawn"),
    (IngestJob, "finish"),
]


@pytest.mark.usefixtures("looked_once")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "step"), STAGES, ids=[step for _, step in STAGES])
def test_killed_at_any_step_the_work_is_finished_later(
    world: World, monkeypatch: pytest.MonkeyPatch, where: object, step: str, *, after: bool
) -> None:
    file = world.receive(photo(place=True))
    with monkeypatch.context() as patched:
        patched.setattr(where, step, _dying(getattr(where, step), after=after))
        with pytest.raises(Killed):
            run(file)
    assert world.file_now(file).check_state in {FileState.STORED, FileState.HASHED}
    take_up_again(file)
    run(file)
    assert world.file_now(file).check_state == FileState.CHECKED
    assert [entry.event for entry in world.custody()] == ["registered", "received", "fixity_ok", "copied"]
    assert len(previews(world, file)) == 1
    assert metadata_of(world, file)["mime"] == "image/jpeg"


def _dying(real: Callable[..., object], *, after: bool) -> Callable[..., object]:
    def step(*args: object, **kwargs: object) -> object:
        done = real(*args, **kwargs) if after else None
        if isinstance(done, ingest.Received):
            done.opened.close()  # as the kernel does for a process that ends
        raise Killed

    return step


def test_file_that_ends_its_worker_every_time_is_called_broken_and_the_queue_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.receive(photo())
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "examine", _dying(chamber.examine, after=False))
        for _ in range(4):
            with pytest.raises(Killed):
                run(file)
            take_up_again(file)
        run(file)
    now = world.file_now(file)
    assert (now.check_state, now.flag) == (FileState.FLAGGED, FileFlag.BROKEN)
    assert not world.now().is_frozen, "a broken file may be evidence all the same"


@pytest.mark.parametrize("how", ["flipped", "cut", "longer", "gone"])
def test_stored_bytes_that_are_not_those_that_arrived_freeze_the_exhibit(world: World, how: str) -> None:
    file = world.receive(photo((1600, 1200)))
    path = stored_path(file)
    content = path.read_bytes()
    if how == "flipped":
        flip(path)
    elif how == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if how == "cut" else content + b"\0")
    run(file)
    now, item = world.file_now(file), world.now()
    assert (now.check_state, now.flag) == (FileState.FLAGGED, FileFlag.DAMAGED)
    assert (item.is_frozen, item.frozen_reason) == (True, FrozenReason.RECEIPT)
    with entering(world.investigator, "test"):
        (alert,) = now.alerts.all()
    assert alert.result == (FixityResult.MISSING if how == "gone" else FixityResult.DAMAGED)
    assert [entry.event for entry in world.custody()][-1] == "fixity_fail"
    assert len(world.events(Kind.FIXITY_FAILED)) == 1
    assert job_of(file).state == OwedState.DONE


def test_bytes_that_go_bad_between_hash_and_look_are_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.receive(photo((1600, 1200)))
    real = chamber.examine

    def bad_meanwhile(*args: object, **kwargs: object) -> object:
        flip(stored_path(file))
        return real(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(tasks, "examine", bad_meanwhile)
    run(file)
    assert world.file_now(file).flag == FileFlag.DAMAGED
    assert world.now().is_frozen


def test_digest_that_was_changed_in_the_table_is_found(world: World) -> None:
    file = world.receive(photo())
    with entering(world.investigator, "test"):
        received = ingest.open_received(by=world.investigator, file=file.pk)
        assert received is not None
        with received.opened:
            found = ingest.rehash(received.opened)
        other = type(found)(bytes(32), found.blake3, found.length)
        assert not ingest.note_hashed(by=world.investigator, received=received, found=other)
    assert world.file_now(file).flag == FileFlag.DAMAGED


def test_task_of_a_person_whose_right_was_taken_away_is_refused(world: World) -> None:
    file = world.receive(photo())
    membership = Membership.objects.get(case=world.case, user=world.investigator)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=membership)
    run(file)
    with entering(world.lead, "test"):
        assert FileObject.objects.get(pk=file.pk).check_state == FileState.STORED
    job = job_of(file)
    assert (job.state, job.reason) == (OwedState.FAILED, "NotVisible")
    assert world.events(Kind.ACCESS_REFUSED)[-1].actor == world.investigator.staff_code


def test_job_forged_in_the_name_of_an_outsider_is_refused(world: World) -> None:
    file = world.receive(photo())
    job = job_of(file)
    job.by = world.outsider
    job.save(update_fields=["by"])
    run(file)
    assert world.file_now(file).check_state == FileState.STORED
    assert job_of(file).state == OwedState.FAILED


def test_message_holds_the_id_of_the_row_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(current_app, "send_task", lambda *said, **more: sent.append((said, more)))
    with django_capture_on_commit_callbacks(execute=True):
        file = world.receive(photo(), name="a name that names.jpg")
    assert sent == [(("evidence.ingest_file",), {"args": [str(job_of(file).pk)]})]


def test_message_is_not_sent_for_what_was_undone(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(current_app, "send_task", lambda *said, **_more: sent.append(said))
    by, item = world.investigator, world.item
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(LengthDiffers):
        _receive_and_fail(by, item)
    assert sent == []


def _receive_and_fail(by: User, item: EvidenceItem) -> None:
    """Let the transaction fail when everything in it was done."""
    with entering(by, "test"):
        receive_file(by=by, item=item, chunks=[photo()], filename="stairs.jpg")
        raise LengthDiffers


def test_sweep_wakes_what_nobody_finished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old, done = world.receive(photo()), world.receive(photo(seed=1), name="other.jpg")
    run(done)
    IngestJob.objects.filter(pk=job_of(old).pk).update(started_at=None)
    woken: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks, "wake", lambda task, pk: woken.append((task, str(pk))))
    tasks.sweep()
    assert woken == [], "what was committed a moment ago has its message under way"
    monkeypatch.setattr(tasks, "FRESH", -tasks.FRESH)
    tasks.sweep()
    assert woken == [("evidence.ingest_file", str(job_of(old).pk))]
