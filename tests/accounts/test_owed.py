"""Owed work, throttles and hashes: the small machinery under the pages."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test.utils import isolate_apps
from kombu.exceptions import OperationalError

from accounts.hashers import PepperedArgon2
from accounts.models import Throttle
from accounts.owed import MOST_ATTEMPTS, OwedWork, rouse_rested, wake
from accounts.throttle import forget_lapsed
from accounts.vocabulary import OwedState

TWO_ROLES = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def work(transactional_db: None) -> Iterator[type[OwedWork]]:
    """A table of owed work of the tests' own, written with the grants that a room would give it."""
    with isolate_apps("accounts"):

        class Probe(OwedWork):
            class Meta:
                app_label = "accounts"

    owner = connections["owner"]
    with owner.schema_editor() as schema:
        schema.create_model(Probe)
        columns = ", ".join(OwedWork.changing)
        schema.execute(f"GRANT UPDATE ({columns}) ON accounts_probe TO app")
    yield Probe
    with owner.schema_editor() as schema:
        schema.execute("DROP TABLE accounts_probe")


def test_what_rests_is_looked_for_in_tables_of_the_product_alone(db: None) -> None:
    """A class that lingers, of a module that was taken out or of another test, has no table."""
    with isolate_apps("accounts"):

        class Lingering(OwedWork):
            class Meta:
                app_label = "accounts"

    assert Lingering in OwedWork.__subclasses__()
    rouse_rested()


@pytest.mark.django_db(transaction=True)
def test_counter_is_added_by_exactly_one_of_many() -> None:
    gate, won = threading.Barrier(4), []

    def add() -> None:
        gate.wait()
        try:
            won.append(cache.add("code", "y", timeout=30))
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, False, False, True]


@pytest.mark.django_db
def test_counters_are_set_read_lapse_and_are_forgotten() -> None:
    cache.set("a", [1.5, 2.5], 10)
    assert cache.get("a") == [1.5, 2.5]
    assert cache.delete("a")
    assert cache.get("a", "none") == "none"
    cache.set("b", 1, 10)
    cache.set("c", 1, None)
    with time_machine.travel(time.time() + 11):
        assert cache.get("b") is None
        assert cache.add("b", 2, 10)
        assert cache.get("c") == 1
    with time_machine.travel(time.time() + 30):
        assert forget_lapsed() == 1
    cache.clear()
    assert not Throttle.objects.exists()


def test_password_needs_the_pepper() -> None:
    hasher = PepperedArgon2()
    encoded = hasher.encode("four unrelated words", "saltsaltsaltsalt")
    assert encoded.startswith("argon2_peppered$argon2id$")
    assert hasher.verify("four unrelated words", encoded)
    assert not hasher.verify("four unrelated word", encoded)
    with mock.patch("accounts.hashers.mac", return_value=bytes(32)):
        assert not hasher.verify("four unrelated words", encoded)


@TWO_ROLES
def test_work_is_claimed_by_one_and_finished(work: type[OwedWork]) -> None:
    row = work._default_manager.create()
    claimed = work.claim(row.pk)
    assert claimed is not None
    assert claimed.attempts == 1
    assert work.claim(row.pk) is None
    claimed.finish()
    assert work.claim(row.pk) is None
    assert not work.stale().exists()


@TWO_ROLES
def test_row_in_other_hands_is_left_alone(work: type[OwedWork]) -> None:
    row = work._default_manager.create()
    taken: list[object] = []

    def try_too() -> None:
        taken.append(work.claim(row.pk))
        connection.close()

    with transaction.atomic():
        assert work.claim(row.pk) is not None
        other = threading.Thread(target=try_too)
        other.start()
        other.join()
    assert taken == [None]


@TWO_ROLES
def test_message_without_a_row_does_nothing(work: type[OwedWork]) -> None:
    assert work.claim(uuid4()) is None


@TWO_ROLES
def test_work_that_nobody_finished_is_taken_up_again_and_given_up_in_the_end(work: type[OwedWork]) -> None:
    row = work._default_manager.create()
    now = time.time()
    for attempt in range(MOST_ATTEMPTS):
        with time_machine.travel(now + attempt * 1000):
            assert [one.pk for one in work.stale()] == [row.pk]
            assert work.claim(row.pk) is not None
            assert not work.stale().exists()
    with time_machine.travel(now + MOST_ATTEMPTS * 1000):
        assert work.claim(row.pk) is None
        assert not work.stale().exists()
    row.refresh_from_db()
    assert (row.state, row.reason) == (OwedState.FAILED, "given_up")


@TWO_ROLES
def test_failed_try_stays_owed_until_it_is_final(work: type[OwedWork]) -> None:
    row = work._default_manager.create()
    claimed = work.claim(row.pk)
    assert claimed is not None
    claimed.fail("storage_unreachable")
    again = work.claim(row.pk)
    assert again is not None
    assert again.attempts == 2
    again.fail("unreadable", final=True)
    assert work.claim(row.pk, after=timedelta(0)) is None
    row.refresh_from_db()
    assert row.finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_task_is_woken_after_commit_only_and_a_lost_queue_loses_nothing() -> None:
    with mock.patch("accounts.owed.current_app") as queue:
        with transaction.atomic():
            wake("evidence.hash_file", "row")
            assert not queue.send_task.called
        queue.send_task.assert_called_once_with("evidence.hash_file", args=["row"])
        queue.send_task.side_effect = OperationalError
        with transaction.atomic():
            wake("evidence.hash_file", "row")
