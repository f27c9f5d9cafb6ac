"""What is kept of an upload, for whom, and under which name: once, in its own case, or not at all."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http.response import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.errors import ElsewhereRow, NotVisible
from cases.models import Membership
from evidence.actions import files
from evidence.actions.items import register_item
from evidence.errors import (
    CopyOfNothing,
    FileTooLarge,
    LengthDiffers,
    QuotaReached,
    StorageFull,
    UploadKeyTaken,
)
from evidence.models import FileObject
from evidence.vocabulary import CopyKind, CustodyKind
from tests import factories
from tests.evidence.sending import address, send
from tests.evidence.worlds import PHOTO, World, photo, pieces, stored_files
from tests.personas import signed_in
from vault.files import folder, pending
from vault.models.keys import KeystoreKey
from vault.opening import open_row
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)


def names(world: World) -> list[str]:
    """The names of the files that were received, as claimed."""
    with entering(world.investigator, "test"):
        rows = FileObject.objects.filter(item=world.item).order_by("created_at")
        who = world.investigator.staff_code
        return [open_row(row, "filename", reader=who, purpose=Purpose.LIST).text("filename") for row in rows]


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("limit", "status", "words"),
    [("MAX_UPLOAD", 413, "larger"), ("CASE_QUOTA", 413, "space they may take")],
)
def test_limits_are_asked_before_the_first_byte(
    world: World, monkeypatch: pytest.MonkeyPatch, limit: str, status: int, words: str
) -> None:
    monkeypatch.setattr(settings, limit, 1000)
    monkeypatch.setattr(folder.FolderStorage, "begin", lambda *_: pytest.fail("a byte was taken"))
    answer = send(signed_in(world.investigator), address(world), b"x" * 2000)
    assert answer.status_code == status
    assert words in answer.json()["message"]


@pytest.mark.usefixtures("nothing_kept")
def test_file_longer_than_the_limit_is_stopped_whatever_was_announced(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAX_UPLOAD", 100_000)
    with pytest.raises(FileTooLarge):
        world.receive(b"x" * 200_000)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("sent", [4_999, 5_001])
def test_other_than_the_announced_length_is_refused(world: World, sent: int) -> None:
    with pytest.raises(LengthDiffers):
        world.receive(b"x" * sent, declared_length=5_000)


@pytest.mark.usefixtures("nothing_kept")
def test_quota_is_asked_again_when_the_last_byte_is_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CASE_QUOTA", 1000)
    monkeypatch.setattr(files, "check_room", lambda *_: None)
    with pytest.raises(QuotaReached):
        world.receive(b"x" * 2000)


@pytest.mark.usefixtures("nothing_kept")
def test_disk_with_too_little_room_takes_nothing(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FREE_SPACE_KEPT", 2**50)
    answer = send(browser, address(world), photo())
    assert answer.status_code == 507
    assert "no room left" in answer.json()["message"]


def _full(step: str) -> Callable[[pytest.MonkeyPatch], None]:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_args: object) -> None:
            raise OSError(28, "No space left on device")

        where, _, name = step.rpartition(".")
        monkeypatch.setattr(pending.PendingFile if where else os, name, full)

    return patch


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("step", ["file.room", "file.finish", "pwrite", "fsync", "open"])
def test_disk_that_fills_up_at_any_step_keeps_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patched:
        _full(step)(patched)
        with pytest.raises(StorageFull):
            world.receive(photo((1200, 900)) * 40)
    assert len(world.events(Kind.UPLOAD_REFUSED)) == 1


def test_file_sent_twice_under_its_key_is_one_file(world: World) -> None:
    key = uuid4()
    first = world.receive(photo(), upload_key=key)
    before, kept = world.state(), stored_files()
    assert world.receive(photo(), upload_key=key).pk == first.pk
    assert (world.state(), stored_files()) == (before, kept)
    assert len(world.events(Kind.EVIDENCE_RECEIVED)) == 1


def test_key_of_another_exhibits_upload_is_refused(world: World) -> None:
    key = uuid4()
    world.receive(photo(), upload_key=key)
    with pytest.raises(UploadKeyTaken):
        world.receive(photo(), item=world.register(), upload_key=key)


def test_content_that_the_case_holds_already_is_linked_not_copied(
    world: World, browser: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    first = send(browser, address(world), photo()).json()
    kept = [path for path in stored_files() if path.parent.name != "pending"]
    other = world.register()
    with django_capture_on_commit_callbacks(execute=True):
        second = send(browser, address(world, other), photo(), name="sent again.jpg").json()
    assert second["is_linked"] is True
    assert [path for path in stored_files() if path.parent.name != "pending"] == kept
    with entering(world.investigator, "test"):
        rows = {str(row.pk): row for row in FileObject.objects.all()}
    assert str(rows[second["file"]].same_as_id) == first["file"]
    assert rows[second["file"]].stored_id == rows[first["file"]].stored_id
    assert [entry.event for entry in world.custody(other)] == [CustodyKind.REGISTERED, CustodyKind.RECEIVED]


def test_content_of_another_case_is_not_linked_and_not_told_of(world: World) -> None:
    mine = world.receive(photo())
    case = factories.make_case(world.outsider, prefix="HOM")
    with entering(world.outsider, "test"):
        other = register_item(by=world.outsider, case=case, facts=PHOTO)
        theirs = files.receive_file(
            by=world.outsider, item=other, chunks=pieces(photo()), filename="same.jpg"
        )
    assert theirs.same_as_id is None
    assert theirs.stored_id != mine.stored_id
    assert bytes(theirs.content_index) != bytes(mine.content_index)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("/etc/shadow", "shadow"),
        ("C:\\Windows\\win.ini", "win.ini"),
        ("..", ".."),
        ("a/", "unnamed"),
        ("nul\0byte.jpg", "nulbyte.jpg"),
        ("line\r\nSet-Cookie: x=1.jpg", "lineSet-Cookie: x=1.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("x" * 300 + ".jpg", "x" * 255),
        ("%2e%2e%2fpasswd", "%2e%2e%2fpasswd"),
        ("CON", "CON"),
        ("a;b|c`d$(e).jpg", "a;b|c`d$(e).jpg"),
        ("   ", "unnamed"),
        ("الدرج.jpg", "الدرج.jpg"),
    ],
    ids=ascii,
)
def test_hostile_names_are_sealed_words_and_nothing_more(
    world: World, browser: Client, sent: str, kept: str
) -> None:
    before = {path.parent for path in stored_files()}
    assert send(browser, address(world), photo(), name=sent).status_code == 200
    assert names(world) == [kept]
    new = [path for path in stored_files() if path.parent not in before]
    assert all(len(path.name) == 32 and path.name.isalnum() for path in new)


@pytest.mark.parametrize("name", ["stairs.jpg", "../x"])
def test_name_goes_into_no_event_and_no_answer(world: World, browser: Client, name: str) -> None:
    answer = send(browser, address(world), photo(), name=name)
    assert name not in answer.content.decode()
    (event,) = world.events(Kind.EVIDENCE_RECEIVED)
    assert name.encode() not in event.leaf.encode()


def test_exhibit_of_another_case_does_not_exist(world: World, browser: Client) -> None:
    case = factories.make_case(world.outsider, prefix="HOM")
    with entering(world.outsider, "test"):
        foreign = register_item(by=world.outsider, case=case, facts=PHOTO)
    mine = world.item
    before, kept = world.state(), stored_files()
    missing = send(browser, reverse("uploads", kwargs={"case": world.case.pk, "item": uuid4()}), photo())
    for ids in (
        {"case": world.case.pk, "item": foreign.pk},
        {"case": case.pk, "item": foreign.pk},
        {"case": case.pk, "item": mine.pk},
    ):
        answer: HttpResponse = send(browser, reverse("uploads", kwargs=ids), photo())
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert (world.state(), stored_files()) == (before, kept)


def test_membership_that_ended_lets_nothing_in(world: World, browser: Client) -> None:
    where = address(world)
    membership = Membership.objects.get(case=world.case, user=world.investigator)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=membership)
    before, kept = world.state(), stored_files()
    assert send(browser, where, photo()).status_code == 404
    assert (world.state(), stored_files()) == (before, kept)


def test_membership_that_ends_while_a_file_arrives_keeps_nothing_of_it(world: World) -> None:
    assert world.item
    membership = Membership.objects.get(case=world.case, user=world.investigator)
    kept = stored_files()

    def arriving() -> Iterator[bytes]:
        yield b"x" * 2_000_000
        with entering(world.lead, "test"):
            end_membership(by=world.lead, membership=membership)
        yield b"y"

    with pytest.raises(NotVisible), entering(world.investigator, "test"):
        files.receive_file(by=world.investigator, item=world.item, chunks=arriving(), filename="clip.mp4")
    assert stored_files() == kept


def test_reader_without_the_power_to_add_is_refused(world: World) -> None:
    where = address(world)
    before, kept = world.state(), stored_files()
    assert send(signed_in(world.supervisor), where, photo()).status_code == 403
    assert (world.state(), stored_files()) == (before, kept)


def test_copy_names_a_file_of_the_same_exhibit(world: World) -> None:
    first = world.receive(photo())
    elsewhere = world.receive(photo(seed=3), item=world.register())
    with pytest.raises(CopyOfNothing):
        world.receive(photo(seed=1), copy_kind=CopyKind.REDACTED)
    with pytest.raises(CopyOfNothing):
        world.receive(photo(seed=1), copy_kind=CopyKind.EVIDENTIARY, derived_from=first)
    with pytest.raises(ElsewhereRow):
        world.receive(photo(seed=1), copy_kind=CopyKind.REDACTED, derived_from=elsewhere)
    copy = world.receive(photo(seed=1), copy_kind=CopyKind.REDACTED, derived_from=first)
    assert copy.derived_from_id == first.pk
    assert world.custody()[-1].event == CustodyKind.REDACTED


def test_file_of_a_witness_lies_under_their_key(world: World) -> None:
    item = world.register(witness=world.witness)
    assert files.scope_of(item).unit == world.witness.pk
    assert files.scope_of(world.item).unit is None
    file = world.receive(photo(), item=item)
    with stepping_into(Guarded.KEYSTORE):
        key = KeystoreKey.objects.get(unit=file.stored_id)
    assert key.belongs_to == world.witness.pk, "and goes with it"
