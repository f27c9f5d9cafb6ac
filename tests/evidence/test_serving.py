"""Handing files out: ranges, headers, damage and lost rights in the middle; no byte that is not intact."""

import zipfile
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.errors import ElsewhereRow, NotVisible
from cases.models import Membership
from cases.vocabulary import Sensitivity
from evidence import serving, tasks
from evidence.actions.fixity import fail_stored
from evidence.actions.viewing import note_damage, open_content
from evidence.errors import FileUnusable
from evidence.models import EvidenceItem, FileObject, FixityCheck, IngestJob
from evidence.serving import OutOfRange, asked_range
from evidence.vocabulary import CopyKind, CustodyKind, FileFlag, FixityResult, FrozenReason
from tests.evidence.worlds import World, flip, photo, stored_path
from tests.personas import signed_in
from vault.errors import Damaged
from vault.files.segments import SEALED_SEGMENT

BEGINS_WITH = ("item",)

pytestmark = pytest.mark.usefixtures("looked_once")

MIB = 1 << 20
CLIP = bytes(range(256)) * 4096 * 3 + b"the end"  # three segments and a little


@pytest.fixture
def reader(world: World) -> Client:
    """A browser of somebody who may read, and nothing more."""
    return signed_in(world.supervisor)


def address(world: World, file: FileObject, name: str = "file-content") -> str:
    return reverse(name, kwargs={"case": world.case.pk, "item": file.item_id, "file": file.pk})


def checked(world: World, content: bytes, name: str = "stairs.jpg") -> FileObject:
    file = world.receive(content, name=name)
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return world.file_now(file)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_file_comes_back_whole_and_each_look_is_an_entry(world: World, reader: Client) -> None:
    file = checked(world, photo())
    answer = reader.get(address(world, file))
    assert (answer.status_code, body(answer)) == (200, photo())
    assert answer["Content-Length"] == str(len(photo()))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'inline; filename="{world.item.exhibit_no}-1.jpg"'
    entry = world.custody()[-1]
    assert (entry.event, entry.by_code) == (CustodyKind.ACCESSED, world.supervisor.staff_code)
    assert [event.actor for event in world.events(Kind.EVIDENCE_SERVED)] == [world.supervisor.staff_code]


HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


@pytest.mark.parametrize("name", ["file-content", "file-thumbnail"])
def test_nothing_that_a_stranger_made_runs_or_stays(world: World, reader: Client, name: str) -> None:
    answer = reader.get(address(world, checked(world, photo()), name))
    body(answer)
    assert {header: answer[header] for header in HEADERS} == HEADERS


RANGES = [
    ("bytes=0-0", (0, 1)),
    ("bytes=0-", (0, len(CLIP))),
    (f"bytes={MIB - 3}-{MIB + 3}", (MIB - 3, MIB + 4)),
    (f"bytes={2 * MIB}-{2 * MIB}", (2 * MIB, 2 * MIB + 1)),
    ("bytes=-7", (len(CLIP) - 7, len(CLIP))),
    (f"bytes=-{len(CLIP) + 5}", (0, len(CLIP))),
    (f"bytes={len(CLIP) - 1}-{len(CLIP) + 999}", (len(CLIP) - 1, len(CLIP))),
]


@pytest.mark.parametrize(("header", "bounds"), RANGES, ids=str)
def test_range_is_exactly_those_bytes(
    world: World, reader: Client, header: str, bounds: tuple[int, int]
) -> None:
    file = world.receive(CLIP, name="clip.bin")
    answer = reader.get(address(world, file), headers={"Range": header})
    start, end = bounds
    assert (answer.status_code, body(answer)) == (206, CLIP[start:end])
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{len(CLIP)}"
    assert answer["Content-Length"] == str(end - start)


@pytest.mark.parametrize("header", [f"bytes={len(CLIP)}-", "bytes=-0", f"bytes={10**15}-"])
def test_range_behind_the_end_is_answered_with_the_length(world: World, reader: Client, header: str) -> None:
    file = world.receive(CLIP, name="clip.bin")
    answer = reader.get(address(world, file), headers={"Range": header})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(CLIP)}")
    assert body(answer) == b""


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,5-6",
        "items=0-1",
        "bytes=a-b",
        "bytes=-5-",
        "bytes 0-1",
        f"bytes=0-{'9' * 5000}",
        "bytes=\u0661-\u0662",
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_what_is_no_single_range_is_answered_with_the_whole(header: str) -> None:
    assert asked_range(header, 100) is None


def test_range_of_what_is_empty_lies_behind_its_end() -> None:
    with pytest.raises(OutOfRange):
        asked_range("bytes=0-0", 0)


WHOLE = ["bytes=0-4,2-9", "bytes=0-0,-1", "bytes=9-2", "bytes=--5", "bytes=-1-5", "bytes=a-b", "chars=0-4"]


def test_what_is_no_range_or_several_is_answered_with_the_whole(world: World, reader: Client) -> None:
    """D5, 48: overlapping, several, negative, backwards, and of another unit."""
    file = world.receive(photo(), name="clip.bin")
    for header in WHOLE:
        answer = reader.get(address(world, file), headers={"Range": header})
        assert (answer.status_code, body(answer), "Content-Range" in answer) == (200, photo(), False), header


def test_range_on_a_condition_holds_for_the_very_same_content(world: World, reader: Client) -> None:
    file = world.receive(photo(), name="clip.bin")
    where, wanted = address(world, file), {"Range": "bytes=5-9"}
    tag = reader.get(where, headers=wanted)["ETag"]
    for held in ('"an older one"', f"W/{tag}", "Sat, 21 Nov 2026 10:00:00 GMT", tag.strip('"')):
        answer = reader.get(where, headers=wanted | {"If-Range": held})
        assert (answer.status_code, body(answer)) == (200, photo()), held
    answer = reader.get(where, headers=wanted | {"If-Range": tag})
    assert (answer.status_code, body(answer)) == (206, photo()[5:10])


def test_ranges_of_one_look_are_one_entry(world: World, reader: Client) -> None:
    file = world.receive(CLIP, name="clip.bin")
    for header in ("bytes=0-99", f"bytes={MIB}-", "bytes=-100"):
        body(reader.get(address(world, file), headers={"Range": header}))
    assert [entry.event for entry in world.custody()].count(CustodyKind.ACCESSED) == 1
    body(signed_in(world.lead).get(address(world, file), headers={"Range": "bytes=-100"}))
    assert [entry.event for entry in world.custody()].count(CustodyKind.ACCESSED) == 2, "another person"


def test_look_at_a_preview_is_an_entry_of_its_own(world: World, reader: Client) -> None:
    file = checked(world, photo())

    def looks() -> int:
        return [entry.event for entry in world.custody()].count(CustodyKind.ACCESSED)

    for _ in range(3):
        assert reader.get(address(world, file, "file-thumbnail")).status_code == 200
    assert looks() == 1
    assert world.custody()[-1].by_code == world.supervisor.staff_code
    body(reader.get(address(world, file)))
    assert looks() == 2, "the original is another file"
    signed_in(world.lead).get(address(world, file, "file-thumbnail"))
    assert looks() == 3, "another person"


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("payload.html", "<script>alert(1)</script>")
    return out.getvalue()


def polyglot() -> bytes:
    """A GIF that is an archive too."""
    out = BytesIO()
    Image.new("P", (40, 40)).save(out, "GIF")
    return out.getvalue() + zipped()


STRANGE = {
    "page.html": b"<!doctype html><script>alert(document.cookie)</script>",
    "picture.jpg": b"<html><body onload=alert(1)>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "letter.pdf": b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    "words.txt": b"Only words.",
    "many.zip": zipped(),
    "gifar.gif": polyglot(),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_no_browser_may_show_safely_is_an_attachment(world: World, reader: Client, name: str) -> None:
    file = checked(world, STRANGE[name], name)
    answer = reader.get(address(world, file))
    assert body(answer) == STRANGE[name]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{world.item.exhibit_no}-1.')
    assert name.split(".", maxsplit=1)[0] not in answer["Content-Disposition"]


def test_file_that_nobody_looked_into_yet_is_an_attachment(world: World, reader: Client) -> None:
    answer = reader.get(address(world, world.receive(photo())))
    body(answer)
    assert answer["Content-Disposition"].startswith("attachment")


def test_picture_is_an_attachment_when_it_is_asked_for_as_one(world: World, reader: Client) -> None:
    answer = reader.get(address(world, checked(world, photo())) + "?download")
    body(answer)
    assert answer["Content-Disposition"].startswith("attachment")


def test_flipped_byte_ends_the_stream_and_freezes_the_exhibit(world: World, reader: Client) -> None:
    file = world.receive(CLIP, name="clip.bin")
    flip(stored_path(file), 2 * SEALED_SEGMENT + 5000)
    answer = reader.get(address(world, file))
    assert answer.status_code == 200
    given: list[bytes] = []
    with pytest.raises(Damaged):
        given.extend(answer)
    assert b"".join(given) == CLIP[: 2 * MIB], "what came before was intact, and nothing follows"
    now, item = world.file_now(file), world.now()
    assert (now.flag, item.is_frozen, item.frozen_reason) == (FileFlag.DAMAGED, True, FrozenReason.FIXITY)
    with entering(world.investigator, "test"):
        (alert,) = FixityCheck.objects.filter(file=file.pk)
    assert (alert.result, alert.by_code) == (FixityResult.DAMAGED, world.supervisor.staff_code)
    assert world.custody()[-1].event == CustodyKind.FIXITY_FAIL
    again = reader.get(address(world, file))
    assert again.status_code == 409, "and it is not shown any more"
    assert len(world.events(Kind.FIXITY_FAILED)) == 1


@pytest.mark.parametrize("how", ["gone", "cut"])
def test_file_that_is_not_there_is_said_and_raises_the_alert(world: World, reader: Client, how: str) -> None:
    file = world.receive(photo())
    path = stored_path(file)
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])
    assert reader.get(address(world, file)).status_code == 409
    assert world.now().is_frozen
    with entering(world.investigator, "test"):
        (alert,) = FixityCheck.objects.filter(file=file.pk)
    assert alert.result == (FixityResult.MISSING if how == "gone" else FixityResult.DAMAGED)
    assert CustodyKind.ACCESSED not in [entry.event for entry in world.custody()], "nothing was seen"


def test_damaged_original_has_no_preview_either(world: World, reader: Client) -> None:
    file = checked(world, photo())
    assert reader.get(address(world, file, "file-thumbnail")).status_code == 200
    with entering(world.keeper, "test"):
        fail_stored(file.stored_id, by=world.keeper, result=FixityResult.DAMAGED)
    assert reader.get(address(world, file, "file-thumbnail")).status_code == 404


def test_damaged_preview_is_not_shown_and_raises_the_alert(world: World, reader: Client) -> None:
    file = checked(world, photo())
    with entering(world.investigator, "test"):
        made = FileObject.objects.select_related("stored").get(
            derived_from=file.pk, copy_kind=CopyKind.THUMBNAIL
        )
    flip(stored_path(made))
    assert reader.get(address(world, file, "file-thumbnail")).status_code == 404
    assert CustodyKind.ACCESSED not in [entry.event for entry in world.custody()], "nothing was seen"
    assert world.file_now(made).flag == FileFlag.DAMAGED
    assert world.file_now(file).flag == ""
    assert world.now().is_frozen


def test_right_that_is_taken_away_ends_the_stream(
    world: World, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "ASK_AGAIN_SECONDS", -1.0)
    answer = reader.get(address(world, world.receive(CLIP, name="clip.bin")))
    flow = iter(answer)
    assert next(flow) == CLIP[:MIB]
    membership = Membership.objects.get(case=world.case, user=world.supervisor)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=membership)
    with pytest.raises(NotVisible):
        next(flow)
    assert world.events(Kind.ACCESS_REFUSED)[-1].actor == world.supervisor.staff_code


@pytest.mark.parametrize("how", ["signed-out", "strict", "damaged"])
def test_stream_ends_with_what_opened_it(
    world: World, reader: Client, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Signing out, an exhibit that was put out of reach, and a file found damaged end a look that goes on."""
    monkeypatch.setattr(serving, "ASK_AGAIN_SECONDS", -1.0)
    file = world.receive(CLIP, name="clip.bin")
    flow = iter(reader.get(address(world, file)))
    assert next(flow) == CLIP[:MIB]
    if how == "signed-out":
        reader.logout()
    with entering(world.investigator, "test"):
        if how == "strict":
            EvidenceItem.objects.filter(pk=file.item_id).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
        if how == "damaged":
            note_damage(by=world.investigator, file=file)
    with pytest.raises(FileUnusable if how == "damaged" else (ElsewhereRow, NotVisible)):
        next(flow)


@pytest.mark.django_db(transaction=True)  # the end of an answer lets go of the database too
def test_connection_that_ends_early_lets_go_of_the_file(world: World) -> None:
    file = world.receive(CLIP, name="clip.bin")
    with entering(world.supervisor, "test"):
        shown = open_content(by=world.supervisor, case=world.case.pk, item=file.item_id, file=file.pk)
    assert shown is not None
    answer = serving.content(shown, world.supervisor, is_signed_in=lambda: True)
    next(iter(answer))
    answer.close()
    with pytest.raises((ValueError, OSError)):
        list(shown.opened.read(0, 1))


def test_file_of_another_exhibit_is_not_found_under_this_one(world: World, reader: Client) -> None:
    file, other = world.receive(photo()), world.register()
    for item, which in ((other.pk, file.pk), (world.item.pk, uuid4()), (uuid4(), file.pk)):
        for name in ("file-content", "file-thumbnail", "file-overview", "file-state"):
            where = reverse(name, kwargs={"case": world.case.pk, "item": item, "file": which})
            assert reader.get(where).status_code == 404
