"""One `up` at a time on a DATA_DIR, and nothing left over from one that was killed.

The lock is the kernel's and dies with its process. Each process that is started is written down with its
start time, so that a number which now belongs to somebody else is never mistaken for ours.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from casemgr.embedded.faults import StartError

_TOLERANCE = 2.0  # seconds: start times are computed from the clock, which may be set meanwhile
_PATIENCE = 5.0


@dataclass
class Claim:
    """A DATA_DIR that is ours until the process ends, and the list of what we started there."""

    data_dir: Path
    _file: object = None
    _started: dict[int, float] = field(default_factory=dict)

    @property
    def _list(self) -> Path:
        return self.data_dir / "processes.json"

    def take(self) -> None:
        """Lock the folder, making it where there is none; `StartError` where another `up` runs on it."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (self.data_dir / "lock").open("a+")
        try:
            # A record lock: forked children do not inherit it, so a killed `up` never leaves it behind.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            file.seek(0)
            who = file.read().strip()
            file.close()
            raise StartError(
                f"Another `up`{f' (process {who})' if who else ''} runs on {self.data_dir}. "
                "Stop it first, or choose another DATA_DIR."
            ) from busy
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def end_leftovers(self) -> int:
        """End every process that a killed `up` left on this folder; return how many there were."""
        left = [process for process in self._listed() if _still(process)]
        _end(left)
        self._list.unlink(missing_ok=True)
        return len(left)

    def write_down(self, *pids: int) -> None:
        """Remember processes as started by us."""
        for pid in pids:
            try:
                self._started[pid] = psutil.Process(pid).create_time()
            except psutil.NoSuchProcess:
                continue
        new = self._list.with_suffix(".new")
        new.write_text(json.dumps([[pid, born] for pid, born in self._started.items()]))
        new.replace(self._list)

    def release(self) -> None:
        """Forget the processes: all of them are known to have ended."""
        self._list.unlink(missing_ok=True)

    def _listed(self) -> Iterable[psutil.Process]:
        try:
            entries = json.loads(self._list.read_text())
        except (FileNotFoundError, ValueError):
            return
        for pid, born in entries:
            try:
                process = psutil.Process(int(pid))
                if abs(process.create_time() - float(born)) < _TOLERANCE:
                    yield process
            except psutil.NoSuchProcess:
                continue


def _alive(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def _end(processes: list[psutil.Process]) -> None:
    family = {child for one in processes for child in [one, *_children(one)]}
    for how in (signal.SIGTERM, signal.SIGKILL):
        for one in family:
            try:
                one.send_signal(how)
            except psutil.NoSuchProcess:
                continue
        deadline = time.monotonic() + _PATIENCE
        while any(_still(one) for one in family) and time.monotonic() < deadline:
            time.sleep(0.05)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _still(process: psutil.Process) -> bool:
    try:
        return _alive(process)
    except psutil.NoSuchProcess:
        return False


def end_tree(pids: Iterable[int]) -> None:
    """End the given processes and all that they started."""
    found = []
    for pid in pids:
        try:
            found.append(psutil.Process(pid))
        except psutil.NoSuchProcess:
            continue
    _end(found)
