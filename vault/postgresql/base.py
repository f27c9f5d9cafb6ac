"""The connection of every alias.

Promise: what differs from Django's own stands in `times`. Named in the settings; Django looks for this class.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.adapt import AdaptersMap

from vault.postgresql.times import read_any_time


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that one row with an impossible time cannot stop."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        adapters = AdaptersMap(params["context"])  # Django's own are shared by all
        read_any_time(adapters, self.timezone)
        return params | {"context": adapters}
