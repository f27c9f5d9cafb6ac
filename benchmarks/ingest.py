"""Sealing, hashing and storing 1 GiB, durable, beside one reading of it by openssl."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import Benchmark, Growth, Pair, _files

MEGABYTES = 1024


@contextmanager
def _prepare(megabytes: int = MEGABYTES) -> Iterator[Pair]:
    scope = _files.new_scope()
    with _files.plain(megabytes) as path:
        yield Pair(
            ours=lambda: _files.forget(_files.seal(path, scope)),
            yardstick=lambda: _files.openssl(path),
            per=lambda seconds: megabytes / seconds,
        )


BENCHMARK = Benchmark("ingest", "MiB/s", "openssl dgst -sha256 of the same 1 GiB", 1.25, _prepare)
GROWTH = Growth("MiB", (64, 640, 6_400), _prepare)
