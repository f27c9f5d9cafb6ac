"""Files with something to hide, and the road of a redacted copy as these tests take it."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from accounts.door import entering
from accounts.models import User
from evidence import tasks
from evidence.actions import redaction, viewing
from evidence.decoding import workshop
from evidence.decoding.burning import child
from evidence.facts import RedactionFacts, RegionFacts
from evidence.models import EvidenceItem, FileObject, MediaRecord, RedactionJob, RedactionSet
from evidence.vocabulary import FileState, RedactionReason
from tests.evidence.worlds import World
from vault.files import open_file
from vault.vocabulary import Purpose

CORNER = RegionFacts(reason=RedactionReason.B1, left=0, top=0, width=50, height=50, note="Her door")
WHOLE = RedactionFacts(regions=(CORNER,), note="For the mechanism")


class _Remote:
    """What a child asks over its pipe, without a pipe."""

    def __init__(self, read: Callable[[int, int], bytes], length: int) -> None:
        self._read, self.length, self._at = read, length, 0
        self.failed: Exception | None = None

    def seek(self, offset: int) -> int:
        self._at = offset
        return offset

    def readinto(self, room: Any) -> int:
        end = min(self.length, self._at + len(room))
        try:
            part = self._read(self._at, end) if self._at < end else b""
        except Exception as failed:
            self.failed = failed
            raise
        room[: len(part)] = part
        self._at += len(part)
        return len(part)


def without_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the child's work be done in this process: the same code, without the second that a child takes."""

    def about(talk: Any, orders: bytes) -> dict[str, Any]:
        import json

        def give(pieces: Any) -> None:
            for piece in pieces:
                talk.take(bytes(piece))

        remote: Any = _Remote(talk.read, talk.length)
        told = child.work(json.loads(orders), remote, give)
        if remote.failed is not None:  # whoever reads is in the parent: what they raise reaches no child
            raise remote.failed
        return told

    monkeypatch.setattr(workshop._Talk, "about", about)


def noise(size: tuple[int, int] = (160, 120), *, seed: int = 1) -> Image.Image:
    """A picture of which no part is one colour."""
    width, height = size
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8))


def jpeg(image: Image.Image, *, turned: int = 1) -> bytes:
    """A photograph with a place, a thumbnail's worth of tags and, if asked, a turn in its tags."""
    exif = Image.Exif()
    exif[271], exif[274] = "CanaryMaker", turned
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 11.0, 12.0), 3: "E", 4: (35.0, 57.0, 3.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"CanaryComment", quality=90)
    return out.getvalue()


def lay(
    world: World, content: bytes, mime: str = "image/jpeg", *, item: EvidenceItem | None = None
) -> FileObject:
    """Receive a file and lay it as looked into; what the ingest does has tests of its own."""
    file = world.receive(content, item=item)
    with entering(world.investigator, "test"):
        media = MediaRecord(case_id=file.case_id, file=file, created_by=world.investigator)
        media.seal(metadata={"mime": mime, "family": "whatever"})
        media.save(force_insert=True)
        FileObject.objects.filter(pk=file.pk).update(check_state=FileState.CHECKED)
    return world.file_now(file)


def draft(
    world: World,
    file: FileObject,
    *regions: RegionFacts,
    by: User | None = None,
    corrects: RedactionSet | None = None,
) -> RedactionSet:
    person = by or world.officer
    with entering(person, "test"):
        facts = RedactionFacts(regions=regions or (CORNER,), note="For the mechanism")
        return redaction.draft_redaction(by=person, file=file, facts=facts, corrects=corrects)


def job_of(made: RedactionSet) -> RedactionJob:
    return RedactionJob.objects.get(redaction_set=made.pk)


def burn(world: World, made: RedactionSet) -> RedactionSet:
    """Let the worker do what is owed."""
    tasks.burn_redaction(str(job_of(made).pk))
    return now(world, made)


def now(world: World, made: RedactionSet) -> RedactionSet:
    with entering(world.officer, "test"):
        rows = RedactionSet.objects.select_related("file__item", "output__stored", "output__item")
        return rows.get(pk=made.pk)


def checked(world: World, made: RedactionSet) -> RedactionSet:
    """Lay the copy as checked by the ordinary checks of a file."""
    output = now(world, made).output
    assert output is not None
    with entering(world.investigator, "test"):
        FileObject.objects.filter(pk=output.pk).update(check_state=FileState.CHECKED)
    return now(world, made)


def look_at(world: World, made: RedactionSet, by: User) -> None:
    output = now(world, made).output
    assert output is not None
    with entering(by, "test"):
        shown = viewing.open_content(by=by, case=output.case_id, item=output.item_id, file=output.pk)
        assert shown is not None
        shown.opened.close()


def approve(world: World, made: RedactionSet, by: User | None = None) -> RedactionSet:
    person = by or world.supervisor
    with entering(person, "test"):
        return redaction.approve_redaction(by=person, redaction=made)


def content_of(world: World, file: FileObject | None) -> bytes:
    assert file is not None
    with entering(world.officer, "test"):
        opened = open_file(file.stored, reader=world.officer.staff_code, purpose=Purpose.MEDIA)
    with opened:
        return b"".join(opened)
