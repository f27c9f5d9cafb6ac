"""A migrated database, laid once for all workers and runs that stand on the same migrations.

Migrating takes seconds. The first that needs it migrates and keeps a dump in `build/`, under the digest of
every migration and of what the migrations import; whoever comes later restores that dump.
"""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from re import MULTILINE
from re import compile as pattern

import psycopg
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from casemgr.embedded import postgres, programs
from tests.running import ROOT

KEPT = ROOT / "build" / "databases"
_IMPORTED = pattern(r"^(?:from|import) ([\w.]+)", MULTILINE)


def lay(server: str, name: str) -> None:
    """Make the database `name` on this server, migrated. `server` is a superuser's URL without a database."""
    KEPT.mkdir(parents=True, exist_ok=True)
    dump = KEPT / f"{_digest()}.dump"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not dump.exists():
            create(server, name, "template1")
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            _keep(f"{server}/{name}", dump)
            return
    create(server, name, "template0")  # the dump brings what `template1` would give
    run("pg_restore", "--exit-on-error", "--dbname", f"{server}/{name}", str(dump))


def create(server: str, name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER owner TEMPLATE {}")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as top:
        top.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _keep(url: str, dump: Path) -> None:
    """Keep this one, and none of older migrations."""
    unfinished = dump.with_suffix(".part")
    run("pg_dump", "--format=custom", "--file", str(unfinished), url)
    for older in KEPT.glob("*.dump"):
        older.unlink()
    unfinished.rename(dump)


def run(program: str, *words: str) -> None:
    cluster = postgres.existing(Path(os.environ["DATA_DIR"]).parent)
    assert cluster
    done = subprocess.run(
        [programs.program(cluster.home / "pg", program), *words], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def _digest() -> str:
    """A digest of each migration, of the project's modules that it imports, and of the server's version."""
    files = {path for module in _migrations() for path in [module, *_imported(module)]}
    parts = [f"{path.name}:{sha256(path.read_bytes()).hexdigest()}" for path in files]
    return sha256("\n".join([programs.MAJOR, *sorted(parts)]).encode()).hexdigest()[:32]


def _migrations() -> Iterator[Path]:
    for migration in MigrationLoader(connection=None).disk_migrations.values():
        spec = find_spec(type(migration).__module__)
        assert spec
        assert spec.origin
        yield Path(spec.origin)


def _imported(module: Path) -> Iterator[Path]:
    if not module.is_relative_to(ROOT):
        return
    for name in _IMPORTED.findall(module.read_text()):
        path = ROOT.joinpath(*name.split("."))
        yield from (one for one in (path.with_suffix(".py"), path / "__init__.py") if one.exists())
