"""The keyless run over 5,000 small sealed files, as the schedule does it, beside openssl over their bytes."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from blake3 import blake3
from django.conf import settings
from django.db import connection, connections, transaction

from accounts.door import Machine, entering
from accounts.vocabulary import OwedState
from benchmarks import Benchmark, Growth, Pair, _files
from evidence import tasks
from evidence.actions import planning
from evidence.checking import walk
from evidence.vocabulary import RunKind
from vault.files import FileSealer
from vault.scopes import Scope

FILES, BYTES = 5_000, 4_000
_FOR_EVER = 3600.0


_LIKE = """
    INSERT INTO vault_storedfile (id, storage_ref, sealed_digest,
                                  scope_kind, scope_id, sealed_size, manifest, created_at, created_by)
    SELECT %s, %s, %s, scope_kind, scope_id, sealed_size, manifest, created_at, created_by
    FROM vault_storedfile WHERE id = %s
"""


def _fill(scope: Scope, files: int) -> list[Path]:
    """Lay many files as if they had been sealed: what is measured opens none of them."""
    with transaction.atomic(), FileSealer(scope=scope, by="INV-01") as sealer:
        sealer.write(bytes(BYTES))
        first = sealer.commit()[0]
    made, rows = [_path(first.storage_ref)], []
    size = made[0].stat().st_size
    for _ in range(files - 1):
        content, row = os.urandom(size), uuid4()
        rows.append((row, row.hex, blake3(content).digest(), first.pk))
        made.append(_path(row.hex))
        made[-1].parent.mkdir(mode=0o700, exist_ok=True)
        made[-1].write_bytes(content)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_LIKE, rows)
    return made


def _path(ref: str) -> Path:
    return Path(settings.MEDIA_STORE) / ref[:2] / ref


def _run(files: int) -> None:
    with entering(Machine.INTEGRITY, "benchmark"):
        run = planning.start_full_run()
    while walk(RunKind.ROUTINE, run=run.pk, until=time.monotonic() + _FOR_EVER):
        pass
    tasks.note_integrity()
    run.refresh_from_db()
    if (run.state, run.checked, run.failed) != (OwedState.DONE, files, 0):
        raise AssertionError(f"{run.state}: {run.checked} checked, {run.failed} failed")


@contextmanager
def _prepare(files: int = FILES) -> Iterator[Pair]:
    paths = _fill(_files.new_scope(), files)
    try:
        yield Pair(
            ours=lambda: _run(files),
            yardstick=lambda: _files.openssl(*paths),
            per=lambda seconds: files / seconds,
        )
    finally:
        for path in paths:
            path.unlink()
        with connections["owner"].cursor() as cursor:
            cursor.execute("TRUNCATE vault_storedfile CASCADE")


BENCHMARK = Benchmark("small-files", "files/s", "openssl dgst -sha256 of the same files", 2.0, _prepare)
GROWTH = Growth("file", (1_000, 10_000, 100_000), _prepare)
