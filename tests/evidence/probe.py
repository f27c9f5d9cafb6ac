"""Programs that stand in for the chamber's child: what could a decoder do that a hostile file took over?

Each is run in the child's place, after the doors were closed, and reports over the same pipe.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from evidence.decoding import child, wire


def _begin() -> None:
    answers = sys.stdin.buffer
    _, _, memory = wire.hear(answers)
    _, seconds, _ = wire.hear(answers)
    child.close_doors(memory, seconds)


def _tell(facts: dict[str, object], preview: bytes = b"") -> None:
    report = json.dumps({"mime": "image/jpeg", "outcome": "read", **facts}).encode()
    wire.say(sys.stdout.buffer, wire.REPORT, len(report), len(preview), report + preview)


def _fails(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as error:  # noqa: BLE001  # whatever it was, it is told
        return type(error).__name__
    return "done"


def reach_out() -> None:
    """Try everything that a decoder has no business with."""
    open_before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    environment = dict(os.environ)
    _begin()
    tried = {
        "read": _fails(lambda: Path("/etc/hostname").read_text()),
        "write": _fails(lambda: Path("/tmp/left-by-a-decoder").write_text("x")),  # noqa: S108  # it must fail
        "connect": _fails(lambda: socket.create_connection(("127.0.0.1", 9), timeout=1)),
        "listen": _fails(lambda: socket.socket(socket.AF_UNIX).bind("\0decoder")),
        "run": _fails(lambda: subprocess.run(["/bin/true"], check=True)),
        "environment_of_parent": _fails(lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes()),
    }
    _tell({"fds": open_before, "environment": environment, "folder": str(Path.cwd()), **tried})


def spin() -> None:
    """Use up the CPU."""
    _begin()
    while True:
        pass


def wait() -> None:
    """Do nothing, for ever, without using the CPU."""
    _begin()
    signal.pause()


def swell() -> None:
    """Take more memory than there is."""
    _begin()
    held = bytearray(8 * 1024**3)
    _tell({"held": len(held)})


def die() -> None:
    """End at once."""
    _begin()
    os.kill(os.getpid(), signal.SIGSEGV)


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
