"""A private PostgreSQL 18 for a machine on which nothing is prepared, for `manage.py up` and the tests.

The programs come from a wheel; the cluster, its passwords and its roles are ours.
"""

import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from casemgr.embedded import programs
from casemgr.embedded.programs import PostgresError

SQL = Path(__file__).resolve().parents[2] / "deploy" / "sql"
DATABASE = "casemgr"
PORT = 5432  # Only the name of the socket file: the cluster never listens on a network.
SIGN_IN = ("owner", "app", "checker")
_LONGEST_HOME = 80  # a socket's path may hold 107 bytes

SETTINGS = """
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = 128MB
log_timezone = UTC
timezone = UTC
# A failing statement, its parameters and the row it failed on may carry what nobody may see: none of them
# reaches the log.
log_statement = none
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
# For tests alone: nothing of theirs must outlive them.
HASTY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@dataclass(frozen=True)
class Cluster:
    """Where the cluster lies and the passwords of the roles that may sign in to it."""

    home: Path
    passwords: dict[str, str]

    @property
    def sockets(self) -> Path:
        return self.home / "s"

    @property
    def folder(self) -> Path:
        return self.home / "d"

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return a database URL for `role` over the private socket."""
        return (
            f"postgres://{role}:{self.passwords[role]}@{quote(str(self.sockets), safe='')}:{PORT}/{database}"
        )


def _unprivileged() -> str | None:
    # PostgreSQL refuses to run as root; a person who is not root runs it as themselves.
    return "nobody" if os.geteuid() == 0 else None


def home_of(data_dir: Path) -> Path:
    """Return the cluster's folder: inside `data_dir`, or where `nobody` can reach it when we are root.

    No parent folder's mode is changed for anyone.
    """
    temporary = Path(tempfile.gettempdir())
    if _unprivileged() is None and len(str(data_dir)) < _LONGEST_HOME:
        return data_dir / "postgres"
    mark = sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    lasting = Path("/var/lib") if _unprivileged() else Path.home()
    base = temporary if data_dir.resolve().is_relative_to(temporary) else lasting
    return base / f"{'' if _unprivileged() else '.'}casemgr-{mark}"


def _run(home: Path, name: str, *args: str, seconds: float = 120) -> None:
    user = _unprivileged()
    try:
        done = subprocess.run(
            [programs.program(home / "pg", name), *args],
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd=home,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise PostgresError(
            f"{name} gave no answer within {seconds:.0f} seconds (see {home / 'log'})"
        ) from late
    if done.returncode:
        where = f" (see {home / 'log'})" if (home / "log").exists() else ""
        raise PostgresError(f"{name}: {_reason(done.stderr or done.stdout, home)}{where}")


def _reason(said: str, home: Path) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    log = home / "log"
    if log.exists():
        lines += [
            line
            for line in log.read_text(errors="replace").splitlines()[-40:]
            if "FATAL" in line or "PANIC" in line
        ]
    full = [line for line in lines if "No space left" in line]
    return (full or lines or ["no message"])[-1]


def _give(*paths: Path) -> None:
    user = _unprivileged()
    if user:
        entry = pwd.getpwnam(user)
        for path in paths:
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def existing(data_dir: Path) -> Cluster | None:
    """Return the cluster of `data_dir`, or None where there is none. Raises `PostgresError`."""
    home, credentials = home_of(data_dir), data_dir / "postgres.json"
    if not (credentials.exists() and (home / "d" / "PG_VERSION").exists()):
        return None
    try:
        return Cluster(home, json.loads(credentials.read_text()))
    except ValueError as fault:
        raise PostgresError(
            f"{credentials} is damaged: it holds the passwords of the database in {home}. "
            "Nothing was changed: restore the file from a backup."
        ) from fault


def create(data_dir: Path, *, durable: bool = True) -> Cluster:
    """Make the cluster of `data_dir` if there is none, and return it. Raises `PostgresError`.

    It is made under another name and moved into place: a start that was killed leaves nothing half done.
    """
    home = home_of(data_dir)
    credentials = data_dir / "postgres.json"
    pending = data_dir / "postgres.json.new"
    if home.exists() and pending.exists() and not credentials.exists():
        pending.rename(credentials)
    there = existing(data_dir)
    if there:
        return there
    if credentials.exists() or home.exists():
        raise PostgresError(
            f"{data_dir} holds one half of a database only ({credentials.name} or {home}). "
            "Restore the missing half from a backup, choose another DATA_DIR, or remove both to begin anew."
        )
    passwords = {role: secrets.token_urlsafe(24) for role in ("postgres", *SIGN_IN)}
    new = home.with_name(f"{home.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        _initialise(new, home, passwords["postgres"], durable=durable)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    pending.unlink(missing_ok=True)
    with os.fdopen(os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(passwords, file)
    new.rename(home)
    pending.rename(credentials)
    return Cluster(home, passwords)


def _initialise(new: Path, home: Path, password: str, *, durable: bool) -> None:
    new.mkdir(mode=0o700, parents=True)
    programs.lay(new / "pg")
    (new / "s").mkdir(mode=0o700)
    password_file = new / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    _give(new, new / "s", password_file)
    _run(
        new, "initdb", "-D", str(new / "d"), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
        "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", f"--pwfile={password_file}",
        *([] if durable else ["--no-sync"]),
    )  # fmt: skip
    password_file.unlink()
    with (new / "d" / "postgresql.conf").open("a") as file:
        file.write(SETTINGS.format(port=PORT, sockets=home / "s") + ("" if durable else HASTY))


def start(cluster: Cluster) -> None:
    """Start the cluster, after a crash too, and make its roles and database. Raises `PostgresError`."""
    made_by = (cluster.folder / "PG_VERSION").read_text().strip()
    if made_by != programs.MAJOR:
        raise PostgresError(
            f"The database in {cluster.home} was made by PostgreSQL {made_by}; this release brings "
            f"{programs.MAJOR}. Nothing was changed: start it with the release that made it, take a backup, "
            "restore it here."
        )
    if is_running(cluster):
        stop(cluster)
    programs.lay(cluster.home / "pg")
    (cluster.home / "log").unlink(missing_ok=True)
    log = str(cluster.home / "log")
    _run(cluster.home, "pg_ctl", "-D", str(cluster.folder), "-w", "-t", "110", "-l", log, "start")
    _prepare(cluster)


def is_running(cluster: Cluster) -> bool:
    """Tell whether a postmaster of this cluster is alive, ours or a leftover of a killed run.

    A number that now belongs to another program does not count, nor does a process that waits to be reaped.
    """
    try:
        process = psutil.Process(int((cluster.folder / "postmaster.pid").read_text().split()[0]))
        return "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return False


def stop(cluster: Cluster, mode: str = "fast") -> None:
    """Stop the cluster and wait for it."""
    _run(cluster.home, "pg_ctl", "-D", str(cluster.folder), "-m", mode, "-w", "-t", "60", "stop")


def _prepare(cluster: Cluster) -> None:
    """Make the roles, `template1` and the database. Safe to repeat."""
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute((SQL / "roles.sql").read_bytes())
        for role in SIGN_IN:
            name, password = sql.Identifier(role), sql.Literal(cluster.passwords[role])
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, password))
    # `template1` first: every database, those of the tests too, is then born with schemas and grants.
    prepare_database(cluster.url("postgres", "template1"))
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not there:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(DATABASE)))
    prepare_database(cluster.url("postgres"))


def prepare_database(url: str) -> None:
    """Make the schemas and the default grants of one database; `url` names a superuser."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((SQL / "schemas.sql").read_bytes())
