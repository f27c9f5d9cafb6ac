"""The database of a test run, and how a test that commits is undone.

Built by `owner`, used by `app`. What migrations and the start-up put there (content types, permissions, the
keys' canary, the fixed scopes) is remembered once and put back after every test that commits.
"""

import os
from dataclasses import dataclass
from functools import cache

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tests import migrated
from vault.keys.startup import initialise

SCHEMAS = ["public", "keystore", "identity"]
_UNTOUCHED = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(frozen=True)
class Kept:
    """What the tables held and where the sequences stood, at one moment."""

    rows: list[tuple[sql.Identifier, bytes]]
    counts: dict[tuple[str, str], tuple[int, bool]]


_first: list[Kept] = []


def build() -> None:
    """Make the database, migrate it and lay the first keys, as the first start of the product does."""
    server, _, name = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")
    migrated.lay(server, name)
    initialise()
    _first.append(remember())


@cache
def _superuser() -> psycopg.Connection:
    """Return the one connection that undoes: a new one would learn every table anew."""
    # Row-level security and the guards of append-only tables are for the product; undoing a test passes both.
    connection = psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True)
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET lock_timeout = '10s'")
    return connection


def leave() -> None:
    """Close what is open, at the end of the run."""
    for alias in connections:
        connections[alias].close()
    _superuser().close()


def _tables() -> list[sql.Identifier]:
    # Asked anew: some tests bring a table of their own.
    found = _superuser().execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2", [SCHEMAS]
    )
    return [sql.Identifier(schema, table) for schema, table in found if table not in _UNTOUCHED]


def _filled() -> list[sql.Identifier]:
    tables = _tables()
    asked = [sql.SQL("EXISTS (SELECT FROM {})").format(table) for table in tables]
    row = _superuser().execute(sql.SQL("SELECT ") + sql.SQL(", ").join(asked)).fetchone() or ()
    return [table for table, has_rows in zip(tables, row, strict=True) if has_rows]


def remember() -> Kept:
    """Return what the database holds now."""
    connection, kept = _superuser(), []
    for table in _filled():
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows:
            kept.append((table, b"".join(bytes(row) for row in rows)))
    return Kept(kept, _sequences())


def restore(to: Kept | None = None) -> None:
    """Bring every table, and every sequence, back to what it held then, or before the first test."""
    then = to or _first[0]
    if to is None:
        settings.CUSTODIAN_FOUNDING = ""  # nobody is founded in an empty database
    for alias in connections:
        connections[alias].close()
    connection = _superuser()
    with connection.transaction():
        for table in _filled():
            connection.execute(sql.SQL("DELETE FROM {}").format(table))
        for table, rows in then.rows:
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                copy.write(rows)
        for (schema, sequence), (value, is_called) in _sequences().items():
            stood = then.counts[schema, sequence]
            if (value, is_called) != stood:
                connection.execute(
                    "SELECT setval(format('%%I.%%I', %s::text, %s::text), %s, %s)", [schema, sequence, *stood]
                )


def _sequences() -> dict[tuple[str, str], tuple[int, bool]]:
    """Return where each sequence stands, and whether that number was given out already."""
    found = _superuser().execute(
        "SELECT schemaname, sequencename, coalesce(last_value, start_value), last_value IS NOT NULL "
        "FROM pg_sequences WHERE schemaname = ANY(%s)",
        [SCHEMAS],
    )
    return {(str(schema), str(name)): (int(value), bool(called)) for schema, name, value, called in found}
