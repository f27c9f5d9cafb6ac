"""The parent's side: start the child, hand it ranges of one file, and judge what it says.

Called by tasks with a function that reads a range of the opened file. The file's name never goes in; the
child's report is a stranger's word and is checked for form here.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from evidence import likeness
from evidence.decoding import wire
from evidence.decoding.kinds import Known, keeps_claim, known
from evidence.vocabulary import FileFlag
from vault import walls

Ranges = Callable[[int, int], bytes]
_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "import sys; sys.path.insert(0, {root!r}); from evidence.decoding.child import main; main()"
# A child whose pipe is closed is ending; one that is not is ended.
_LAST_SECONDS = 5.0
_JPEG = b"\xff\xd8\xff"
_OUTCOMES: dict[object, str] = {
    "read": "",
    "broken": FileFlag.BROKEN,
    "disguised": FileFlag.DISGUISED,
    "oversized": FileFlag.OVERSIZED,
    "unknown": FileFlag.UNKNOWN,
    "unsafe": FileFlag.UNSAFE,
}


class Unwalled(RuntimeError):
    """The kernel refused the child its filter: nothing was looked at, and no file is to blame."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one look may cost. Memory is address space: the libraries alone map several hundred MiB."""

    memory: int = 1536 * 1024 * 1024
    cpu_seconds: int = 60
    wall_seconds: float = 180


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: the type, a flag or "", what the file says of itself, two pictures or b"", and what its
    own pictures look like (see `evidence.likeness`) or "".
    """

    mime: str = ""
    kind: Known = field(default_factory=lambda: known(""))
    flag: str = ""
    metadata: dict[str, object] = field(default_factory=dict, repr=False)
    preview: bytes = field(default=b"", repr=False)
    overview: bytes = field(default=b"", repr=False)
    looks: str = field(default="", repr=False)


def examine(read: Ranges, *, length: int, filename: str, limits: Limits = Limits()) -> Report:  # frozen
    """Look at `length` bytes that `read(start, end)` gives; always returns, whatever the file is.

    Errors of `read` itself are raised: a sealed file that does not verify is no matter of its type. So is
    `Unwalled`, where the child could not be held.
    """
    with started(_PROGRAM, limits) as held:
        try:
            told, drawn = _serve(held.child, read, length, limits)
        except (wire.Garbled, BrokenPipeError, ValueError):
            return Report(flag=held.fault())
    return _judge(told, drawn, filename)


@dataclass(slots=True)
class Held:
    """A child at work, and whether its time was over before it was done."""

    child: "subprocess.Popen[bytes]"
    is_late: bool = False

    def end(self) -> None:
        """Let it work no longer."""
        self.is_late = True
        self.child.kill()

    def fault(self) -> FileFlag:
        """Say what a talk that broke off means. Raises `Unwalled` where the child could not be held."""
        if _ended(self.child) == walls.REFUSED:
            raise Unwalled
        return FileFlag.SLOW if self.is_late or _was_slow(self.child) else FileFlag.BROKEN


@contextmanager
def started(program: str, limits: Limits) -> Iterator[Held]:
    """Start a child with nothing but two pipes, and end it, whatever happens, when its time is over."""
    held = Held(
        subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", program.format(root=str(_ROOT))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
    )
    clock = threading.Timer(limits.wall_seconds, held.end)
    clock.start()
    try:
        yield held
    finally:
        clock.cancel()
        held.child.kill()
        held.child.wait()
        for pipe in (held.child.stdin, held.child.stdout):
            _close(cast("BinaryIO | None", pipe))


def _serve(
    child: "subprocess.Popen[bytes]", read: Ranges, length: int, limits: Limits
) -> tuple[dict[str, object], tuple[bytes, bytes]]:
    asking, answers = cast("BinaryIO", child.stdout), cast("BinaryIO", child.stdin)
    wire.say(answers, wire.ASK, length, limits.memory)
    wire.say(answers, wire.ASK, limits.cpu_seconds, 0)
    overview = b""
    while True:
        word, first, second = wire.hear(asking)
        if word == wire.ASK and second <= wire.MOST_ASKED:
            body = read(first, min(length, first + second)) if first < length else b""
            wire.say(answers, wire.ASK, len(body), 0, body)
        elif word == wire.OVERVIEW and second <= wire.MOST_PREVIEW:
            overview = wire.exactly(asking, second)
        elif word == wire.REPORT and first <= wire.MOST_REPORT and second <= wire.MOST_PREVIEW:
            told = json.loads(wire.exactly(asking, first))
            if not isinstance(told, dict):
                raise wire.Garbled
            return told, (wire.exactly(asking, second), overview)
        else:
            raise wire.Garbled


def _was_slow(child: "subprocess.Popen[bytes]") -> bool:
    """The kernel ends a process that used up its CPU seconds with SIGXCPU, or SIGKILL a second later."""
    return _ended(child) in {-signal.SIGXCPU, -signal.SIGKILL}


def _ended(child: "subprocess.Popen[bytes]") -> int | None:
    """How the child ended; None while it lives, and talks nonsense.

    Nobody listens any more: a child that still talked, or waited to be answered, would be waited for in vain.
    """
    for pipe in (child.stdin, child.stdout):
        _close(cast("BinaryIO | None", pipe))
    try:
        return child.wait(_LAST_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _close(pipe: "BinaryIO | None") -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:
        return


def _judge(told: dict[str, object], drawn: tuple[bytes, bytes], filename: str) -> Report:
    mime = told.get("mime")
    if not isinstance(mime, str) or told.get("outcome") not in _OUTCOMES:
        return Report(flag=FileFlag.BROKEN)
    kind = known(mime)
    flag = _OUTCOMES[told["outcome"]]
    if not keeps_claim(filename, kind.decoder):
        flag = FileFlag.DISGUISED
    hidden = ("outcome", "family", "decoder", "looks", "scanner")  # nor may it speak for the scanner
    metadata = {str(name): value for name, value in told.items() if name not in hidden}
    preview, overview = (picture if picture.startswith(_JPEG) else b"" for picture in drawn)
    looks = told.get("looks")
    is_sound = isinstance(looks, str) and likeness.is_sound(looks)
    return Report(
        mime[:100], kind, str(flag), metadata, preview, overview, looks=str(looks) if is_sound else ""
    )
