"""Limits held against uploads that arrive at the same moment, on connections of their own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from accounts.door import entering
from evidence import limits
from evidence.actions import files
from evidence.actions.files import receive_file
from evidence.errors import QuotaReached, StorageFull
from evidence.models import EvidenceItem, FileObject
from tests.evidence.worlds import World, make_world, stored_files

MIB = 2**20


def bring(world: World, item: EvidenceItem, letter: bytes) -> FileObject:
    with entering(world.investigator, "test"):
        chunks = [letter * (2 * MIB)]
        return receive_file(by=world.investigator, item=item, chunks=chunks, filename="x.bin")


def bring_impatiently(world: World, item: EvidenceItem) -> FileObject:
    """Send a file on another connection, whose locks are waited for a moment only."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        return bring(world, item, b"b")
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_are_not_both_told_that_the_case_has_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world()
    first, second = world.item, world.register()
    monkeypatch.setattr(settings, "CASE_QUOTA", 3 * MIB)
    real, met = limits.check_quota, list[int]()
    before = set(stored_files())

    def check_while_another_comes(case: UUID, length: int) -> None:
        real(case, length)
        if length and not met:
            met.append(length)
            with ThreadPoolExecutor(1) as other, pytest.raises(OperationalError, match="lock timeout"):
                other.submit(bring_impatiently, world, second).result()

    with monkeypatch.context() as patched:
        patched.setattr(limits, "check_quota", check_while_another_comes)
        bring(world, first, b"a")
    assert met == [2 * MIB]
    (kept,) = set(stored_files()) - before
    with pytest.raises(QuotaReached):
        bring(world, second, b"b")
    assert set(stored_files()) - before == {kept}


@pytest.mark.usefixtures("nothing_kept")
def test_upload_ends_when_others_have_filled_the_disk_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ASK_AGAIN_BYTES", MIB)
    kept = settings.FREE_SPACE_KEPT
    free = iter([kept + 10 * MIB, kept + MIB, kept - 1])
    monkeypatch.setattr(limits, "free_space", lambda: next(free))
    sent: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(8):
            sent.append(number)
            yield b"x" * MIB

    with pytest.raises(StorageFull), entering(world.investigator, "test"):
        receive_file(
            by=world.investigator,
            item=world.item,
            chunks=chunks(),
            filename="long.bin",
            declared_length=8 * MIB,
        )
    assert sent == [0, 1], "the second question was answered with no"
