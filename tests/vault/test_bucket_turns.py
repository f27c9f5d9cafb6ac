"""A file that arrives in a bucket in several turns is the file that was sent."""

import os
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from tests.buckets import Bucket
from tests.vault.shelves import BucketShelf
from tests.vault.test_turns import BY, a_turn, is_whole, the_last
from vault.errors import Damaged, Missing
from vault.files import FileSealer, Turn, begin_file, stores, sweep_orphans
from vault.files.segments import SEGMENT
from vault.keys.unitkeys import destroy_unit_key
from vault.models import StoredFile
from vault.scopes import Scope

pytestmark = pytest.mark.django_db
LONG = pytest.mark.soak


@pytest.fixture
def shelf(bucket: Bucket) -> BucketShelf:
    return BucketShelf(bucket)


@pytest.fixture
def locking(bucket: Bucket, settings: LazySettings) -> None:
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"lock_days": 3}


@pytest.mark.parametrize(
    "turns", [[], *(pytest.param(one, marks=LONG) for one in ([1], [17, 18])), [3, 9, 10], [8, 16]], ids=str
)
def test_turns_make_the_same_file(case: Scope, shelf: BucketShelf, turns: list[int]) -> None:
    length = ((turns or [0])[-1] + 1) * SEGMENT + 77
    content, segments = os.urandom(length), 0
    file = begin_file(scope=case, by=BY)
    for end in turns:
        piece = content[segments * SEGMENT : end * SEGMENT + 1000]
        assert a_turn(case, file, segments, piece, more=700_000) == end
        segments = end
    assert is_whole(the_last(case, file, segments, content))
    assert shelf.refs() == [file.hex]


def test_who_hangs_on_a_dead_connection_notices_it(case: Scope, shelf: BucketShelf) -> None:
    content = os.urandom(20 * SEGMENT + 3)
    file = begin_file(scope=case, by=BY)
    with FileSealer(scope=case, by=BY, turn=Turn(file, 0)) as hung:
        hung.write(content[: 9 * SEGMENT + 1])
        assert hung.settle(more=True) == 9
        with FileSealer(scope=case, by=BY, turn=Turn(file, 9)) as second:
            hung.write(os.urandom(3 * SEGMENT))
            with pytest.raises(OSError, match="somebody else"):
                hung.settle(more=True)
            second.write(content[9 * SEGMENT : 19 * SEGMENT + 1])
            assert second.settle(more=True) == 19
    assert is_whole(the_last(case, file, 19, content))


def test_who_was_overtaken_takes_no_part_s_place(case: Scope, shelf: BucketShelf) -> None:
    content = os.urandom(20 * SEGMENT + 3)
    file = begin_file(scope=case, by=BY)
    with FileSealer(scope=case, by=BY, turn=Turn(file, 0)) as hung:
        hung.write(content[: 9 * SEGMENT + 1])
        assert hung.settle(more=True) == 9
        with FileSealer(scope=case, by=BY, turn=Turn(file, 9)) as second:
            second.write(content[9 * SEGMENT : 19 * SEGMENT + 1])
            assert second.settle(more=True) == 19
            hung.write(os.urandom(10 * SEGMENT))
            with pytest.raises(OSError, match="somebody else"):
                hung.settle(more=True)
    assert is_whole(the_last(case, file, 19, content))


@pytest.mark.parametrize("segments", [2, pytest.param(9, marks=LONG), 17])
def test_end_that_the_database_did_not_keep_can_be_repeated(
    case: Scope, shelf: BucketShelf, locking: None, segments: int
) -> None:
    """Even where the file that was whole is locked already."""
    content = os.urandom(segments * SEGMENT + 9)
    file = begin_file(scope=case, by=BY)
    assert a_turn(case, file, 0, content[: segments * SEGMENT], more=0) == segments
    with transaction.atomic():
        the_last(case, file, segments, content)
        transaction.set_rollback(True)
    assert not StoredFile.objects.filter(pk=file).exists()
    assert is_whole(the_last(case, file, segments, content))


@pytest.mark.parametrize("segments", [2, 9])
@pytest.mark.parametrize("left", [".0", ".1", "parts", "short"])
def test_less_than_was_durable_is_never_gone_on_with(
    case: Scope, shelf: BucketShelf, segments: int, left: str
) -> None:
    file = begin_file(scope=case, by=BY)
    assert a_turn(case, file, 0, os.urandom(segments * SEGMENT), more=0) == segments
    name = f"{file.hex}.{segments // 8}"
    if left == "parts":
        stores.default().drop(file.hex)
    elif left == "short":
        shelf.write(name, shelf.read(name)[:-1])
    else:
        shelf.drop(name)
    with pytest.raises((Missing, Damaged)), FileSealer(scope=case, by=BY, turn=Turn(file, segments)):
        pass


def test_sweep_leaves_what_has_a_key_and_takes_what_has_none(case: Scope, shelf: BucketShelf) -> None:
    waiting, dropped = (begin_file(scope=case, by=BY) for _ in range(2))
    for file in (waiting, dropped):
        a_turn(case, file, 0, os.urandom(9 * SEGMENT), more=0)
    destroy_unit_key(Scope(case.kind, case.id, dropped), by=BY)
    sweep_orphans(before=timezone.now() + timedelta(days=1))
    assert {key.partition(".")[0] for key in shelf.refs()} == {waiting.hex}
    stores.default().drop(waiting.hex)
    assert shelf.refs() == []
