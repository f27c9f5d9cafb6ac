"""The keyless check of 1 GiB in 16 sealed files, beside openssl over the same sealed bytes."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import Benchmark, Growth, Pair, _files
from vault.files import check_sealed
from vault.models import StoredFile

FILES, MEGABYTES = 16, 64


def _check(files: list[StoredFile]) -> None:
    for stored in files:
        check_sealed(stored)


@contextmanager
def _prepare(megabytes: int = MEGABYTES) -> Iterator[Pair]:
    scope = _files.new_scope()
    with _files.plain(megabytes) as path:
        files = [_files.seal(path, scope) for _ in range(FILES)]
        try:
            yield Pair(
                ours=lambda: _check(files),
                yardstick=lambda: _files.openssl(*map(_files.sealed_path, files)),
                per=lambda seconds: FILES * megabytes / seconds,
            )
        finally:
            for stored in files:
                _files.forget(stored)


BENCHMARK = Benchmark("routine-check", "MiB/s", "openssl dgst -sha256 of the sealed 1 GiB", 1.25, _prepare)
GROWTH = Growth("MiB", (4, 40, 400), _prepare, units=lambda megabytes: FILES * megabytes)
