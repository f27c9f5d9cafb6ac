"""Opening and hashing 1 GiB in 16 sealed files with two workers, beside openssl over the plain bytes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections, transaction

from benchmarks import Benchmark, Growth, Pair, _files
from vault.files import check_content
from vault.models import StoredFile
from vault.vocabulary import Purpose

FILES, MEGABYTES = 16, 64


def _check(stored: StoredFile) -> None:
    with transaction.atomic():
        check_content(stored, reader="machine:integrity", purpose=Purpose.INTEGRITY)


def _two_workers(files: list[StoredFile]) -> None:
    def run(part: list[StoredFile]) -> None:
        try:
            for stored in part:
                _check(stored)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [files[::2], files[1::2]]))


@contextmanager
def _prepare(megabytes: int = MEGABYTES) -> Iterator[Pair]:
    scope = _files.new_scope()
    with _files.plain(megabytes) as path:
        files = [_files.seal(path, scope) for _ in range(FILES)]
        try:
            yield Pair(
                ours=lambda: _two_workers(files),
                yardstick=lambda: _files.openssl(*[path] * FILES),
                per=lambda seconds: FILES * megabytes / seconds,
            )
        finally:
            for stored in files:
                _files.forget(stored)


BENCHMARK = Benchmark("deep-check", "MiB/s", "openssl dgst -sha256 of the plain 1 GiB", 0.7, _prepare)
GROWTH = Growth("MiB", (4, 40, 400), _prepare, units=lambda megabytes: FILES * megabytes)
