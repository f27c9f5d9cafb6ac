"""Appending to the log, beside a bare INSERT of the same bytes into a table without any of its walls."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.db import connection, connections, transaction

from audit.actions import record
from audit.models import Event
from audit.vocabulary import Kind
from benchmarks import Benchmark, Pair

CASE = UUID("11111111-1111-4111-8111-111111111111")
EACH = 1_600
WRITERS = (4, 16)


def _append(number: int) -> None:
    with transaction.atomic():
        record(
            Kind.TESTIMONY_SUBMITTED,
            by="INV-01",
            subject=f"testimony:{CASE}",
            scope=CASE,
            facts={"n": number},
        )


def _written_by(writers: int, write: Callable[[int], object]) -> None:
    def run(first: int) -> None:
        try:
            for number in range(first, EACH, writers):
                write(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(run, range(writers)))


def _written(write: Callable[[int], object]) -> None:
    for writers in WRITERS:
        _written_by(writers, write)


@contextmanager
def _prepare() -> Iterator[Pair]:
    with transaction.atomic():
        sample = record(Kind.TESTIMONY_SUBMITTED, by="INV-01", subject=f"testimony:{CASE}", scope=CASE)
    leaf, mac = sample.leaf, bytes(sample.mac)
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id uuid PRIMARY KEY, leaf text NOT NULL, mac bytea NOT NULL)")

    def bare(_number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare (id, leaf, mac) VALUES (%s, %s, %s)", [uuid4(), leaf, mac])

    try:
        yield Pair(
            ours=lambda: _written(_append),
            yardstick=lambda: _written(bare),
            per=lambda seconds: len(WRITERS) * EACH / seconds,
        )
        assert Event.objects.count() > EACH
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP TABLE bare")


BENCHMARK = Benchmark(
    path="audit-append",
    unit="appends/s",
    yardstick="bare INSERT of the same bytes, 4 and 16 writers",
    target=1.25,
    prepare=_prepare,
)
