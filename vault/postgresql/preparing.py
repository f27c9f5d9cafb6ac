"""Statements that a connection keeps prepared.

Promise: what was planned once stays planned as long as the connection lives, through every refusal: planning
a query behind both walls takes longer than running it, and a stranger who is refused again and again would
make everybody's next page pay for it. The driver forgets them all at each rollback, since a table that was
made in between might come back as another one; only migrations make tables here, in a process of their own.
Called by the connection alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from psycopg import Connection
from psycopg._preparing import Prepare, PrepareManager

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

MOST: Final = 1000  # statements; a page asks 40, and there are some 300 pages


def keep_prepared(connection: "Connection[Any]") -> None:
    """Let this connection keep what it prepares."""
    kept = _Kept()
    kept.prepare_threshold, kept.prepared_max = connection.prepare_threshold, MOST
    vars(connection)["_prepared"] = kept  # the driver has no public way


class _Kept(PrepareManager):
    def _should_discard(self, prep: Prepare, results: "Sequence[PGresult]", *_: Any) -> bool:
        undone = any((one.command_status or b"").startswith(b"ROLLBACK") for one in results)
        return not undone and super()._should_discard(prep, results)
