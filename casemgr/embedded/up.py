"""`manage.py up`: PostgreSQL, Redis, web server, worker, scheduler and signer, started and stopped together.

It runs before Django is set up, since it makes what the settings ask for. What stops a start is told in one
line; then nothing is left running and nothing is lost.
"""

import dbm
import errno
import json
import multiprocessing
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from casemgr.embedded import passphrase, postgres, redis, surroundings
from casemgr.embedded.claim import Claim, end_tree
from casemgr.embedded.crew import Crew, Guard
from casemgr.embedded.faults import StartError
from casemgr.embedded.surroundings import ROOT, Wishes

_PARTS = ("", ".db", ".dat", ".bak", ".dir")  # of a file of `dbm`, whichever kind this Python has
_LEAST_FREE = 300 * 2**20  # bytes: a cluster's first files, its log ahead, and room to close in order


@dataclass(frozen=True)
class Addresses:
    """With which addresses the roles sign in to the database."""

    app: str
    owner: str | None
    checker: str


@dataclass(frozen=True)
class Services:
    """What programs are given, what the checker is given instead, and what the preparation tells."""

    environment: dict[str, str]
    checker: dict[str, str]
    told: dict[str, str]


def say(line: str) -> None:
    """Tell the person at the terminal one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def probe(host: str, port: int) -> None:
    """Raise `StartError` where the port is taken: the web server would silently share it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # connections that are closing do not count
        try:
            tried.bind((host, port))
        except OSError as fault:
            reason = (
                "is taken by another program"
                if fault.errno == errno.EADDRINUSE
                else f"cannot be used: {fault}"
            )
            raise StartError(f"Port {port} on {host} {reason}. Choose another: PORT=8001 make run") from fault


def check_disk(*folders: Path) -> None:
    """Raise `StartError` before anything is written where a disk is as good as full."""
    for folder in folders:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        free = shutil.disk_usage(there).free
        if free < _LEAST_FREE:
            raise StartError(
                f"The disk that holds {folder} has {free >> 20} MB free; {_LEAST_FREE >> 20} MB are needed. "
                "Nothing was changed."
            )


def _start_redis(wishes: Wishes, claim: Claim, stack: ExitStack, guards: list[Guard]) -> str:
    if wishes.redis_url:
        redis.check(wishes.redis_url)
        return wishes.redis_url
    folder = redis.folder(wishes.data_dir)
    server = redis.start(folder)
    claim.write_down(server.pid)
    stack.callback(redis.stop, server, folder)
    guards.append(lambda: None if server.poll() is None else "Redis ended by itself")
    return redis.url(folder)


def _start_postgres(wishes: Wishes, stack: ExitStack, guards: list[Guard]) -> Addresses:
    """Return the addresses of the roles: the operator's own, or those of a cluster of ours."""
    if wishes.database_url:
        return Addresses(wishes.database_url, None, surroundings.checker_url(os.environ))
    cluster = postgres.create(wishes.data_dir)
    stack.callback(_stop_postgres, cluster)
    postgres.start(cluster)
    guards.append(
        lambda: (
            None
            if postgres.is_running(cluster)
            else f"PostgreSQL ended by itself (see {cluster.home / 'log'})"
        )
    )
    return Addresses(cluster.url("app"), cluster.url("owner"), cluster.url("checker"))


def _stop_postgres(cluster: postgres.Cluster) -> None:
    if postgres.is_running(cluster):
        postgres.stop(cluster)


def _prepare(wishes: Wishes, environment: dict[str, str], claim: Claim) -> dict[str, str]:
    """Migrate, open the keys, load the demonstration at the first start; return what it has to tell."""
    command = [
        sys.executable,
        "-m",
        "casemgr.embedded.prepare",
        *(["--demo"] if wishes.is_demonstration else []),
    ]
    # In a session of its own: Ctrl-C is ours, and a migration is ended in order.
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as preparation:
        claim.write_down(preparation.pid)
        try:
            told, complaint = preparation.communicate()
        except BaseException:
            end_tree([preparation.pid])
            raise
    lines = [line for line in complaint.splitlines() if line.strip()]
    if preparation.returncode:
        raise StartError(lines[-1] if lines else f"The preparation ended with code {preparation.returncode}.")
    found: dict[str, str] = json.loads(told.splitlines()[-1])
    return found


def drop_broken_schedule(kept: Path) -> None:
    """Remove the scheduler's memory where a kill left it half written: it would complain of it at length.

    What was due meanwhile comes a day later at most; work that is owed is a row and waits for none of it.
    """
    try:
        with dbm.open(str(kept), "r") as memory:
            for name in memory.keys():  # noqa: SIM118  # one kind of it is no mapping
                _ = memory[name]
    except (*dbm.error, ValueError, SyntaxError):
        for suffix in _PARTS:
            kept.with_name(kept.name + suffix).unlink(missing_ok=True)


def _schedule(wishes: Wishes) -> Path:
    return wishes.data_dir / "schedule"


def crew(wishes: Wishes) -> dict[str, list[str]]:
    """Return the name and the command line of each program that runs as long as we do."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "casemgr"]
    quiet, less = ["--log-level", "warning"], ["--loglevel", "warning"]
    return {
        "web": [
            *python, "granian", "--interface", "wsgi", "--host", wishes.host, "--port", str(wishes.port),
            "--workers", "2", "--blocking-threads", "4", "--no-ws", *quiet, "casemgr.wsgi:application",
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--max-tasks-per-child", "100", *less],
        "scheduler": [*celery, "beat", "--schedule", str(_schedule(wishes)), "--pidfile=", *less],
        "signer": [sys.executable, "manage.py", "sign_log"],
        "sessions": [sys.executable, "manage.py", "keep_sessions"],
        "checker": [sys.executable, "manage.py", "check_files"],
    }  # fmt: skip


def lines(wishes: Wishes) -> dict[str, str]:
    """Return by name what a shell runs for each program.

    Who waits for a page comes before what works in the background. That begins when a page was answered: a
    kernel that gives each session of processes the same share takes no notice of `nice`, and while all
    programs loaded at once the first page took nearly twice as long.
    """
    wait = f"until [ -e {shlex.quote(str(_answered(wishes)))} ]; do sleep 0.1; done"
    found = {name: shlex.join(command) for name, command in crew(wishes).items()}
    return {
        name: f"exec {line}" if name == "web" else f"{wait}; exec nice -n 5 {line}"
        for name, line in found.items()
    }


def _answered(wishes: Wishes) -> Path:
    """The mark that a page was answered; it stands while we run."""
    return wishes.data_dir / "answered"


def _announce(wishes: Wishes, told: dict[str, str], stop: threading.Event) -> None:
    """Wait until the web server answers, then say where it is and how to sign in."""
    shown = f"[{wishes.host}]" if ":" in wishes.host else wishes.host
    base = f"http://{shown}:{wishes.port}"
    while not stop.wait(0.1):
        try:
            with socket.create_connection((wishes.host, wishes.port), timeout=5) as tried:
                tried.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if not tried.recv(12).startswith(b"HTTP/1."):
                    continue
        except OSError:
            continue
        _answered(wishes).touch()
        say(f"ready {base}")
        if "link" in told:
            say(f"Demonstration: choose who to be at {base}{told['link']} (works once, for this start)")
        else:
            say(told["hint"])
        return


def services(
    wishes: Wishes,
    claim: Claim,
    stack: ExitStack,
    guards: list[Guard],
    before: Callable[[], None] = lambda: None,
) -> Services:
    """Bring up what programs need."""
    left = claim.end_leftovers()
    if left:
        say(f"ended {left} processes that a killed run had left on {wishes.data_dir}")
    before()
    check_disk(wishes.data_dir, postgres.home_of(wishes.data_dir))
    handed = passphrase.hand_on(os.environ, surroundings.root_key(wishes, os.environ), stack)
    redis_url = _start_redis(wishes, claim, stack, guards)
    urls = _start_postgres(wishes, stack, guards)
    environment = surroundings.common(wishes, os.environ, database_url=urls.app, redis_url=redis_url)
    checker = surroundings.checker(environment, urls.checker)
    environment |= handed
    told = _prepare(wishes, environment | surroundings.owner(os.environ, urls.owner), claim)
    return Services(environment, checker, told)


def run(wishes: Wishes, stack: ExitStack) -> int:
    """Start everything, stay until it ends, and return the exit code."""
    claim = Claim(wishes.data_dir)
    claim.take()
    stack.callback(claim.release)
    guards: list[Guard] = []
    found = services(wishes, claim, stack, guards, before=lambda: probe(wishes.host, wishes.port))
    environment = found.environment
    _answered(wishes).unlink(missing_ok=True)
    stack.callback(_answered(wishes).unlink, missing_ok=True)
    stop = threading.Event()
    stack.callback(stop.set)
    threading.Thread(target=_announce, args=(wishes, found.told, stop), daemon=True).start()
    if os.geteuid() == 0:
        # A trial as root is one person's machine; in production nothing runs as root (deploy/Dockerfile).
        environment["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    started = Crew(environment, claim)
    stack.callback(started.end)
    started.guard(guards)
    drop_broken_schedule(_schedule(wishes))
    for name, line in lines(wishes).items():
        started.add(name, line, found.checker if name == "checker" else None)
    return started.run()


def raise_stop(_number: int, _frame: FrameType | None) -> None:
    """Make SIGTERM unwind as Ctrl-C does."""
    raise KeyboardInterrupt


def hear() -> None:
    """Stop when asked to, also where a shell has started us in the background, deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, raise_stop)


def main(arguments: Sequence[str]) -> int:
    """Run `up`; every expected trouble is one line and exit code 1."""
    # The children are started by fork: a newer Python's default would load this program once more for each.
    multiprocessing.set_start_method("fork", force=True)
    hear()
    try:
        with ExitStack() as stack:
            try:
                code = run(surroundings.read(arguments, os.environ), stack)
            finally:
                # A second Ctrl-C must not interrupt the closing of the database.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if not code:
            say("stopped")
        return code  # noqa: TRY300  # the closing of the stack may raise what is caught below
    except KeyboardInterrupt:
        say("stopped")
        return 0
    except StartError as fault:
        sys.stderr.write(f"up: {fault}\n")
    except OSError as fault:
        full = fault.errno in {errno.ENOSPC, errno.EDQUOT}
        said = "The disk is full; nothing that was kept is lost" if full else "A file cannot be used"
        sys.stderr.write(f"up: {said}: {fault}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
