"""Ten thousand uploads, each broken off and gone on with: nothing is lost, nothing is left over."""

import random
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.door import entering
from audit.vocabulary import Kind
from evidence.errors import UploadCut
from evidence.models import FileObject, Upload
from tests.evidence.test_uploads import arriving
from tests.evidence.turning import begun
from tests.evidence.worlds import World, make_world, stored_files
from tests.personas import signed_in
from vault.files import SEGMENT, check_content
from vault.vocabulary import Purpose

COUNT = 10_000
TURNS = 12


def _send(world: World, browser: Client, content: bytes, chance: random.Random) -> str:
    where = begun(browser, world, len(content))
    offset = 0
    for turn in range(TURNS):
        rest = content[offset:]
        chunks = iter([rest]) if turn == TURNS - 1 else _pieces(rest, chance)
        offset = arriving(world, where, offset, chunks, size=len(rest)).offset
        if offset == len(content):
            return where
    raise AssertionError("It did not arrive.")


def _pieces(rest: bytes, chance: random.Random) -> Iterator[bytes]:
    end = chance.randrange(len(rest) + 1)
    yield rest[:end]
    if end < len(rest):
        raise UploadCut


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_interrupted_uploads_lose_nothing() -> None:
    world, chance = make_world(), random.Random(7)
    browser = signed_in(world.investigator)
    for number in range(COUNT):
        length = chance.choice((1, 70_000, SEGMENT, SEGMENT + 1, 2 * SEGMENT + 99, 3 * SEGMENT))
        content = chance.randbytes(length)
        where = _send(world, browser, content, chance)
        if number % 100 == 0:
            with entering(world.investigator, "test"):
                file = FileObject.objects.select_related("stored").get(
                    upload_key=where.rstrip("/").rpartition("/")[2]
                )
                found = check_content(file.stored, reader="INV-01", purpose=Purpose.INTEGRITY)
            assert found.length == length
    with entering(world.investigator, "test"):
        assert not Upload.objects.exists()
        files = list(FileObject.objects.filter(item=world.item).values_list("stored_id", flat=True))
    assert len(files) == COUNT
    assert not [path for path in stored_files() if path.parent.name == "pending"]
    assert len(world.events(Kind.EVIDENCE_RECEIVED)) == COUNT
