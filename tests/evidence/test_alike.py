"""What looks alike: found when it is a copy, silent when not, blind to what the reader may not read."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageEnhance

from accounts.door import entering
from audit.vocabulary import Kind
from cases.vocabulary import Sensitivity
from evidence import likeness, tasks
from evidence.decoding import fingerprints
from evidence.likeness import Nearness, nearness
from evidence.models import EvidenceItem, FileObject, IngestJob, MediaRecord
from evidence.views import alike
from evidence.vocabulary import FileFlag, FileState
from tests.evidence.samples import packed, recording, scene
from tests.evidence.worlds import PHOTO, World, make_world, photo
from tests.personas import signed_in
from vault.sealed import Sealed

BEGINS_WITH = ("item",)

SCENES = range(8)


def reopened(image: Image.Image, quality: int = 30) -> Image.Image:
    return Image.open(io.BytesIO(packed(image, quality))).convert("RGB")


def cut(image: Image.Image, share: float, place: float) -> Image.Image:
    width, height = int(image.width * share), int(image.height * share)
    left, top = int((image.width - width) * place), int((image.height - height) * (1 - place))
    return image.crop((left, top, left + width, top + height))


def captioned(image: Image.Image) -> Image.Image:
    image = image.copy()
    image.paste((0, 0, 0), (0, int(image.height * 0.9), image.width, image.height))
    return image


COPIES: dict[str, tuple[Any, Nearness]] = {
    "smaller": (lambda image: image.resize((image.width // 3, image.height // 3)), Nearness.CLOSE),
    "packed anew": (reopened, Nearness.CLOSE),
    "sent on": (lambda image: reopened(image.resize((256, 192)), 40), Nearness.CLOSE),
    "brighter": (lambda image: ImageEnhance.Brightness(image).enhance(1.4), Nearness.CLOSE),
    "darker": (lambda image: ImageEnhance.Brightness(image).enhance(0.6), Nearness.CLOSE),
    "grey": (lambda image: image.convert("L").convert("RGB"), Nearness.SAME),
    "caption": (captioned, Nearness.SOME),
    "cut by a tenth": (lambda image: cut(image, 0.9, 0.3), Nearness.SOME),
    "cut by a tenth, packed": (lambda image: reopened(cut(image, 0.92, 0.6)), Nearness.SOME),
}


def looks(image: Image.Image) -> likeness.Looks:
    found = likeness.read(fingerprints.of_still(image))
    assert found is not None
    return found


def test_copies_are_found_and_others_are_not() -> None:
    known = {seed: looks(scene(seed, (320, 240))) for seed in SCENES}
    apart = [likeness.distance(known[one], known[other]) for one in SCENES for other in SCENES if one < other]
    assert min(apart) > Nearness.SOME, "no two different pictures look alike"
    missed = []
    for what, (change, expected) in COPIES.items():
        for seed in SCENES:
            copy = looks(change(scene(seed, (320, 240))))
            word = nearness(known[seed], copy)
            assert word == nearness(copy, known[seed]), "whichever is asked about"
            if word is None or word > expected:
                missed.append((what, seed, likeness.distance(known[seed], copy)))
    assert len(missed) <= len(COPIES) * len(SCENES) // 25, missed


def test_fog_looks_like_nothing() -> None:
    for colour in ((0, 0, 0), (200, 200, 200)):
        assert fingerprints.of_still(Image.new("RGB", (640, 480), colour)) == ""
    assert fingerprints.of_still(Image.new("RGB", (1, 1))) == ""


def test_clip_is_found_by_its_copy_and_by_a_still_of_it_and_not_by_one_common_frame() -> None:
    frames = [scene(seed, (320, 180)) for seed in range(8)]
    clip = likeness.read(fingerprints.of_frames(frames))
    copy = likeness.read(fingerprints.of_frames([reopened(frame.resize((160, 90))) for frame in frames[2:7]]))
    other = likeness.read(fingerprints.of_frames([frames[0], *(scene(50 + n, (320, 180)) for n in range(7))]))
    assert clip is not None
    assert copy is not None
    assert other is not None
    assert nearness(clip, copy) in {Nearness.SAME, Nearness.CLOSE}
    assert nearness(clip, looks(reopened(frames[4]))) in {Nearness.SAME, Nearness.CLOSE}
    assert nearness(clip, other) is None


@pytest.mark.parametrize("text", ["AA==", "AQ==", "////", "AQEB", "not base64", "Q" * 100_000])
def test_what_a_decoder_could_send_in_place_of_fingerprints_is_refused(text: str) -> None:
    assert not likeness.is_sound(text)


def lay(
    world: World,
    image: Image.Image,
    *,
    name: str = "copy.jpg",
    item: EvidenceItem | None = None,
    **said: object,
) -> FileObject:
    """A checked file and what a look remembered of it, in an exhibit of its own."""
    item = item or world.register(replace(PHOTO, title=f"Exhibit of {name}"))
    file = world.receive_checked(packed(image), item=item)
    record = MediaRecord(case_id=item.case_id, file=file, created_by=world.investigator, **said)
    record.seal(metadata={"mime": "image/jpeg"}, looks=fingerprints.of_still(image))
    with entering(world.investigator, "test"):
        record.save(force_insert=True)
    return file


def asked(world: World, browser: Client, *, query: str = "?alike") -> str:
    answer = browser.get(f"/cases/{world.case.pk}/evidence/{world.item.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def original(world: World) -> FileObject:
    return lay(world, scene(1), item=world.item, name="original")


def test_real_look_remembers_and_the_page_finds_the_copy(world: World, browser: Client) -> None:
    file = world.receive(packed(scene(1)))
    clip = world.receive(
        recording("mp4", "mpeg4", 24, show=lambda number: scene(number // 12).resize((320, 240))),
        item=world.register(replace(PHOTO, title="A clip")),
        name="clip.mp4",
    )
    for one in (file, clip):
        tasks.ingest_file(str(IngestJob.objects.get(file=one.pk).pk))
        assert world.file_now(one).check_state == FileState.CHECKED
    with entering(world.investigator, "test"):
        record = MediaRecord.objects.get(file=file.pk)
    assert isinstance(record.looks, Sealed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_mediarecord WHERE looks IS NOT NULL")
        assert cursor.fetchone() == (0,), "nobody without a name at the door sees the rows at all"
    page = asked(world, browser)
    assert "A clip" in page
    assert ("Much alike" in page) or ("Nearly the same picture" in page)


def test_nothing_is_compared_before_somebody_asks(
    world: World, browser: Client, original: FileObject
) -> None:
    lay(world, reopened(scene(1)))
    page = asked(world, browser, query="")
    assert "Look for what looks alike" in page
    assert "Nearly the same picture" not in page
    assert not any('"search"' in event.leaf for event in world.events(Kind.CONTENT_OPENED))
    assert "Nearly the same picture" in asked(world, browser)
    searched = [event for event in world.events(Kind.CONTENT_OPENED) if '"search"' in event.leaf]
    assert len(searched) == 2, "one leaf for the exhibit's own, one for all the others"


def test_list_is_ordered_and_says_how_near_in_words(
    world: World, browser: Client, original: FileObject
) -> None:
    lay(world, captioned(scene(1)), name="with a caption")
    lay(world, reopened(scene(1), 60), name="packed anew")
    lay(world, scene(7), name="another picture")
    page = asked(world, browser)
    assert page.index("Exhibit of packed anew") < page.index("Exhibit of with a caption")
    assert "Exhibit of another picture" not in page
    assert "Compared with 3 other files" in page


def test_what_the_reader_may_not_read_is_neither_shown_nor_counted(
    world: World, browser: Client, original: FileObject
) -> None:
    secret = lay(world, reopened(scene(1)), name="CanaryStrict")
    other_world = make_world()
    lay(other_world, reopened(scene(1)), name="CanaryElsewhere")
    with entering(world.lead, "test"):
        EvidenceItem.objects.filter(pk=secret.item_id).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    page = asked(world, browser)
    assert "Canary" not in page
    assert str(secret.item_id) not in page
    assert "Nothing that you may read in this case looks like it." in page
    assert "Compared with 0 other files" in page
    granted = asked(world, signed_in(world.lead))
    assert "Exhibit of CanaryStrict" in granted
    assert "CanaryElsewhere" not in granted


def test_what_a_strict_look_remembered_is_not_compared(
    world: World, browser: Client, original: FileObject
) -> None:
    lay(world, reopened(scene(1)), sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    assert "Compared with 0 other files" in asked(world, browser)


def test_damaged_files_are_not_compared(world: World, browser: Client, original: FileObject) -> None:
    bad = lay(world, reopened(scene(1)))
    with entering(world.investigator, "test"):
        FileObject.objects.filter(pk=bad.pk).update(check_state=FileState.FLAGGED, flag=FileFlag.DAMAGED)
    assert "Compared with 0 other files" in asked(world, browser)


def test_work_is_bounded_whatever_the_case_holds(
    world: World, browser: Client, original: FileObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(world, reopened(scene(1)), name="the oldest")
    with CaptureQueriesContext(
        connection,
    ) as few:
        asked(world, browser)
    for number in range(4):
        lay(world, reopened(scene(1), 20 + number), name=f"copy {number}")
    with CaptureQueriesContext(connection) as many:
        page = asked(world, browser)
    assert len(many) == len(few), "opened and named in one go"
    assert "Exhibit of the oldest" in page
    monkeypatch.setattr(alike, "MOST_COMPARED", 4)
    page = asked(world, browser)
    assert "Exhibit of the oldest" not in page
    assert "only the newest were compared" in page
    monkeypatch.setattr(alike, "MOST_SHOWN", 2)
    assert asked(world, browser).count("Exhibit of copy") == 2


def test_picture_without_anything_to_see_says_so(world: World, browser: Client) -> None:
    file = world.receive_checked(photo())
    record = MediaRecord(case_id=world.case.pk, file=file, created_by=world.investigator)
    record.seal(metadata={"mime": "image/jpeg"})
    with entering(world.investigator, "test"):
        record.save(force_insert=True)
    assert "shows enough to be compared" in asked(world, browser)
