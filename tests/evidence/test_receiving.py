"""Uploads as browsers send them: sealed while they arrive, kept whole or not at all."""

import hashlib
import io
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from evidence import receiving
from evidence.errors import UploadCut
from evidence.models import FileObject, IngestJob
from evidence.vocabulary import CustodyKind
from tests.evidence.sending import address, send
from tests.evidence.worlds import World, photo
from tests.personas import signed_in
from vault.files import pending
from vault.opening import open_row
from vault.vocabulary import Purpose

CANARY = b"CanaryInTheStairwell"


def test_file_is_received_with_its_entry_of_custody_and_its_owed_checks(
    world: World, browser: Client
) -> None:
    answer = send(browser, address(world), photo(), name="الدرج.jpg")
    assert answer.status_code == 200
    told = answer.json()
    assert told["state"] == "stored"
    assert told["is_linked"] is False
    with entering(world.investigator, "test"):
        file = FileObject.objects.get(pk=told["file"])
        cells = open_row(
            file,
            "filename",
            "sha256",
            "length",
            reader=world.investigator.staff_code,
            purpose=Purpose.READ,
        )
    assert cells.text("filename") == "الدرج.jpg"
    assert cells.text("sha256") == hashlib.sha256(photo()).hexdigest()
    assert cells.text("length") == str(len(photo()))
    assert [entry.event for entry in world.custody()] == [CustodyKind.REGISTERED, CustodyKind.RECEIVED]
    assert IngestJob.objects.filter(file=file.pk, by=world.investigator).exists()


def test_state_of_a_file_is_told_to_who_may_read(world: World, browser: Client) -> None:
    told = send(browser, address(world), photo()).json()
    assert told.pop("is_kept") is True
    ids = {"case": world.case.pk, "item": world.item.pk, "file": told["file"]}
    assert signed_in(world.supervisor).get(reverse("file-state", kwargs=ids)).json() == told


class Watching:
    """Looks at every file below the folders for the canary while an upload is under way."""

    def __init__(self, *folders: Path) -> None:
        self.folders, self.looks, self.found = folders, 0, list[str]()

    def look(self) -> None:
        self.looks += 1
        for where in self.folders:
            for path in where.rglob("*"):
                if path.is_file() and not path.is_symlink() and CANARY in _content(path):
                    self.found.append(str(path))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_no_plaintext_lies_on_a_disk_while_a_file_arrives(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = CANARY * 500_000  # more segments than are kept in memory
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    watching = Watching(tmp_path, Path(settings.DATA_DIR), Path(settings.MEDIA_STORE))
    room = pending.PendingFile.room

    def watched(self: pending.PendingFile, length: int) -> memoryview:
        self._writing.wait()
        watching.look()
        return room(self, length)

    monkeypatch.setattr(pending.PendingFile, "room", watched)
    assert send(browser, address(world), content, name="clip.bin").status_code == 200
    watching.look()
    assert watching.looks >= 4
    assert watching.found == []


@pytest.mark.usefixtures("nothing_kept")
def test_form_with_a_file_is_refused_and_never_written(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    made: list[object] = []
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *args, **kwargs: made.append(args))
    content = io.BytesIO(CANARY * 200_000)
    content.name = "clip.mp4"
    answer = browser.post(address(world), {"file": content}, headers={"Accept": "application/json"})
    assert answer.status_code == 412
    assert (made, list(tmp_path.iterdir())) == ([], [])


class Cut(io.RawIOBase):
    """A connection that gives some bytes and then ends, in silence or with an error of the server's."""

    def __init__(self, content: bytes, error: Exception | None) -> None:
        self._left, self._error = io.BytesIO(content), error

    def read(self, size: int | None = -1, /) -> bytes:
        piece = self._left.read(size)
        if not piece and self._error is not None:
            raise self._error
        return piece


@pytest.mark.parametrize("error", [None, OSError("reset"), TimeoutError("too slow")], ids=repr)
def test_connection_that_ends_early_is_a_refusal(error: Exception | None) -> None:
    class Request:
        read = Cut(b"x" * 3_000_000, error).read

    taken: list[bytes] = []
    with pytest.raises(UploadCut):
        taken.extend(receiving.body(Request(), 4_000_000))  # type: ignore[arg-type]  # only `read` is asked
    assert sum(map(len, taken)) == 3_000_000


def test_the_right_digest_is_accepted_in_any_case(world: World, browser: Client) -> None:
    digest = hashlib.sha256(photo()).hexdigest().upper()
    assert send(browser, address(world), photo(), X_File_SHA256=digest).status_code == 200


def test_one_byte_is_a_file(world: World, browser: Client) -> None:
    assert send(browser, address(world), b"x", name="one.txt").status_code == 200
