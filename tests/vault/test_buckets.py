"""A bucket keeps what it was given, says what it lost, and no weather of its is taken for a damaged file."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from botocore.exceptions import ClientError
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from tests.buckets import PATIENCE, Bucket, Environ, Start, refusing, silent
from tests.vault.conftest import store
from tests.vault.shelves import BucketShelf
from vault.errors import Damaged, Locked, Missing, StoreGone
from vault.files import (
    FileSealer,
    check_content,
    check_sealed,
    is_store_there,
    open_file,
    store_faults,
    stores,
    sweep_orphans,
)
from vault.files.bucket import MARK
from vault.files.parts import PART, PendingParts
from vault.files.segments import SEALED_SEGMENT, SEGMENT
from vault.models import StoredFile
from vault.scopes import Scope
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db
LARGE = 19 * SEGMENT + 5  # two whole parts and a small one
TOMORROW = timedelta(days=1)


@pytest.fixture
def shelf(bucket: Bucket) -> BucketShelf:
    return BucketShelf(bucket)


@pytest.fixture
def hasty(bucket: Bucket, settings: LazySettings) -> None:
    """A store that waits for nothing long."""
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"patience": PATIENCE}


def test_large_file_is_sent_in_parts_that_the_server_verified(case: Scope, shelf: BucketShelf) -> None:
    content = os.urandom(LARGE)
    stored = store(case, content)
    asked = shelf.bucket.weather.asked
    assert [what for what in asked if what not in {"head", "put"}] == ["begin", *["part"] * 3, "complete"]
    assert PART % SEALED_SEGMENT == 0
    assert PART >= 5 << 20
    assert check_content(stored, reader="INV-01", purpose=Purpose.INTEGRITY).length == LARGE
    check_sealed(stored)
    with open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as opened:
        assert b"".join(opened) == content
        assert b"".join(opened.read(LARGE - 9, LARGE)) == content[-9:]
        assert b"".join(opened.read(5, 6)) == content[5:6]


def test_bucket_sees_a_reference_and_nothing_else(case: Scope, shelf: BucketShelf) -> None:
    small, large = store(case, b"canary"), store(case, b"canary" * 2_000_000)
    listed = shelf.client.list_objects_v2(**shelf.of)["Contents"]
    assert {one["Key"] for one in listed} == {MARK, small.storage_ref, large.storage_ref}
    told = [shelf.client.head_object(**shelf.of, Key=one.storage_ref) for one in (small, large)]
    assert [one["Metadata"] for one in told] == [{}, {}]
    assert {one["ContentType"] for one in told} == {"application/octet-stream"}
    assert "Canary" not in repr(stores.default())


def test_whole_reading_is_one_answer_and_a_jump_is_another(case: Scope, shelf: BucketShelf) -> None:
    stored, weather = store(case, bytes(6 * SEGMENT)), shelf.bucket.weather
    with open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as opened:
        weather.asked.clear()
        assert sum(map(len, opened)) == 6 * SEGMENT
        assert weather.asked == ["get", "get"], "the first alone, then all that follow"
        next(opened.read(3 * SEGMENT, 3 * SEGMENT + 1))
        assert len(weather.asked) == 3


def nowhere(bucket: Bucket, settings: LazySettings) -> None:
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"url": "http://127.0.0.1:9"}


def another(bucket: Bucket, settings: LazySettings) -> None:
    bucket.client.create_bucket(Bucket="empty")
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"name": "empty"}


def vanished(bucket: Bucket, settings: LazySettings) -> None:
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"name": "vanished"}


def denied(bucket: Bucket, settings: LazySettings) -> None:
    for what in ("head", "get", "put", "list", "begin"):
        bucket.weather.bring(what, refusing(403, "AccessDenied"), 99)


def ill(bucket: Bucket, settings: LazySettings) -> None:
    for what in ("head", "get", "put", "list", "begin"):
        bucket.weather.bring(what, refusing(503, "InternalError"), 99)


def asleep(bucket: Bucket, settings: LazySettings) -> None:
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"patience": PATIENCE}
    for what in ("head", "get", "put", "list", "begin"):
        bucket.weather.bring(what, silent, 99)


WAYS = [nowhere, another, vanished, denied, ill, asleep]


@pytest.mark.parametrize("leave", WAYS)
def test_bucket_that_is_not_there_takes_nothing_and_blames_no_file(
    case: Scope, bucket: Bucket, settings: LazySettings, leave: Callable[[Bucket, LazySettings], None]
) -> None:
    stored = store(case, b"x")
    leave(bucket, settings)
    assert not is_store_there()
    with pytest.raises(StoreGone):
        check_sealed(stored)
    with pytest.raises(StoreGone):
        open_file(stored, reader="INV-01", purpose=Purpose.MEDIA)
    with pytest.raises(StoreGone), FileSealer(scope=case, by="INV-01"):
        pytest.fail("a byte could be given")
    assert list(StoredFile.objects.all()) == [stored]


@pytest.mark.parametrize("leave", [nowhere, vanished, denied])
def test_bucket_that_cannot_be_reached_is_not_established(
    case: Scope, bucket: Bucket, settings: LazySettings, leave: Callable[[Bucket, LazySettings], None]
) -> None:
    leave(bucket, settings)
    with pytest.raises(OSError, match="store"):
        store(case, b"x")
    assert BucketShelf(bucket).refs() == []


def test_one_file_that_is_refused_is_not_the_store(case: Scope, shelf: BucketShelf) -> None:
    stored = store(case, b"x")
    shelf.bucket.weather.bring("head", refusing(403, "AccessDenied"))
    with pytest.raises(PermissionError, match="refuses us"):
        check_sealed(stored)


def test_words_of_the_server_are_not_passed_on(case: Scope, shelf: BucketShelf) -> None:
    stored = store(case, b"x")
    for code in ("InvalidRequest", "Canary words", "x" * 99):
        shelf.bucket.weather.bring("get", refusing(400, code))
        with pytest.raises(OSError, match="what was asked") as told:
            check_sealed(stored)
        assert "anary" not in str(told.value)


def test_answer_that_breaks_off_is_asked_for_again(case: Scope, shelf: BucketShelf) -> None:
    content = os.urandom(5 * SEGMENT)
    stored, weather = store(case, content), shelf.bucket.weather
    weather.bring("get", weather.cut, 2)
    with open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as opened:
        assert b"".join(opened) == content


def whole_instead(environ: Environ, start: Start) -> list[bytes]:
    """A server that does not know of ranges."""
    start("200 OK", [("Content-Length", "9")])
    return [b"some file"]


def ended(environ: Environ, start: Start) -> list[bytes]:
    start("206 Partial Content", [("Content-Length", "0"), ("Content-Range", "bytes 0-4/5")])
    return [b""]


@pytest.mark.parametrize("fault", ["cut", "silent", "whole", "ended", "busy", "lost"])
def test_reading_that_fails_blames_no_file(case: Scope, shelf: BucketShelf, hasty: None, fault: str) -> None:
    stored, weather = store(case, os.urandom(SEGMENT)), shelf.bucket.weather

    def nothing(environ: Environ, start: Start) -> list[bytes]:
        return [next(iter(weather.cut(environ, start)))[:0]]

    ways = {"cut": nothing, "silent": silent, "whole": whole_instead, "ended": ended, "lost": weather.lose}
    weather.bring("get", ways.get(fault, refusing(503, "SlowDown")), 9)
    with pytest.raises(StoreGone):
        check_sealed(stored)
    weather.faults.clear()
    check_sealed(stored)


def test_requests_are_repeated(case: Scope, shelf: BucketShelf, settings: LazySettings) -> None:
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"attempts": 2}
    weather = shelf.bucket.weather
    for what in ("put", "begin", "part", "complete", "head"):
        weather.bring(what, refusing(503, "SlowDown"))
    stored = store(case, bytes(LARGE))
    weather.bring("get", refusing(500, "InternalError"))
    check_sealed(stored)


POINTS = [
    (1, "put", "full"), (1, "put", "flipped"), (1, "put", "lost"),
    (LARGE, "begin", "refused"), (LARGE, "begin", "lost"), (LARGE, "part", "full"),
    (LARGE, "part", "flipped"), (LARGE, "complete", "refused"), (LARGE, "complete", "lost"),
]  # fmt: skip


@pytest.mark.parametrize(("size", "what", "way"), POINTS)
def test_what_fails_at_any_point_leaves_nothing(
    case: Scope, shelf: BucketShelf, settings: LazySettings, *, size: int, what: str, way: str
) -> None:
    kept = store(case, b"kept")
    if way == "lost":
        settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"patience": PATIENCE}
    weather = shelf.bucket.weather
    refused, full = refusing(403, "AccessDenied"), refusing(507, "XMinioStorageFull")
    ways = {"refused": refused, "full": full, "flipped": weather.flip, "lost": weather.lose}
    weather.bring(what, ways[way])
    with pytest.raises(OSError, match="store"):
        store(case, bytes(size))
    assert list(StoredFile.objects.all()) == [kept]
    sweep_orphans(before=timezone.now() + TOMORROW)  # an upload that began unheard has no other end
    assert shelf.refs() == [kept.storage_ref]


@pytest.mark.parametrize("segments", [0, 1, 9, 17])
@pytest.mark.parametrize("is_finished", [False, True])
def test_what_was_killed_at_any_point_is_swept(
    case: Scope, shelf: BucketShelf, segments: int, *, is_finished: bool
) -> None:
    kept = store(case, b"kept")
    pending = stores.default().begin("ab" * 16)
    for _ in range(segments):
        pending.room(SEALED_SEGMENT)[:4] = b"some"
    if is_finished:
        pending.finish()
    assert isinstance(pending, PendingParts)
    pending._close()
    before = shelf.refs()
    assert sweep_orphans(before=timezone.now() - TOMORROW) == 0
    assert shelf.refs() == before
    sweep_orphans(before=timezone.now() + TOMORROW)
    assert shelf.refs() == [kept.storage_ref]


def test_second_file_under_one_reference_is_refused(case: Scope, shelf: BucketShelf) -> None:
    stored = store(case, b"first")
    before = shelf.read(stored.storage_ref)
    pending = stores.default().begin(stored.storage_ref)
    pending.room(4)[:] = b"next"
    with pytest.raises(FileExistsError):
        pending.finish()
    pending.abandon()
    assert shelf.read(stored.storage_ref) == before


def test_store_of_another_installation_is_not_swept(case: Scope, shelf: BucketShelf) -> None:
    shelf.drop(store(case, b"of the store that is meant").storage_ref)
    shelf.write("ab" * 16, b"theirs")
    assert sweep_orphans(before=timezone.now() + TOMORROW) == 0
    assert shelf.refs() == ["ab" * 16]


@pytest.fixture
def locking(bucket: Bucket, settings: LazySettings) -> None:
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"lock_days": 3}


@pytest.mark.parametrize("size", [1, LARGE])
def test_locked_file_cannot_be_removed_before_its_day(
    case: Scope, shelf: BucketShelf, locking: None, size: int
) -> None:
    stored = store(case, bytes(size))
    ref = stored.storage_ref
    with pytest.raises(Locked):
        stores.default().remove(ref)
    (version,) = shelf.client.list_object_versions(**shelf.of, Prefix=ref)["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        shelf.client.delete_object(**shelf.of, Key=ref, VersionId=version["VersionId"])
    shelf.write(ref, b"overwritten")
    with pytest.raises(Damaged):
        check_sealed(stored)
    newest, first = shelf.client.list_object_versions(**shelf.of, Prefix=ref)["Versions"]
    assert first["VersionId"] == version["VersionId"], "what lay there lies there"
    shelf.client.delete_object(**shelf.of, Key=ref, VersionId=newest["VersionId"])
    check_sealed(stored)


def test_locked_file_that_belongs_to_nothing_goes_when_its_day_has_come(
    case: Scope, shelf: BucketShelf, locking: None
) -> None:
    kept = store(case, b"kept")
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        store(case, b"lost")
        raise RuntimeError
    assert sweep_orphans(before=timezone.now() + TOMORROW) == 0
    assert len(shelf.refs()) == 2
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert sweep_orphans(before=timezone.now()) == 1
    assert shelf.refs() == [kept.storage_ref]


def test_lock_that_fails_leaves_no_file(case: Scope, shelf: BucketShelf, locking: None) -> None:
    kept = store(case, b"kept")
    shelf.bucket.weather.bring("lock", refusing(403, "AccessDenied"))
    with pytest.raises(PermissionError):
        store(case, b"x")
    assert shelf.refs() == [kept.storage_ref]


def test_bucket_that_cannot_lock_is_no_store_where_a_lock_is_asked_for(
    case: Scope, shelf: BucketShelf, locking: None, settings: LazySettings
) -> None:
    assert list(store_faults()) == []
    shelf.client.create_bucket(Bucket="loose")
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"name": "loose"}
    with pytest.raises(StoreGone, match="no object lock"):
        store(case, b"x")
    assert shelf.client.list_objects_v2(Bucket="loose").get("Contents", []) == []
    assert any("no object lock" in fault for fault in store_faults())


def test_bucket_that_is_reached_in_clear_is_told(bucket: Bucket, settings: LazySettings) -> None:
    assert list(store_faults()) == []
    settings.MEDIA_BUCKET = settings.MEDIA_BUCKET | {"url": "http://store.example.org"}
    assert any("without TLS" in fault for fault in store_faults())


def test_remove_takes_every_version(case: Scope, shelf: BucketShelf) -> None:
    ref = store(case, b"x").storage_ref
    shelf.write(ref, b"another")
    shelf.drop(ref)
    stores.default().remove(ref)
    stores.default().remove(ref)
    left = shelf.client.list_object_versions(**shelf.of, Prefix=ref)
    assert (left.get("Versions", []), left.get("DeleteMarkers", [])) == ([], [])
    with pytest.raises(Missing):
        stores.default().open(ref)


def test_bucket_does_not_tell_what_it_can_take(bucket: Bucket, media: Path) -> None:
    assert stores.free_space() is None
    assert not media.exists()
