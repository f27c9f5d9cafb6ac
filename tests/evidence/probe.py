"""Programs that stand in for the chamber's child: what could a decoder do that a hostile file took over?

Each is run in the child's place, after the doors were closed, and reports over the same pipe.
"""

import ctypes
import hashlib
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from evidence.decoding import child, wire
from vault import walls

_ATTACH = 16


def _begin() -> bool:
    answers = sys.stdin.buffer
    _, _, memory = wire.hear(answers)
    _, seconds, _ = wire.hear(answers)
    return walls.put_up(memory, seconds)


def _tell(facts: dict[str, object], preview: bytes = b"") -> None:
    report = json.dumps({"mime": "image/jpeg", "outcome": "read", **facts}).encode()
    wire.say(sys.stdout.buffer, wire.REPORT, len(report), len(preview), report + preview)


def _fails(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as error:  # noqa: BLE001  # whatever it was, it is told
        return type(error).__name__
    return "done"


def reach_out(target: str) -> None:
    """Try everything that a decoder has no business with; `target` is a file of somebody else's."""
    open_before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    environment, folder, path = dict(os.environ), str(Path.cwd()), Path(target)
    parent, kernel = os.getppid(), ctypes.CDLL(None, use_errno=True)
    has_filter = _begin()
    tried = {
        "read": _fails(path.read_bytes),
        "write": _fails(lambda: path.write_text("x")),
        "empty": _fails(lambda: os.truncate(path, 0)),
        "remove": _fails(path.unlink),
        "move": _fails(lambda: path.rename(f"{target}.moved")),
        "make": _fails(lambda: Path(f"{target}.d").mkdir()),
        "connect": _fails(lambda: socket.create_connection(("127.0.0.1", 9), timeout=1)),
        "run": _fails(lambda: subprocess.run(["/bin/true"], check=True)),
        "fork": _fails(os.fork),
        "signal": _fails(lambda: os.kill(parent, 0)),
        "environment_of_parent": _fails(lambda: Path(f"/proc/{parent}/environ").read_bytes()),
        "limits": _fails(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))),
        "user": _fails(lambda: os.setuid(0)),
    }
    traced = kernel.ptrace(_ATTACH, parent, 0, 0)
    _tell(
        {
            "fds": open_before,
            "environment": environment,
            "folder": folder,
            "has_filter": has_filter,
            "traced": traced,
            "tried": tried,
        }
    )


def remember(wanted: str, planted: str) -> None:
    """Look for keys in all memory of this process; each is known by its first two bytes and its digest."""
    held = bytes(byte ^ 0x5A for byte in bytes.fromhex(planted))
    sought = [(bytes.fromhex(head), digest) for head, digest in (one.split(":") for one in wanted.split(","))]
    found = [False] * len(sought)
    with Path("/proc/self/maps").open() as maps, Path("/proc/self/mem").open("rb", 0) as memory:
        for line in maps:
            places, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(place, 16) for place in places.split("-"))
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue
            for place, (head, digest) in enumerate(sought):
                found[place] = found[place] or _holds(content, head, digest)
    _begin()
    _tell({"found": found, "kept": len(held)})


def _holds(content: bytes, head: bytes, digest: str) -> bool:
    at = content.find(head)
    while at >= 0:
        if hashlib.sha256(content[at : at + 32]).hexdigest() == digest:
            return True
        at = content.find(head, at + 1)
    return False


def stand_open(code: str) -> None:
    """Look as always, on a kernel that refuses the filter, or on a processor that has none."""
    with mock.patch.object(walls, "program", return_value=bytes.fromhex(code) or None):
        child.main()


def spin() -> None:
    """Use up the CPU."""
    _begin()
    while True:
        pass


def wait() -> None:
    """Do nothing, for ever, without using the CPU."""
    _begin()
    time.sleep(3600)


def swell() -> None:
    """Take more memory than there is."""
    _begin()
    held = bytearray(8 * 1024**3)
    _tell({"held": len(held)})


def die() -> None:
    """End at once."""
    _begin()
    ctypes.string_at(0)


def babble() -> None:
    """Say what is no word of the exchange."""
    _begin()
    sys.stdout.buffer.write(b"?" * 100_000)


def boast() -> None:
    """Announce a report longer than the chamber reads."""
    _begin()
    wire.say(sys.stdout.buffer, wire.REPORT, 1 << 40, 0)


def demand() -> None:
    """Ask for more at once than the chamber gives."""
    _begin()
    wire.say(sys.stdout.buffer, wire.ASK, 0, 1 << 40)


def lie() -> None:
    """Report what is no picture as the preview, and an outcome that does not exist."""
    _begin()
    _tell({"outcome": "fine"}, b"<html>")


def smuggle() -> None:
    """Give a page as the preview."""
    _begin()
    _tell({}, b"<html><script>alert(1)</script>")


def list_things() -> None:
    """Report what is no object."""
    _begin()
    report = b"[1, 2]"
    wire.say(sys.stdout.buffer, wire.REPORT, len(report), 0, report)
