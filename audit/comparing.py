"""Comparing every row with what the log last said about it.

Promise: a row that was changed or put back behind the application's back (an older sealed value still
opens), one that is gone and one that no leaf speaks of are found, since each write's leaf holds the row's
digest. Memory stays flat, however many rows there are. Reads past row-level security, so it runs as `owner`
alone.
"""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from audit.actions import event_mac
from audit.verifying import Finding
from vault.errors import VaultError
from vault.rows import SealedRow

_CHUNK = 500
Said = tuple[UUID, str, int | None]

# The newest word about each row: by its own time, since two transactions may be sealed in the other order.
_NEWEST = """
CREATE TEMPORARY TABLE newest_word ON COMMIT DROP AS
SELECT DISTINCT ON (said ->> 'table', said ->> 'id')
       said ->> 'table' AS of, (said ->> 'id')::uuid AS id, said ->> 'digest' AS digest, p.index
FROM audit_event e
LEFT JOIN audit_position p ON p.event_id = e.id
CROSS JOIN LATERAL jsonb_array_elements((e.leaf)::jsonb -> 'rows') said
WHERE (e.leaf)::jsonb ? 'rows'
ORDER BY said ->> 'table', said ->> 'id', e.at DESC;
CREATE INDEX ON newest_word (of, id);
ANALYZE newest_word
"""
_SPEAKING = """SELECT e.id, e.leaf, e.mac, p.index FROM audit_event e
LEFT JOIN audit_position p ON p.event_id = e.id WHERE (e.leaf)::jsonb ? 'rows'"""
_UNSPOKEN = """SELECT t.id FROM {table} t
WHERE NOT EXISTS (SELECT FROM newest_word w WHERE w.of = %s AND w.id = t.id) ORDER BY t.id"""


def compare_rows(alias: str) -> Iterator[Finding]:
    """Yield a finding for each row that is not as it was last written; `alias` signs in as `owner`."""
    models = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, SealedRow)}
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute(_NEWEST)
            cursor.execute("SELECT DISTINCT of FROM newest_word ORDER BY of")
            spoken = [str(table) for (table,) in cursor.fetchall()]
        there = {table for table in models if _exists(table, alias)}
        for table in spoken:
            if table not in there:
                yield Finding(f"{table}: the log speaks of a table that does not exist")
        for table in sorted(there):
            yield from _compare(models[table], alias)
            yield from _unspoken(models[table], alias)


def foreign_words(alias: str) -> Iterator[Finding]:
    """Yield a finding for each leaf about rows that this application did not write.

    `verify` finds them too, reading the whole log; for a comparison alone they must not be believed.
    """
    with transaction.atomic(using=alias), connections[alias].chunked_cursor() as cursor:
        cursor.execute(_SPEAKING)
        for event, leaf, mac, index in _stream(cursor):
            if event_mac(event, leaf) != bytes(mac):
                yield Finding(f"audit_event {event}: not written by this application", index)


def _stream(cursor: CursorWrapper) -> Iterator[tuple[UUID, str, bytes, int | None]]:
    while rows := cursor.fetchmany(_CHUNK):
        yield from rows


def _compare(model: type[SealedRow], alias: str) -> Iterator[Finding]:
    name = model._meta.db_table
    may_go = _deletable(name, alias)
    said = _said(name, alias)
    while chunk := list(islice(said, _CHUNK)):
        present = model._base_manager.using(alias).in_bulk([row[0] for row in chunk])
        for pk, digest, index in chunk:
            row = present.get(pk)
            if row is None:
                if not may_go:
                    yield Finding(f"{name} {pk}: the row is gone", index)
            elif _differs(row, digest):
                yield Finding(f"{name} {pk}: not as it was last written", index)


def _differs(row: SealedRow, digest: str) -> bool:
    try:
        return row.row_digest().hex() != digest
    except VaultError:  # a cell that is no envelope at all
        return True


def _said(table: str, alias: str) -> Iterator[Said]:
    with connections[alias].chunked_cursor() as cursor:
        cursor.execute("SELECT id, digest, index FROM newest_word WHERE of = %s ORDER BY id", [table])
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


def _unspoken(model: type[SealedRow], alias: str) -> Iterator[Finding]:
    """Rows that were written past every action."""
    name = model._meta.db_table
    with connections[alias].chunked_cursor() as cursor:
        cursor.execute(sql.SQL(_UNSPOKEN).format(table=sql.Identifier(name)), [name])
        while rows := cursor.fetchmany(_CHUNK):
            for (pk,) in rows:
                yield Finding(f"{name} {pk}: no leaf speaks of this row")


def _exists(table: str, alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return bool(cursor.fetchone()[0])


def _deletable(table: str, alias: str) -> bool:
    """Whether the application itself may delete rows of this table."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('app', to_regclass(%s)::oid, 'DELETE')", [table])
        return bool(cursor.fetchone()[0])
