"""The connection of every alias.

Promise: what differs from Django's own stands in `times` and `preparing`. Named in the settings; Django looks
for this class.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.adapt import AdaptersMap

from vault.postgresql.preparing import keep_prepared
from vault.postgresql.times import read_any_time


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that one row with an impossible time cannot stop."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        adapters = AdaptersMap(params["context"])  # Django's own are shared by all
        read_any_time(adapters, self.timezone)
        return params | {"context": adapters}

    def get_new_connection(self, conn_params: dict[str, Any]) -> "Connection[Any]":
        connection: Connection[Any] = super().get_new_connection(conn_params)
        keep_prepared(connection)
        return connection
