"""Looks that go on: a player that jumps asks for range after range of one file.

Promise: what is kept is the way into one file, for one person in one session, in this process's memory alone,
for seconds after the last range and never longer than one look lasts; nobody gets in by it. Who asks is asked
at every range as at the first, and at the slightest doubt the look is forgotten and all is begun anew: leaf,
custody and refusals with it. Called by `evidence.actions.viewing` only.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final, Generic, TypeVar
from uuid import UUID

T = TypeVar("T")
KEPT_SECONDS: Final = 20.0
ONE_LOOK_SECONDS: Final = 600.0
_MOST: Final = 64


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for which file, in which session."""

    session: str
    person: UUID
    case: UUID
    item: UUID
    file: UUID


@dataclass(slots=True)
class _Look(Generic[T]):
    what: T
    began: float
    last: float


class Looks(Generic[T]):
    """What is looked at just now, the least lately asked for first."""

    def __init__(self) -> None:
        self._looks: OrderedDict[Asking, _Look[T]] = OrderedDict()
        self._lock = Lock()

    def __repr__(self) -> str:
        return "<looks>"

    def keep(self, asking: Asking, what: T) -> None:
        """Begin a look, which was just recorded."""
        now = time.monotonic()
        with self._lock:
            self._drop_old(now)
            self._looks[asking] = _Look(what, now, now)
            self._looks.move_to_end(asking)
            while len(self._looks) > _MOST:
                self._looks.popitem(last=False)

    def going_on(self, asking: Asking) -> T | None:
        """Return what is looked at, if the look goes on."""
        now = time.monotonic()
        with self._lock:
            self._drop_old(now)
            look = self._looks.get(asking)
            if look is None:
                return None
            look.last = now
            self._looks.move_to_end(asking)
            return look.what

    def forget(self, asking: Asking) -> None:
        """End a look."""
        with self._lock:
            self._looks.pop(asking, None)

    def _drop_old(self, now: float) -> None:
        over = [
            asking
            for asking, look in self._looks.items()
            if now - look.last > KEPT_SECONDS or now - look.began > ONE_LOOK_SECONDS
        ]
        for asking in over:
            del self._looks[asking]
