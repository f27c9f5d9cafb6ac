"""The keyless run over 5,000 small sealed files, as the schedule does it, beside openssl over their bytes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from benchmarks import Benchmark, Pair, _files
from evidence import tasks
from evidence.models import IntegrityRun
from vault.files import FileSealer
from vault.scopes import Scope

FILES, BYTES = 5_000, 4_000
AT_ONCE = 1_000
_FOR_EVER = 3600.0


def _fill(scope: Scope) -> list[Path]:
    """Seal many files in few transactions: what is measured is reading them."""
    made = []
    for start in range(0, FILES, AT_ONCE):
        with transaction.atomic():
            for number in range(start, start + AT_ONCE):
                with FileSealer(scope=scope, by="INV-01") as sealer:
                    sealer.write(number.to_bytes(8, "big") * (BYTES // 8))
                    ref = sealer.commit()[0].storage_ref
                made.append(Path(settings.MEDIA_STORE) / ref[:2] / ref)
    return made


def _run() -> None:
    run = IntegrityRun()
    run.save(force_insert=True)
    tasks.walk(run, time.monotonic() + _FOR_EVER)
    if (run.checked, run.failed) != (FILES, 0):
        raise AssertionError(f"{run.checked} checked, {run.failed} failed")


@contextmanager
def _prepare() -> Iterator[Pair]:
    paths = _fill(_files.new_scope())
    try:
        yield Pair(
            ours=_run,
            yardstick=lambda: _files.openssl(*paths),
            per=lambda seconds: FILES / seconds,
        )
    finally:
        for path in paths:
            path.unlink()


BENCHMARK = Benchmark("small-files", "files/s", "openssl dgst -sha256 of the same files", 2.0, _prepare)
