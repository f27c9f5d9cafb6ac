"""Opening sealed columns: one search for `open_row` finds every place that can see a secret.

Promise: what is returned is exactly what was sealed for this row and column; one value that does not verify
keeps the whole call closed; and no value leaves before the recorder has written who opened what for which
purpose. Actions, views and tasks of every room may call it, with their reader's code and a purpose.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import NoReturn
from uuid import UUID

from vault import cipher, padding, ports
from vault.envelope import HEADER_LENGTH, NUMBER_AT, CellContext, encode
from vault.errors import NotVerified, UnknownKey, VaultError
from vault.fields import NOTHING, TEXT, SealedField, sealed_fields
from vault.keys.ring import ring
from vault.rows import SealedRow
from vault.scopes import Scope
from vault.sealed import Sealed
from vault.vocabulary import Purpose


class Opened:
    """The opened values of one row, by column. It cannot be pickled, so no cache or session can hold it."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> object:
        """Return a value; raises `KeyError` for a column that this call did not open."""
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def text(self, name: str) -> str:
        """Return a text; an empty cell gives an empty one. Raises `TypeError` for a column of JSON."""
        value = self._values[name]
        if value is None:
            return ""
        if not isinstance(value, str):
            raise TypeError(f"{name} holds no text.")
        return value

    def json(self, name: str) -> object:
        """Return what a column of JSON held, or None for an empty cell."""
        return self._values[name]

    def __repr__(self) -> str:
        return "<opened>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("Opened values are not written down.")


def open_row(row: SealedRow, *fields: str, reader: str, purpose: Purpose) -> Opened:
    """Open columns of one row; see `open_rows`."""
    return open_rows([row], *fields, reader=reader, purpose=purpose)[row.pk]


def open_rows(rows: Iterable[SealedRow], *fields: str, reader: str, purpose: Purpose) -> dict[UUID, Opened]:
    """Open the named columns of rows and return them by row id: one leaf a call, one unwrapping a key.

    Must run in a transaction. Raises `NoRecorder` before anything else, `NotVerified`, `UnknownKey`,
    `DestroyedKey` or `WrongRootKey` when anything is amiss, `ValueError` without a reader or for unknown
    columns.
    """
    recorder = ports.current()
    listed = list(rows)
    if not reader or not fields:
        raise ValueError("An opening names its reader and its columns.")
    purpose = Purpose(purpose)
    if not listed:
        return {}
    for model in {type(row) for row in listed}:
        if not set(fields) <= sealed_fields(model).keys():
            raise ValueError(f"{model.__name__} has no such sealed column.")
    scopes = [row.scope() for row in listed]
    opened = _open_cells(listed, scopes, fields)
    recorder.opened(
        reader=reader,
        purpose=purpose.value,
        scopes=_whole_scopes(scopes),
        kind=",".join(sorted({row._meta.db_table for row in listed})),
        count=len(listed),
        commitment=_commitment(listed, fields),
    )
    return opened


Cell = tuple[UUID, bytes, dict[str, object]]


class _Column:
    """One sealed column under one key: what is the same for many cells is worked out once."""

    __slots__ = ("cells", "context", "field", "key_id", "name", "scope", "table")

    def __init__(self, table: str, field: SealedField, scope: Scope, key_id: UUID) -> None:
        self.table, self.field, self.name = table, field, field.attname
        self.scope, self.key_id = scope, key_id
        self.context = CellContext(table, self.name, scope, key_id)
        self.cells: list[Cell] = []

    def open(self, key: bytes) -> None:
        """Open every cell into the values of its row."""
        field, name, context = self.field, self.name, self.context
        row_id = None
        try:
            for row_id, blob, values in self.cells:
                number = blob[NUMBER_AT:HEADER_LENGTH]
                padded = cipher.unseal(key, context.of(row_id, number), blob[HEADER_LENGTH:])
                values[name] = _value(field, padding.unpad(padded))
        except VaultError as closed:
            closed.add_note(f"{self.table} {name} {row_id}")
            raise


def _open_cells(rows: list[SealedRow], scopes: list[Scope], names: tuple[str, ...]) -> dict[UUID, Opened]:
    opened: dict[UUID, Opened] = {}
    columns: dict[tuple[str, str, bytes], _Column] = {}
    for row, scope in zip(rows, scopes, strict=True):
        row_id: UUID = row.id
        found: dict[str, object] = {}
        opened[row_id] = Opened(found)  # filled below; an error keeps all of it closed
        known, table, held = sealed_fields(type(row)), row._meta.db_table, row.__dict__
        for name in names:
            sealed: Sealed | None = held[name] if name in held else getattr(row, name)
            if sealed is not None:
                blob = sealed.blob
                place = (table, name, blob[:NUMBER_AT])  # the same beginning: the same version, suite and key
                column = columns.get(place)
                if column is None:
                    column = columns[place] = _Column(table, known[name], scope, sealed.header.key_id)
                elif column.scope != scope:
                    raise UnknownKey  # the key of another scope, brought here with a cell of that scope
                column.cells.append((row_id, blob, found))
            elif known[name].null:
                found[name] = None
            else:
                raise NotVerified  # NULL was written into a column that always holds a value
    keys = ring()
    keys.take({(column.key_id, column.scope) for column in columns.values()})
    for column in columns.values():
        column.open(keys.key(column.key_id, column.scope))
    return opened


def _value(field: SealedField, content: bytes) -> object:
    first, body = content[:1], content[1:]
    if first == field.kind:
        return body.decode() if first == TEXT else json.loads(body)
    if first == NOTHING and field.null and not body:
        return None
    raise NotVerified


def _whole_scopes(scopes: list[Scope]) -> list[Scope]:
    """Return each case once, in one order."""
    found = {(scope.kind, scope.id.int): scope for scope in scopes}
    return sorted((scope.whole for scope in found.values()), key=lambda scope: scope.name)


def _commitment(rows: list[SealedRow], fields: tuple[str, ...]) -> bytes:
    names = [name.encode() for name in sorted(fields)]
    tables = {type(row): row._meta.db_table.encode() + b"|" for row in rows}
    ids = sorted([tables[type(row)] + row.id.bytes for row in rows])
    return hashlib.sha256(encode(*names, *ids)).digest()
