"""Work that runs beside its caller, in order, at most two pieces behind.

Promise: what failed in a lane raises at the caller's next step, and at every one after it; a closed lane runs
nothing more. Digests and writes let go of the interpreter's lock, so that a lane is a second core. Called by
`vault.files` only.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

_BEHIND: Final = 2


class Lane:
    """One thread, begun with the first piece of work."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, name)
        self._owed: deque[Future[object]] = deque()
        self._failed: BaseException | None = None

    def put(self, work: Callable[[memoryview], object], piece: memoryview) -> "Future[object]":
        """Have `work` done over `piece`, which must stay as it is until the future is done."""
        self._settle(_BEHIND - 1)
        owed: Future[object] = self._pool.submit(work, piece)
        self._owed.append(owed)
        return owed

    def wait(self) -> None:
        """Return when everything is done; raises what failed."""
        self._settle(0)

    def close(self) -> None:
        """Let the work in hand end, drop the rest."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._owed.clear()

    def _settle(self, left: int) -> None:
        while len(self._owed) > left and self._failed is None:
            self._failed = self._owed[0].exception()  # an interrupted wait leaves it there to be asked again
            self._owed.popleft()
        if self._failed is not None:
            raise self._failed
