"""A whole `up` under test: its port, its surroundings, and what belongs to it on this machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from casemgr.embedded import postgres

ROOT = Path(__file__).resolve().parents[1]
# What the tests' own services put into the environment; `up` under test brings its own.
CLEAR = ("DATABASE_", "REDIS_URL", "SECRET_KEY", "ROOT_KEY", "DATA_DIR", "PORT", "DEMO")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_server() -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The web server as `up` starts it, over the services and the database of this run: its port, and it."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    command += ["--blocking-threads", "4", "--log-level", "warning", "casemgr.wsgi:application"]
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), start_new_session=True) as server:
        try:
            _wait_for(port, server)
            yield port, server
        finally:
            end_group(server, signal.SIGTERM)


def end_group(server: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    """End a server with its workers; safe to repeat."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, how)
    server.wait(30)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The web server did not come up.")


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    """The surroundings of an `up` on this folder and port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(CLEAR)}
    return kept | {"DATA_DIR": str(data_dir), "PORT": str(port), "PYTHONUNBUFFERED": "1"} | more


def named(data_dir: Path) -> list[psutil.Process]:
    """Return every process that belongs to a run on this folder."""
    marks = (str(data_dir), str(postgres.home_of(data_dir)))
    found = []
    for process in psutil.process_iter():
        try:
            said = [*process.cmdline(), process.environ().get("DATA_DIR", "")]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(mark in word for mark in marks for word in said):
            found.append(process)
    return found


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """A DATA_DIR of which nothing is left afterwards."""
    try:
        yield path
    finally:
        for process in named(path):
            process.kill()
        shutil.rmtree(postgres.home_of(path), ignore_errors=True)
