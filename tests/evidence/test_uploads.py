"""Uploads that are interrupted: nothing is lost, nothing is another's, nothing is left of what ends."""

import base64
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.errors import NotVisible
from cases.models import Membership
from evidence import tasks
from evidence.actions import uploads
from evidence.actions.items import change_item
from evidence.arriving import Arriving, Standing
from evidence.errors import StorageFull, UploadCut
from evidence.errors.turns import UploadBusy, UploadLost
from evidence.models import FileObject, Upload
from evidence.tus import Piece
from tests.evidence.turning import (
    SPEAKS,
    announce,
    begun,
    file_of,
    head,
    metadata,
    offset_of,
    patch,
    place,
    upload_row,
)
from tests.evidence.worlds import PHOTO, World, stored_files
from tests.personas import signed_in
from vault.files import SEGMENT, FileSealer, check_content
from vault.files.pending import PendingFile
from vault.models.keys import KeystoreKey
from vault.opening import open_row
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

CONTENT = os.urandom(4 * SEGMENT + 1234)
LAST = 4 * SEGMENT


def arriving(
    world: World, where: str, offset: int, chunks: Iterator[bytes], *, size: int | None = None
) -> Standing:
    """One turn without the wire: what it reads may do anything in between."""
    return Arriving(
        by=world.investigator,
        item=world.item,
        upload=UUID(where.rstrip("/").rpartition("/")[2]),
        said=Piece(offset, len(CONTENT) - offset if size is None else size, None, None, ""),
        chunks=chunks,
        is_signed_in=lambda: True,
    ).take()


def in_megabytes(content: bytes, between: Callable[[int], None]) -> Iterator[bytes]:
    for number, start in enumerate(range(0, len(content), SEGMENT)):
        between(number)
        yield content[start : start + SEGMENT]


def is_whole(world: World, where: str) -> bool:
    file = file_of(world, where)
    with entering(world.investigator, "test"):
        found = check_content(file.stored, reader="INV-01", purpose=Purpose.INTEGRITY)
    return found.length == len(CONTENT)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is durable is noted after every segment."""
    monkeypatch.setattr("evidence.arriving.SETTLE_BYTES", SEGMENT)


def test_connection_that_breaks_costs_what_came_since_the_last_segment(world: World, browser: Client) -> None:
    where = begun(browser, world, len(CONTENT))

    def breaks() -> Iterator[bytes]:
        yield CONTENT[: 2 * SEGMENT + 5]
        raise UploadCut

    assert arriving(world, where, 0, breaks()).offset == 2 * SEGMENT
    assert offset_of(browser, where) == 2 * SEGMENT
    assert patch(browser, where, 2 * SEGMENT, CONTENT[2 * SEGMENT :]).status_code == 204
    assert is_whole(world, where)


def test_upload_goes_on_in_another_session_of_the_same_person(world: World, browser: Client) -> None:
    said = metadata(filename="الدرج.mp4", fingerprint="f" * 64)
    where = announce(browser, place(world), len(CONTENT), Upload_Metadata=said)["Location"]
    patch(browser, where, 0, CONTENT[: 2 * SEGMENT])
    other = signed_in(world.investigator)
    (told,) = other.get(place(world)).json()["uploads"]
    assert (told["address"], told["offset"], told["length"]) == (where, 2 * SEGMENT, len(CONTENT))
    assert told["metadata"] == {"filename": "الدرج.mp4", "fingerprint": "f" * 64}
    assert patch(other, where, 2 * SEGMENT, CONTENT[2 * SEGMENT :]).status_code == 204
    assert other.get(place(world)).json() == {"uploads": []}
    assert is_whole(world, where)
    file = file_of(world, where)
    with entering(world.investigator, "test"):
        assert (
            open_row(file, "filename", reader="INV-01", purpose=Purpose.READ).text("filename") == "الدرج.mp4"
        )


def test_upload_of_another_person_does_not_exist(world: World, browser: Client) -> None:
    where = begun(browser, world, len(CONTENT))
    patch(browser, where, 0, CONTENT[:SEGMENT])
    kept = stored_files()
    lead = signed_in(world.lead)
    nothing = patch(lead, place(world) + "00000000-0000-4000-8000-00000000dead/", SEGMENT, CONTENT[SEGMENT:])
    for answer in (patch(lead, where, SEGMENT, CONTENT[SEGMENT:]), lead.delete(where, headers=SPEAKS)):
        assert (answer.status_code, answer.content) == (404, nothing.content)
    assert head(lead, where).status_code == 404
    assert lead.get(place(world)).json() == {"uploads": []}
    other = where.replace(str(world.item.pk), str(world.register().pk))
    assert patch(browser, other, SEGMENT, CONTENT[SEGMENT:]).status_code == 404
    assert (stored_files(), upload_row(world).segments) == (kept, 1)


def test_right_that_ends_while_bytes_arrive_stops_them(world: World, browser: Client) -> None:
    where = begun(browser, world, len(CONTENT))
    membership = Membership.objects.get(case=world.case, user=world.investigator)

    def ends(number: int) -> None:
        if number == 2:
            with entering(world.lead, "test"):
                end_membership(by=world.lead, membership=membership)

    with pytest.raises(NotVisible):
        arriving(world, where, 0, in_megabytes(CONTENT, ends))
    assert not world.events(Kind.EVIDENCE_RECEIVED)
    assert patch(browser, where, SEGMENT, CONTENT[SEGMENT:]).status_code == 404


def test_session_that_ends_while_bytes_arrive_stops_them(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = begun(browser, world, len(CONTENT))
    monkeypatch.setattr("accounts.sessionstore.SessionStore.goes_on", lambda *_: False)
    assert patch(browser, where, 0, CONTENT).status_code == 403
    assert upload_row(world).segments == 0
    # However little it is: the last step asks too.
    monkeypatch.setattr("evidence.arriving.SETTLE_BYTES", 2**40)
    assert patch(browser, where, 0, CONTENT).status_code == 403
    assert not world.events(Kind.EVIDENCE_RECEIVED)


def test_piece_with_a_checksum_is_asked_about_too_and_counts_when_it_is_whole(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = begun(browser, world, len(CONTENT))
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    asked = list[bool]()

    def twice(_session: object) -> bool:
        asked.append(True)
        return len(asked) < 3

    monkeypatch.setattr("accounts.sessionstore.SessionStore.goes_on", twice)
    assert patch(browser, where, 0, CONTENT, Upload_Checksum=f"sha256 {digest}").status_code == 403
    assert (len(asked), upload_row(world).segments) == (3, 0)


def test_witness_who_is_changed_meanwhile_ends_the_upload(world: World, browser: Client) -> None:
    where = begun(browser, world, len(CONTENT))
    patch(browser, where, 0, CONTENT[:SEGMENT])
    with entering(world.investigator, "test"):
        change_item(by=world.investigator, item=world.item, expected=1, facts=PHOTO, witness=world.witness)
    answer = patch(browser, where, SEGMENT, CONTENT[SEGMENT:])
    assert (answer.status_code, "witness" in answer.json()["message"]) == (409, True)
    assert head(browser, where).status_code == 404
    assert browser.delete(where, headers=SPEAKS).status_code == 204, "and it can be discarded"


def test_witness_who_is_changed_at_the_last_moment_ends_it_too(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = begun(browser, world, len(CONTENT))
    complete = FileSealer.complete

    def changed(sealer: FileSealer) -> object:
        with entering(world.investigator, "test"):
            change_item(
                by=world.investigator, item=world.item, expected=1, facts=PHOTO, witness=world.witness
            )
        return complete(sealer)

    monkeypatch.setattr(FileSealer, "complete", changed)
    assert patch(browser, where, 0, CONTENT).status_code == 409
    assert not world.events(Kind.EVIDENCE_RECEIVED)


def test_what_is_under_way_counts_in_the_quota(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CASE_QUOTA", 6 * SEGMENT)
    first, second = (begun(browser, world, len(CONTENT)) for _ in range(2))
    assert patch(browser, first, 0, CONTENT[: 4 * SEGMENT]).status_code == 204
    assert patch(browser, second, 0, CONTENT[: 4 * SEGMENT]).status_code == 413
    assert announce(browser, place(world), len(CONTENT)).status_code == 413


def test_one_at_a_time_goes_on_and_who_is_silent_loses_the_turn(world: World, browser: Client) -> None:
    where = begun(browser, world, len(CONTENT))
    answers: list[int] = []

    def another(number: int) -> None:
        if number == 2:
            rest = CONTENT[2 * SEGMENT :]
            answers.append(patch(browser, where, 2 * SEGMENT, rest).status_code)
            with entering(world.investigator, "test"):
                Upload.objects.update(turn_at=timezone.now() - uploads.SILENT - timedelta(seconds=1))
            answers.append(patch(browser, where, 2 * SEGMENT, rest[: SEGMENT + 1]).status_code)

    with pytest.raises(UploadBusy):
        arriving(world, where, 0, in_megabytes(CONTENT[: 2 * SEGMENT] + bytes(len(CONTENT)), another))
    assert answers == [423, 204]
    assert offset_of(browser, where) == 3 * SEGMENT
    # Whatever the first wrote behind what was durable went into nothing.
    assert patch(browser, where, 3 * SEGMENT, CONTENT[3 * SEGMENT :]).status_code == 204
    assert is_whole(world, where)


def _full(*_args: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["room", "flush", "finish"])
def test_full_disk_costs_nothing_that_was_durable(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    where = begun(browser, world, len(CONTENT))
    patch(browser, where, 0, CONTENT[: 2 * SEGMENT])
    with monkeypatch.context() as failing:
        failing.setattr(PendingFile, step, _full)
        answer = patch(browser, where, 2 * SEGMENT, CONTENT[2 * SEGMENT :])
    assert answer.status_code == 507
    at = offset_of(browser, where)
    assert at >= 2 * SEGMENT
    assert patch(browser, where, at, CONTENT[at:]).status_code == 204
    assert is_whole(world, where)


def test_room_is_asked_before_the_first_byte_of_a_turn(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = begun(browser, world, len(CONTENT))
    monkeypatch.setattr(settings, "FREE_SPACE_KEPT", 2**50)
    monkeypatch.setattr(PendingFile, "room", lambda *_: pytest.fail("a byte was taken"))
    with pytest.raises(StorageFull):
        arriving(world, where, 0, iter([CONTENT]))
    assert announce(browser, place(world), 5).status_code == 507


@pytest.mark.parametrize("harm", ["gone", "cut", "changed"])
def test_upload_whose_bytes_are_lost_is_dropped_and_says_so(world: World, browser: Client, harm: str) -> None:
    where = begun(browser, world, len(CONTENT))
    patch(browser, where, 0, CONTENT[: 2 * SEGMENT])
    path = Path(settings.MEDIA_STORE) / "pending" / upload_row(world).file.hex
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        os.truncate(path, SEGMENT)
    else:
        with path.open("r+b") as there:
            there.seek(SEGMENT // 2)
            there.write(b"\xff\x00\xff")
    with pytest.raises(UploadLost):
        arriving(world, where, 2 * SEGMENT, iter([CONTENT[2 * SEGMENT :]]))
    assert head(browser, where).status_code == 404
    assert not world.events(Kind.EVIDENCE_RECEIVED)


def test_content_that_is_here_already_is_linked_and_leaves_no_bytes(
    world: World, browser: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    first = begun(browser, world, len(CONTENT))
    patch(browser, first, 0, CONTENT)
    kept = stored_files()
    again = begun(browser, world, len(CONTENT))
    patch(browser, again, 0, CONTENT[: 2 * SEGMENT])
    with django_capture_on_commit_callbacks(execute=True):
        assert patch(browser, again, 2 * SEGMENT, CONTENT[2 * SEGMENT :]).status_code == 204
    assert file_of(world, again).same_as_id == file_of(world, first).pk
    assert stored_files() == kept


def test_last_piece_whose_answer_was_lost_is_not_taken_twice(world: World, browser: Client) -> None:
    where = begun(browser, world, len(CONTENT))
    assert patch(browser, where, 0, CONTENT).status_code == 204
    assert offset_of(browser, where) == len(CONTENT)
    assert patch(browser, where, 0, CONTENT).status_code == 404
    with entering(world.investigator, "test"):
        assert FileObject.objects.filter(item=world.item).count() == 1


def test_what_is_under_way_makes_no_other_file_too_large(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAX_UPLOAD", 6 * SEGMENT)
    patch(browser, begun(browser, world, len(CONTENT)), 0, CONTENT[: 4 * SEGMENT])
    assert announce(browser, place(world), len(CONTENT)).status_code == 201


def test_sweep_drops_what_nobody_goes_on_with(
    world: World, browser: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    committing = django_capture_on_commit_callbacks
    left, going = (begun(browser, world, len(CONTENT)) for _ in range(2))
    for where in (left, going):
        patch(browser, where, 0, CONTENT[:SEGMENT])
    kept = stored_files()
    with entering(world.investigator, "test"):
        mine = Upload.objects.filter(pk=left.rstrip("/").rpartition("/")[2])
        file = mine.get().file
        mine.update(expires_at=timezone.now() - timedelta(seconds=1))
    with committing(execute=True):
        tasks.sweep_orphaned_files()
    assert len(stored_files()) == len(kept) - 1
    with stepping_into(Guarded.KEYSTORE):
        assert not KeystoreKey.objects.filter(unit=file).exists()
    (event,) = world.events(Kind.UPLOAD_DROPPED)
    assert (event.actor, '"reason":"left"' in event.leaf) == ("machine:sweep", True)
    assert patch(browser, going, SEGMENT, CONTENT[SEGMENT:]).status_code == 204


def test_no_more_than_so_many_are_unfinished(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 1)
    begun(browser, world, 5)
    assert announce(browser, place(world), 5).status_code == 429


def test_no_name_goes_into_an_event_an_address_or_the_store(world: World, browser: Client) -> None:
    said = metadata(filename="Samira at home.mp4")
    where = announce(browser, place(world), len(CONTENT), Upload_Metadata=said)["Location"]
    patch(browser, where, 0, CONTENT)
    assert "Samira" not in where
    for kind in (Kind.UPLOAD_BEGUN, Kind.EVIDENCE_RECEIVED):
        assert "Samira" not in world.events(kind)[0].leaf
    assert all(len(path.name) == 32 for path in stored_files())
