"""Every committed event gets one place, however late its transaction ends; nobody else's row gets any."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction

from audit.actions import record
from audit.models import Batch, Event, Position, Subtree
from audit.sealing import seal_batch, seal_now
from audit.tree import Frontier, leaf_hash
from audit.verifying import verify
from audit.vocabulary import Kind

pytestmark = pytest.mark.django_db(transaction=True)


def write(count: int = 1) -> list[Event]:
    with transaction.atomic():
        return [record(Kind.CASE_CHANGED, by="INV-01", facts={"n": number}) for number in range(count)]


def sealed() -> list[str]:
    """The ids of the sealed events in the order of their places, which must have no gap."""
    rows = list(Position.objects.order_by("index").values_list("index", "event_id"))
    assert [index for index, _ in rows] == list(range(len(rows)))
    return [str(event) for _, event in rows]


def recomputed() -> bytes:
    frontier = Frontier()
    leaves = Position.objects.order_by("index").values_list("event__leaf", flat=True)
    frontier.extend([leaf_hash(leaf.encode()) for leaf in leaves])
    return frontier.root()


def test_events_are_sealed_in_the_order_they_were_written() -> None:
    seal_batch()
    start = len(sealed())
    written = [str(event.pk) for event in write(3) + write(2)]
    assert seal_batch() == start + 5
    assert sealed()[start:] == written
    last = Batch.objects.latest("size")
    assert (last.size, bytes(last.root)) == (start + 5, recomputed())


def test_sealing_nothing_adds_nothing() -> None:
    write()
    size = seal_batch()
    batches = Batch.objects.count()
    assert seal_batch() == size
    assert Batch.objects.count() == batches


def test_late_commit_is_never_left_out() -> None:
    seal_batch()
    with ThreadPoolExecutor(1) as pool:
        begun, may_end = Barrier(2), Barrier(2)

        def slow() -> str:
            with transaction.atomic():
                event = record(Kind.CASE_CHANGED, by="INV-01")
                begun.wait(10)
                may_end.wait(10)
            connections.close_all()
            return str(event.pk)

        late = pool.submit(slow)
        begun.wait(10)
        early = str(write()[0].pk)
        seal_batch()
        assert early not in sealed(), "a transaction below it is still running"
        may_end.wait(10)
        late_id = late.result(10)
    seal_batch()
    assert sealed()[-2:] == [late_id, early]
    assert verify().is_sound


def test_rolled_back_event_gets_no_place() -> None:
    seal_batch()
    before = sealed()
    with transaction.atomic():
        event = record(Kind.CASE_CHANGED, by="INV-01")
        transaction.set_rollback(True)
    after = str(write()[0].pk)
    seal_batch()
    assert sealed() == [*before, after]
    assert not Event.objects.filter(pk=event.pk).exists()


def test_sealing_at_once_waits_for_nobody_and_no_event_is_sealed_twice() -> None:
    seal_batch()
    with ThreadPoolExecutor(1) as pool:
        begun, may_end = Barrier(2), Barrier(2)

        def slow() -> str:
            with transaction.atomic():
                event = record(Kind.CASE_CHANGED, by="INV-01")
                begun.wait(10)
                may_end.wait(10)
            connections.close_all()
            return str(event.pk)

        late = pool.submit(slow)
        begun.wait(10)
        with transaction.atomic():
            event = record(Kind.CONSENT_WITHDRAWN, by="INV-01")
            seal_now(event)
            assert str(event.pk) not in sealed()
        assert sealed()[-1] == str(event.pk)
        may_end.wait(10)
        late_id = late.result(10)
    seal_batch()
    assert sealed()[-2:] == [str(event.pk), late_id]
    assert verify().is_sound


def test_sealing_at_once_is_undone_with_its_transaction() -> None:
    seal_batch()
    before = sealed()
    with transaction.atomic():
        seal_now(record(Kind.CONSENT_WITHDRAWN, by="INV-01"))
        transaction.set_rollback(True)
    assert sealed() == before


def test_crash_between_writing_and_sealing_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seal_batch()
    start = len(sealed())
    written = [str(event.pk) for event in write(3)]

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Batch.objects, "create", crash)
        with pytest.raises(KeyboardInterrupt):
            seal_batch()
    assert len(sealed()) == start
    seal_batch()
    assert sealed()[start:] == written


def test_a_thousand_appends_from_many_threads_leave_no_gap() -> None:
    def worker(_: int) -> list[str]:
        made = []
        for number in range(100):
            with transaction.atomic():
                made.append(str(record(Kind.CASE_CHANGED, by="INV-01", facts={"n": number}).pk))
            if number % 25 == 0:
                seal_batch()
        connections.close_all()
        return made

    with ThreadPoolExecutor(10) as pool:
        made = {one for many in pool.map(worker, range(10)) for one in many}
    seal_batch()
    assert len(made) == 1000
    assert made <= set(sealed())
    assert bytes(Batch.objects.latest("size").root) == recomputed()
    assert verify().is_sound


def test_subtrees_are_kept_for_proofs() -> None:
    write(600)
    seal_batch()
    frontier = Frontier()
    hashes = [
        bytes(one)
        for one in Position.objects.filter(index__lt=256)
        .order_by("index")
        .values_list("leaf_hash", flat=True)
    ]
    frontier.extend(hashes)
    assert bytes(Subtree.objects.get(level=8, index=0).hash) == frontier.root()


def test_row_of_another_writer_gets_no_place_and_is_told() -> None:
    seal_batch()
    ours = write()[0]
    fake = uuid4()
    leaf = json.dumps({"actor": "SUP-01", "at": 1, "id": str(fake), "kind": "review:approved", "v": 1})
    Event.objects.create(id=fake, leaf=leaf, mac=bytes(32))
    copy = uuid4()
    Event.objects.create(id=copy, leaf=ours.leaf, mac=bytes(ours.mac))
    seal_batch()
    seal_batch()
    assert str(ours.pk) in sealed()
    assert not {str(fake), str(copy)} & set(sealed())
    told = Event.objects.filter(kind=Kind.LOG_FAILED, actor="machine:sealer").latest("at")
    assert json.loads(told.leaf)["facts"]["count"] == 2
    assert "2 rows" in verify().findings[0].what
    for _ in range(3):
        seal_batch()
    assert Event.objects.filter(kind=Kind.LOG_FAILED).count() <= 2


def test_restored_database_goes_on_where_transactions_count_anew(superuser: psycopg.Connection) -> None:
    write()
    size = seal_batch()
    superuser.execute("UPDATE audit_batch SET watermark = %s", [2**60])
    waiting = write()[0]
    superuser.execute("UPDATE audit_event SET transaction = %s WHERE id = %s", [2**59, waiting.pk])
    assert seal_batch() == size + 1
    after = write()[0]
    assert seal_batch() == size + 2
    assert sealed()[-2:] == [str(waiting.pk), str(after.pk)]


def test_time_of_sealing_is_kept() -> None:
    write()
    seal_batch()
    assert abs((datetime.now(UTC) - Batch.objects.latest("size").sealed_at).total_seconds()) < 60
    assert connection.in_atomic_block is False
