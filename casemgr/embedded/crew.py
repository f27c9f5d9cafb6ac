"""The programs that run side by side, over honcho: one terminal, and the end of one is the end of all."""

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterable

from honcho.manager import Manager
from honcho.printer import Message, Printer

from casemgr.embedded.claim import Claim, end_tree
from casemgr.embedded.surroundings import ROOT

Guard = Callable[[], str | None]  # one line where a service that is not ours to run side by side has ended
_ASKED = {128 + signal.SIGINT, 128 + signal.SIGTERM}


class _Lines(Printer):  # type: ignore[misc]  # honcho has no types
    """Prints what the programs say. What honcho says of itself is noise, but for who stopped first."""

    first = ""

    def write(self, message: Message) -> None:
        if message.name != "system":
            super().write(message)
        elif " stopped (" in str(message.data) and not self.first:
            self.first = str(message.data).split()[0]


class Crew:
    """Starts programs, writes their processes down, and leaves none behind."""

    def __init__(self, environment: dict[str, str], claim: Claim) -> None:
        self._environment = environment
        self._claim = claim
        self._lines = _Lines(sys.stdout)
        self._manager = Manager(self._lines)
        self._guards: list[Guard] = []
        self._done = threading.Event()
        self._fault = ""

    def add(self, name: str, command: str, environment: dict[str, str] | None = None) -> None:
        """Name a program to be started by `run`; the command line begins with `exec`.

        `environment` stands in place of what all others are given.
        """
        self._manager.add_process(name, command, env=environment or self._environment, cwd=str(ROOT))

    def guard(self, guards: Iterable[Guard]) -> None:
        """Stop everything, with one line, when one of these speaks."""
        self._guards.extend(guards)

    def run(self) -> int:
        """Run them all until we are told to stop or one ends; return 0 only for the former."""
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            self._manager.loop()
        except KeyError:
            # Told to stop before every program had a number: honcho looks it up; `end` finds them all.
            return 0
        finally:
            self._done.set()
        if self._manager.returncode in _ASKED:
            return 0
        fault = self._fault or f"{self._lines.first or 'a program'} ended by itself"
        sys.stderr.write(f"up: {fault}; everything was stopped.\n")
        return 1

    def _pids(self) -> list[int]:
        known = [one.get("pid") for one in self._manager._processes.values()]  # noqa: SLF001  # nowhere public
        wrappers = [child.pid for child in multiprocessing.active_children()]
        return [pid for pid in [*known, *wrappers] if pid]

    def _watch(self) -> None:
        # Often at first, so that even a kill in the first second leaves a list of what is to be ended.
        written: set[int] = set()
        wait = 0.05
        while not self._done.wait(wait):
            pids = set(self._pids())
            if pids != written:
                self._claim.write_down(*pids)
                written = pids
            elif wait < 1:
                wait *= 1.2
            said = next((line for line in (guard() for guard in self._guards) if line), None)
            if said:
                self._fault = said
                self._manager.terminate()
                return

    def end(self) -> None:
        """End whatever is still there; called on every way out."""
        self._done.set()
        end_tree(self._pids())
