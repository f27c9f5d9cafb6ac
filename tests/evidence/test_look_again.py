"""A file that was flagged for what is in it is looked into once more when somebody asks."""

import pytest
from django.urls import reverse

from accounts.door import entering
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from evidence import tasks
from evidence.decoding.chamber import Report
from evidence.models import FileObject, IngestJob, MediaRecord
from evidence.vocabulary import FileFlag, FileState
from tests.evidence.runs import check_again
from tests.evidence.worlds import World, flip, photo, stored_path
from tests.personas import signed_in
from vault.opening import open_rows
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

pytestmark = pytest.mark.usefixtures("looked_once")


def flagged(world: World, monkeypatch: pytest.MonkeyPatch, flag: FileFlag) -> FileObject:
    """A sound photo into which the machine could not look."""
    file = world.receive(photo())
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "examine", lambda *_, **__: Report(flag=flag))
        check_again(file)
    assert world.file_now(file).flag == flag
    return file


def ask(world: World, file: FileObject) -> int:
    page = reverse("file-check", args=[world.case.pk, world.item.pk, file.pk])
    return signed_in(world.investigator).post(page).status_code


@pytest.mark.parametrize("flag", [flag for flag in FileFlag if flag != FileFlag.DAMAGED])
def test_flagged_file_is_looked_into_again(
    world: World, monkeypatch: pytest.MonkeyPatch, flag: FileFlag
) -> None:
    file = flagged(world, monkeypatch, flag)
    browser = signed_in(world.investigator)
    shown = browser.get(reverse("exhibit-detail", args=[world.case.pk, world.item.pk])).content.decode()
    assert "Check it once more" in shown
    assert ask(world, file) == 302
    now = world.file_now(file)
    assert (now.check_state, now.flag) == (FileState.HASHED, "")
    assert world.events(Kind.WORK_OWED)[-1].leaf.count(f'"before":"{flag.value}"') == 1
    check_again(file)
    now = world.file_now(file)
    assert (now.check_state, now.flag) == (FileState.CHECKED, "")
    assert IngestJob.objects.get(file=file.pk).state == OwedState.DONE
    with entering(world.investigator, "test"):
        looks = list(MediaRecord.objects.filter(file=file.pk).order_by("number"))
        (newest,) = MediaRecord.newest_of([file.pk])
        told = open_rows(looks, "metadata", reader=world.investigator.staff_code, purpose=Purpose.LIST)[
            newest.pk
        ].json("metadata")
        assert file.derivatives.count() == 1
    assert [look.number for look in looks] == [1, 2]
    assert newest == looks[1]
    assert isinstance(told, dict)
    assert told["mime"] == "image/jpeg"


def test_what_is_waiting_for_its_look_is_never_shown_in_a_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.receive(photo(), name="photo.pdf")
    check_again(file)
    assert world.file_now(file).flag == FileFlag.DISGUISED
    ask(world, file)
    page = reverse("file-content", args=[world.case.pk, world.item.pk, file.pk])
    answer = signed_in(world.investigator).get(page)
    assert answer.getvalue()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_checked_file_and_damaged_file_keep_what_was_said_of_them(world: World, own_store: object) -> None:
    assert own_store
    sound, hurt = world.receive(photo()), world.receive(photo(seed=40), name="hurt.jpg")
    check_again(sound)
    flip(stored_path(hurt))
    check_again(hurt)
    for file, state, flag in (
        (sound, FileState.CHECKED, ""),
        (hurt, FileState.FLAGGED, FileFlag.DAMAGED),
    ):
        assert ask(world, file) == 302
        check_again(file)
        now = world.file_now(file)
        assert (now.check_state, now.flag) == (state, flag)
    with entering(world.investigator, "test"):
        assert MediaRecord.objects.filter(file=sound.pk).count() == 1
