"""Is this installation as it must be? Versions, keys, grants, disk, clocks, schedules: one finding a line.

Called by `manage.py doctor`. It reads, compares, changes nothing and opens no sealed value but the canary.
"""

import os
import resource
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import redis
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.custodians import directory_in_force
from accounts.door import Machine, entering
from accounts.errors import DirectoryDoubted
from audit.authorities import AuthorityMisread
from audit.believing import LogDoubted, believed
from audit.models import Batch, Checkpoint, Event
from audit.stamping import standing
from audit.vocabulary import Kind
from cases.actions.session_steps import waiting_sessions
from cases.vocabulary import SessionState
from evidence.overdue import house, overdue_files
from evidence.scanning import answers
from vault.errors import VaultError
from vault.files import is_store_there, store_faults
from vault.handling import TableKind
from vault.keys import epoch
from vault.keys.startup import check_root_key
from vault.models import StoredFile


class State(StrEnum):
    """How bad a finding is: `look` is for a person to judge, `BAD` fails the command."""

    OK = "ok"
    LOOK = "look"
    BAD = "BAD"


@dataclass(frozen=True)
class Finding:
    """One line."""

    state: State
    text: str


Found = Iterator[Finding]
_ROOM = 2 * 2**30
_APART = 5.0  # seconds
# The signer works every two seconds, waiting for transactions that still run.
_SEALED_WITHIN = timedelta(minutes=5)


def _judge(text: str, *, good: bool, else_: State = State.BAD) -> Finding:
    return Finding(State.OK if good else else_, text)


def _ask(statement: str, *values: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchone() or ())


def versions() -> Found:
    """Python, PostgreSQL and Redis in versions that we know."""
    yield _judge(f"Python {sys.version.split()[0]}", good=sys.version_info >= (3, 11))
    (number, encoding) = _ask(
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
    )
    yield _judge(
        f"PostgreSQL {int(str(number)) // 10000} ({encoding})",
        good=int(str(number)) >= 160000 and encoding == "UTF8",
    )
    address = settings.REDIS_URL.replace("redis+socket://", "unix://", 1).replace("?virtual_host=", "?db=")
    try:
        said = str(redis.Redis.from_url(address, socket_connect_timeout=5).info("server")["redis_version"])
    except (redis.RedisError, ValueError) as fault:
        yield Finding(State.BAD, f"Redis does not answer ({type(fault).__name__})")
        return
    number_of = tuple(int(part) for part in said.split(".")[:2])
    yield _judge(f"Redis or Valkey {said}", good=number_of >= (6, 2))


def migrations() -> Found:
    """The tables are those of this release."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield _judge(
        f"{len(missing)} migrations are missing" if missing else "the tables are this release's",
        good=not missing,
    )


def keys() -> Found:
    """The root key is ours alone, is the right one, and lies apart from the data."""
    for name in ("ROOT_KEY_FILE", "EPOCH_KEY_FILE"):
        path = Path(getattr(settings, name))
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            yield Finding(State.BAD, f"{name}: {path} cannot be read")
            continue
        yield _judge(f"{name}: mode {mode:04o}", good=not mode & 0o077)
        inside = path.resolve().is_relative_to(Path(settings.DATA_DIR).resolve())
        yield _judge(f"{name} lies {'inside' if inside else 'outside'} DATA_DIR", good=not inside)
    try:
        check_root_key()
    except VaultError as fault:
        yield Finding(State.BAD, f"the root key does not open the canary ({type(fault).__name__})")
    else:
        yield Finding(State.OK, "the root key opens the canary")
    yield _epoch()
    yield from _last_turn()


def _epoch() -> Finding:
    """A service that seals the epoch's file answers, and has destroyed what opened older copies of it."""
    try:
        is_settled = epoch.is_settled()
        epoch.load()
    except VaultError as fault:
        return Finding(State.BAD, f"the epoch key cannot be read ({type(fault).__name__})")
    if is_settled:
        return Finding(State.OK, "the epoch key opens, and older ones are gone")
    return Finding(State.LOOK, "older copies of the epoch's file open still: `manage.py rotate_keys epoch`")


def _last_turn() -> Found:
    """When the epoch last turned: behind a service, no backup of the keystore from before opens anything."""
    try:
        newest, is_sealed = epoch.load().primary.id, epoch.is_behind_service()
    except VaultError:
        return  # `_epoch` has said so
    turns = Event.objects.of_kinds([Kind.KEY_ROTATED]).of_subject(f"key:{newest}")
    try:
        turn = next(iter(believed(turns.newest_first())), None)
    except LogDoubted:
        yield Finding(State.BAD, "the log cannot be believed about the last turn of the epoch")
        return
    if turn is None:
        yield Finding(State.OK, "the epoch has not turned yet")
        return
    said = f"the epoch last turned {turn.at:%Y-%m-%d %H:%M} UTC"
    if is_sealed:
        said += ": no backup of the keystore from before opens anything; is there a newer one?"
    yield _judge(said, good=not is_sealed, else_=State.LOOK)


def role() -> Found:
    """We sign in as a role that can neither pass the walls nor move them."""
    name, is_super, passes_rows, makes_roles = _ask(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    yield _judge(f"signed in as {name}", good=not (is_super or passes_rows or makes_roles))
    (creates,) = _ask("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
    yield _judge(f"{name} {'may' if creates else 'may not'} make tables", good=not creates)
    given = [one for one in os.environ if one.startswith(("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL"))]
    yield _judge(
        "the owner's address is " + ("in this environment" if given else "not in this environment"),
        good=not given,
    )


def grants() -> Found:
    """Logs and versions can be written and read, and nothing else."""
    loose = []
    counted = 0
    for model in apps.get_models():
        kind = getattr(model, "table_kind", None)
        if kind is None:
            continue
        table = model._meta.db_table
        (there,) = _ask("SELECT to_regclass(%s) IS NOT NULL", f'"{table}"')
        if not there:
            continue
        counted += 1
        deletes, empties, changes = _ask(
            "SELECT has_table_privilege(%s, 'DELETE'), has_table_privilege(%s, 'TRUNCATE'),"
            " has_any_column_privilege(%s, 'UPDATE')",
            *[f'"{table}"'] * 3,
        )
        if empties or (kind is not TableKind.RECORD and (deletes or changes)):
            loose.append(table)
    yield _judge(
        f"grants of {counted} tables" + (f": too wide on {', '.join(loose)}" if loose else ""), good=not loose
    )


def room() -> Found:
    """The disk has room, and nothing of ours is readable by others."""
    for name in ("DATA_DIR",) if settings.MEDIA_BUCKET else ("DATA_DIR", "MEDIA_STORE"):
        path = Path(getattr(settings, name))
        there = next(one for one in (path, *path.parents) if one.exists())
        free = shutil.disk_usage(there).free
        yield _judge(f"{name}: {free / 2**30:.1f} GiB free", good=free > _ROOM)
        if path.exists():
            mode = stat.S_IMODE(path.stat().st_mode)
            yield _judge(f"{name}: mode {mode:04o}", good=not mode & 0o077, else_=State.LOOK)


def store() -> Found:
    """The sealed files are where they were put, and that place does what the settings ask of it."""
    name, away = "MEDIA_STORE", "is its disk mounted?"
    if settings.MEDIA_BUCKET:
        name, away = "MEDIA_BUCKET", "is it reached, and the right one?"
    files = StoredFile.objects.count()
    there = is_store_there() or not files
    yield _judge(
        f"{name} holds the mark of the store ({files} files)"
        if there
        else f"{name} is not the store of the {files} files that are known: {away}",
        good=there,
    )
    for fault in store_faults():
        yield Finding(State.BAD, f"{name}: {fault}")


def clocks() -> Found:
    """The database and we agree on the time."""
    (there,) = _ask("SELECT extract(epoch FROM clock_timestamp())::float8")
    apart = abs(time.time() - float(str(there)))
    yield _judge(f"the clocks of program and database are {apart:.1f} s apart", good=apart < _APART)


def memory() -> Found:
    """No key reaches the disk through a core dump or through swap."""
    core = resource.getrlimit(resource.RLIMIT_CORE)[0]
    yield _judge("core dumps are " + ("on" if core else "off"), good=not core, else_=State.LOOK)
    swaps = Path("/proc/swaps")
    if swaps.exists():
        used = len(swaps.read_text().splitlines()) > 1
        yield _judge(
            "swap is " + ("on: make sure that it is encrypted" if used else "off"),
            good=not used,
            else_=State.LOOK,
        )


def log() -> Found:
    """What was written lately is sealed, and what was sealed is signed: the signer does both all the time."""
    before = timezone.now() - _SEALED_WITHIN
    late = Event.objects.filter(position__isnull=True, at__lt=before).order_by("at").first()
    yield _judge(
        f"the log waits to be sealed since {late.at:%Y-%m-%d %H:%M} UTC: is the signer running?"
        if late
        else "the log is sealed up to the last minutes",
        good=late is None,
        else_=State.LOOK,
    )
    signed = Checkpoint.objects.order_by("-size").first()
    beyond = Batch.objects.filter(size__gt=signed.size if signed else 0).order_by("size").first()
    overdue = beyond is not None and beyond.sealed_at < before
    yield _judge(
        f"the log is not signed beyond leaf {signed.size if signed else 0}: is the signer running?"
        if overdue
        else "what was sealed of the log is signed",
        good=not overdue,
        else_=State.LOOK,
    )


def integrity() -> Found:
    """What is due is checked each day, and nothing waits longer than its case's schedule and a day."""
    with entering(Machine.INTEGRITY, "doctor"):
        stands = house()
        late = overdue_files().values("case").distinct().count()
    if stands.silent_since is None:
        yield Finding(State.LOOK, "no run over all files has come to its end yet")
    else:
        yield _judge(
            f"the last run over all files ended {stands.silent_since:%Y-%m-%d %H:%M} UTC",
            good=not stands.is_silent,
            else_=State.LOOK,
        )
    yield _judge(f"cases with files that were not checked in time: {late}", good=not late)
    yield _judge(
        f"found outside cases: {stands.packages} files damaged or missing, {stands.strays} on no record",
        good=not (stands.packages or stands.strays),
        else_=State.LOOK,
    )


def scanner() -> Found:
    """The virus scanner answers, where one is configured: without its word no file is looked into."""
    if settings.CLAMD is not None:
        there = answers()
        yield _judge(f"the virus scanner {'answers' if there else 'does not answer: files wait'}", good=there)


def custodians() -> Found:
    """The directory of custodians is the one that they signed, from the first on."""
    with entering(Machine.COMMAND, "doctor"):
        try:
            found = directory_in_force()
        except DirectoryDoubted:
            yield Finding(State.BAD, "the directory of custodians is not the one that custodians signed")
            return
    if found is None:
        yield Finding(State.LOOK, "no directory of custodians is in force: no name can be sealed")
    else:
        yield Finding(State.OK, f"directory {found.number} of custodians: {found.words}")


def sessions() -> Found:
    """A comparison of names that was asked for gets its process in seconds."""
    before = timezone.now() - _SEALED_WITHIN
    with entering(Machine.SESSIONS, "doctor"):
        asked = [one.row for one in waiting_sessions() if one.row.state == SessionState.PREPARING]
    late = any(row.created_at < before for row in asked)
    yield _judge(
        "a comparison of names waits for its process: is the keeper running?"
        if late
        else "no comparison of names waits for its process",
        good=not late,
        else_=State.LOOK,
    )


def stamps() -> Found:
    """Authorities put a time on the log's checkpoints, and none is late with it."""
    try:
        stands = standing()
    except AuthorityMisread as misread:
        yield Finding(State.BAD, f"time stamps: {misread}")
        return
    if not stands:
        yield Finding(State.LOOK, "no authority puts a time on checkpoints: STAMP_AUTHORITIES is not set")
    for one in stands:
        waits = f", {one.waiting} wait since {one.since:%Y-%m-%d %H:%M} UTC" if one.since else ""
        newest = f"newest {one.newest.said_at:%Y-%m-%d %H:%M} UTC" if one.newest else "none yet"
        yield _judge(f"time stamps of {one.name}: {newest}{waits}", good=not one.is_late, else_=State.LOOK)


CHECKS: tuple[Callable[[], Found], ...] = (
    versions,
    migrations,
    keys,
    role,
    grants,
    room,
    store,
    clocks,
    memory,
    log,
    integrity,
    scanner,
    stamps,
    custodians,
    sessions,
)


def examine() -> Found:
    """Run every check; one that breaks is a finding itself and keeps no other from running."""
    for check in CHECKS:
        try:
            yield from check()
        except (DatabaseError, OSError) as fault:
            yield Finding(State.BAD, f"{check.__name__}: {str(fault).strip().splitlines()[0]}")
