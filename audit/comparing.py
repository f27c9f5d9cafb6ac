"""Comparing every row with what the log last said about it.

Promise: a row that was changed or put back behind the application's back (an older sealed value still
opens) is found, since each write's leaf holds the row's digest. Reads past row-level security, so it runs
as `owner` alone.
"""

from collections.abc import Iterator
from itertools import groupby, islice
from uuid import UUID

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from audit.verifying import Finding
from vault.rows import SealedRow

_CHUNK = 500
Said = tuple[str, UUID, str, int | None]

# The newest word about each row: by its own time, since two transactions may be sealed in the other order.
_NEWEST = """
SELECT DISTINCT ON (said ->> 'table', said ->> 'id')
       said ->> 'table', (said ->> 'id')::uuid, said ->> 'digest', p.index
FROM audit_event e
LEFT JOIN audit_position p ON p.event_id = e.id
CROSS JOIN LATERAL jsonb_array_elements((e.leaf)::jsonb -> 'rows') said
WHERE (e.leaf)::jsonb ? 'rows'
ORDER BY said ->> 'table', said ->> 'id', e.at DESC
"""


def compare_rows(alias: str) -> Iterator[Finding]:
    """Yield a finding for each row that is not as it was last written; `alias` signs in as `owner`."""
    models = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, SealedRow)}
    with transaction.atomic(using=alias), connections[alias].chunked_cursor() as cursor:
        cursor.execute(_NEWEST)
        for table, said in groupby(_stream(cursor), key=lambda row: row[0]):
            if table not in models:
                yield Finding(f"{table}: the log speaks of a table that does not exist")
                continue
            yield from _compare(models[table], said, alias)


def _stream(cursor: CursorWrapper) -> Iterator[Said]:
    while rows := cursor.fetchmany(_CHUNK):
        yield from rows


def _compare(model: type[SealedRow], said: Iterator[Said], alias: str) -> Iterator[Finding]:
    name = model._meta.db_table
    may_go = _deletable(name, alias)
    while chunk := list(islice(said, _CHUNK)):
        present = model._base_manager.using(alias).in_bulk([row[1] for row in chunk])
        for _, pk, digest, index in chunk:
            row = present.get(pk)
            if row is None:
                if not may_go:
                    yield Finding(f"{name} {pk}: the row is gone", index)
            elif row.row_digest().hex() != digest:
                yield Finding(f"{name} {pk}: not as it was last written", index)


def _deletable(table: str, alias: str) -> bool:
    """Whether the application itself may delete rows of this table."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('app', to_regclass(%s)::oid, 'DELETE')", [table])
        return bool(cursor.fetchone()[0])
