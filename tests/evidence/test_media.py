"""What is read out of files and drawn from them: sealed, shown as claims, covered, stripped of everything."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import OwedState
from evidence import tasks
from evidence.actions import ingest
from evidence.decoding import claims, drawing, wave
from evidence.models import FileObject, IngestJob, MediaRecord
from evidence.views.readout import read_out
from evidence.vocabulary import CopyKind, CustodyKind, FileState
from tests.evidence.samples import pdf, recording, scene, sound
from tests.evidence.test_chamber import look
from tests.evidence.test_serving import address
from tests.evidence.worlds import World, photo
from vault.files import open_file
from vault.opening import open_row
from vault.vocabulary import Purpose

PHONE = {
    "creation_time": "2025-03-09T07:00:00Z",
    "location": "+35.1812+035.9489/",
    "comment": "CanaryComment",
}
RECEIVED = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)


def moving(number: int) -> Image.Image:
    return scene(number // 6, (160, 120))


def checked(world: World, content: bytes, name: str) -> FileObject:
    file = world.receive(content, name=name)
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return world.file_now(file)


def drawn(world: World, file: FileObject, kind: CopyKind) -> bytes:
    with entering(world.investigator, "test"):
        row = FileObject.objects.select_related("stored").get(derived_from=file.pk, copy_kind=kind)
        opened = open_file(row.stored, reader=world.investigator.staff_code, purpose=Purpose.MEDIA)
    assert row.stored_id != file.stored_id, "sealed under a key of its own"
    with opened:
        return b"".join(opened)


def metadata(world: World, file: FileObject) -> Any:
    with entering(world.investigator, "test"):
        record = MediaRecord.objects.get(file=file.pk)
        told = open_row(record, "metadata", reader=world.investigator.staff_code, purpose=Purpose.MEDIA)
    return told.json("metadata")


def test_clip_says_when_and_where_and_gets_a_sheet_of_its_frames(world: World, browser: Client) -> None:
    file = checked(world, recording("mp4", "mpeg4", 48, tags=PHONE, show=moving), "clip.mp4")
    assert file.check_state == FileState.CHECKED
    told = metadata(world, file)
    assert told["claims"]["made"] == "2025-03-09T07:00:00+00:00"
    assert told["gps"] == ["35.181200", "35.948900"]
    assert told["tags"]["comment"] == "CanaryComment"
    assert [one["codec"] for one in told["streams"]] == ["mpeg4"]
    sheet = drawn(world, file, CopyKind.OVERVIEW)
    picture = Image.open(io.BytesIO(sheet))
    assert picture.size == (4 * 160, 4 * 120), "sixteen frames in rows of four"
    assert not picture.getexif()
    assert b"CanaryComment" not in sheet + drawn(world, file, CopyKind.THUMBNAIL)
    page = browser.get(f"/cases/{world.case.pk}/evidence/{world.item.pk}/").content.decode()
    for words in (
        "Made, as the file claims",
        "2025-03-09 07:00:00 UTC",
        "35.181200, 35.948900",
        "CanaryComment",
    ):
        assert words in page
    where = address(world, file, "file-overview")
    assert f'data-src="{where}"' in page, "covered: nothing is fetched before somebody asks"
    answer = browser.get(where)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content == sheet
    assert [entry.event for entry in world.custody()][-1] == CustodyKind.ACCESSED
    assert world.custody()[-1].file_id not in {None, file.pk}, "the sheet was looked at, not the clip"


def test_worker_killed_between_two_drawings_leaves_one_of_each_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Nothing after this line runs."""

    real = ingest._keep_drawn

    def dying(row: FileObject, by: User, kind: CopyKind, picture: bytes) -> None:
        if kind == CopyKind.OVERVIEW:
            raise Killed
        real(row, by, kind, picture)

    file = world.receive(recording("mp4", "mpeg4", 24, show=moving), name="clip.mp4")
    job = IngestJob.objects.get(file=file.pk)
    with monkeypatch.context() as patched:
        patched.setattr(ingest, "_keep_drawn", dying)
        with pytest.raises(Killed):
            tasks.ingest_file(str(job.pk))
    IngestJob.objects.filter(pk=job.pk).update(state=OwedState.OWED)
    tasks.ingest_file(str(job.pk))
    with entering(world.investigator, "test"):
        kinds = FileObject.objects.filter(derived_from=file.pk).values_list("copy_kind", flat=True)
        assert sorted(kinds) == [CopyKind.OVERVIEW, CopyKind.THUMBNAIL]
        assert MediaRecord.objects.filter(file=file.pk).count() == 1


def test_sound_gets_a_waveform_that_grows_with_it(world: World) -> None:
    file = checked(world, sound("wav", "pcm_s16le", seconds=4), "voice.wav")
    picture = Image.open(io.BytesIO(drawn(world, file, CopyKind.OVERVIEW))).convert("L")
    heights = [sum(picture.getpixel((x, y)) < 128 for y in range(200)) for x in (100, 500, 900)]  # type: ignore[operator]  # one number a point in this mode
    assert heights[0] < heights[1] < heights[2], heights
    assert metadata(world, file)["heard_ms"] >= 3900


def test_long_sound_is_drawn_in_bounded_memory() -> None:
    peaks = wave.Peaks()
    for _ in range(200):
        peaks.hear(bytes(2 * 8000))
    peaks.hear(b"\xff\x7f" * 8000)
    columns = peaks.columns()
    assert len(columns) == 960
    assert columns[-1] > 0.9
    assert max(columns[:-10]) == 0
    assert round(peaks.seconds) == 201


def test_camera_tags_are_read_in_full_and_within_limits(world: World) -> None:
    report = look(photo(place=True), "stairs.jpg")
    assert report.metadata["gps"] == ["35.186667", "35.950833"]
    assert report.metadata["claims"] == {"device": "CanaryMaker"}
    exif = report.metadata["exif"]
    assert isinstance(exif, dict)
    assert exif["GPS GPSLatitude"] == "[35, 11, 12]"
    many = claims.words((f"name {number:04}", "x" * 5000) for number in range(5000))
    assert (len(many), max(map(len, many.values()))) == (claims.MOST_TAGS, claims.MOST_WORDS)
    assert claims.plain("a\x00b\u202egpj\n") == "a b gpj"


def test_document_says_its_pages_and_its_programs() -> None:
    report = look(
        pdf(info={"/Producer": "A word processor", "/CreationDate": "D:20250309100000+03'00'"}), "a.pdf"
    )
    assert report.metadata["pages"] == 1
    assert report.metadata["claims"] == {"made": "2025-03-09T10:00:00+03:00", "program": "A word processor"}


@pytest.mark.parametrize(
    ("text", "offset", "told"),
    [
        ("2025:03:09 10:00:00", "", "2025-03-09T10:00:00"),
        ("2025:03:09 10:00:00", "+03:00", "2025-03-09T10:00:00+03:00"),
        ("2025-03-09T07:00:00.000000Z", "", "2025-03-09T07:00:00+00:00"),
        ("D:20250309100000+03'00'", "", "2025-03-09T10:00:00+03:00"),
        ("2025-03-09T10:00:00+0300", "", "2025-03-09T10:00:00+03:00"),
        ("2025-03-09", "", "2025-03-09T00:00:00"),
        ("0000:00:00 00:00:00", "", ""),
        ("2025:13:41 99:00:00", "", ""),
        ("yesterday", "", ""),
    ],
)
def test_claimed_times_of_every_form_become_one(text: str, offset: str, told: str) -> None:
    assert claims.moment(text, offset) == told


@pytest.mark.parametrize(
    ("made", "mark"),
    [
        ("2025-03-09T10:00:00", ""),
        ("2025-03-12T09:00:00+00:00", ""),
        ("2025-03-12T22:30:00", ""),  # in the foremost zone it was received half an hour later
        ("2025-03-12T09:30:00+00:00", "after the file was received"),
        ("2025-03-13T01:00:00", "after the file was received"),
        ("2325-03-09T10:00:00", "in the future"),
        ("1970-01-01T00:00:00+00:00", "never set"),
    ],
)
def test_claimed_time_that_cannot_be_is_marked(made: str, mark: str) -> None:
    (told,) = read_out({"claims": {"made": made}}, RECEIVED)
    assert told.label == "Made, as the file claims"
    assert mark in told.mark
    assert bool(told.mark) == bool(mark)


def test_file_of_the_future_is_kept_and_marked_on_its_page(world: World, browser: Client) -> None:
    when = datetime.now(UTC) + timedelta(days=400)
    file = checked(world, recording("mp4", "mpeg4", tags={"creation_time": when.isoformat()}), "clip.mp4")
    assert file.check_state == FileState.CHECKED, "a wrong clock is no fault of the file"
    page = browser.get(f"/cases/{world.case.pk}/evidence/{world.item.pk}/").content.decode()
    assert "This lies in the future" in page


def test_places_in_a_recording_are_written_as_clocks_do() -> None:
    assert [drawing.clock(at) for at in (7, 760, 3723)] == ["0:07", "12:40", "1:02:03"]
    assert drawing.clock(7.42, tenths=True) == "0:07.4"


def test_report_too_long_for_the_wire_loses_tags_and_nothing_else() -> None:
    tags = {f"name {number}": "\u0627" * 300 for number in range(400)}
    clip = recording("matroska", "mpeg4", tags=tags)
    report = look(clip, "clip.mkv")
    assert (report.flag, bool(report.overview)) == ("", True)
    assert len(json.dumps(report.metadata)) < 256 * 1024
