"""Sealed and plain files for the benchmarks, in the folder of the run, and the yardstick that reads them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connections, transaction

from vault.files import FileSealer
from vault.keys import create_scope_key
from vault.models import StoredFile
from vault.scopes import Scope

MIB = 2**20


@contextmanager
def plain(megabytes: int) -> Iterator[Path]:
    """Yield a file of random bytes, cached."""
    path = Path(settings.DATA_DIR) / "plain"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MIB))
    try:
        yield path
    finally:
        path.unlink()


def openssl(*paths: Path) -> None:
    """The yardstick: SHA-256 of cached files by openssl."""
    subprocess.run(["openssl", "dgst", "-sha256", *map(str, paths)], check=True, capture_output=True)


def new_scope() -> Scope:
    """Return the scope of a case that has a key and nothing else."""
    scope = Scope.case(uuid4())
    with transaction.atomic():
        create_scope_key(scope)
    return scope


def seal(path: Path, scope: Scope) -> StoredFile:
    """Seal one file as an upload does, durable at the end."""
    with (
        transaction.atomic(),
        FileSealer(scope=scope, by="INV-01") as sealer,
        path.open("rb", buffering=0) as file,
    ):
        while piece := file.read(4 * MIB):
            sealer.write(piece)
        return sealer.commit()[0]


def sealed_path(stored: StoredFile) -> Path:
    """Return where the sealed bytes lie."""
    return next(Path(settings.MEDIA_STORE).rglob(f"*{stored.storage_ref}*"))


def forget(stored: StoredFile) -> None:
    """Remove the sealed bytes and the row: a benchmark must not fill the disk, nor leave work to the next."""
    sealed_path(stored).unlink()
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM vault_storedfile WHERE id = %s", [stored.pk])
