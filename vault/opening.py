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
    ids = [row.id.int.to_bytes(16) for row in listed]
    values = _open_cells(listed, scopes, ids, fields)
    recorder.opened(
        reader=reader,
        purpose=purpose.value,
        scopes=_whole_scopes(scopes),
        kind=",".join(sorted({row._meta.db_table for row in listed})),
        count=len(listed),
        commitment=_commitment(listed, ids, fields),
    )
    return {row.id: Opened(found) for row, found in zip(listed, values, strict=True)}


Cell = tuple[bytes, bytes, dict[str, object]]
Who = tuple[str, int, int]


def _who(scope: Scope) -> Who:
    """A scope in a form that is compared ten thousand times at no cost."""
    unit = scope.unit
    return scope.kind, scope.id.int, unit.int if unit is not None else 0


class _Column:
    """One sealed column under one key: what is the same for many cells is worked out once."""

    __slots__ = ("cells", "context", "field", "key_id", "scope", "table", "who")

    def __init__(self, table: str, field: SealedField, scope: Scope, key_id: UUID) -> None:
        self.table, self.field, self.scope, self.key_id = table, field, scope, key_id
        self.who = _who(scope)
        self.context = CellContext(table, field.attname, scope, key_id)
        self.cells: list[Cell] = []

    def open(self, key: bytes) -> None:
        """Open every cell into the values of its row."""
        field, of, unseal, unpad = self.field, self.context.of, cipher.unseal, padding.unpad
        name, kind, row = field.attname, field.kind, b""
        try:
            for row, blob, found in self.cells:
                padded = unseal(key, of(row, blob[NUMBER_AT:HEADER_LENGTH]), blob[HEADER_LENGTH:])
                found[name] = _value(field, kind, unpad(padded))
        except VaultError as closed:
            closed.add_note(f"{self.table} {name} {UUID(bytes=row)}")
            raise


def _open_cells(
    rows: list[SealedRow], scopes: list[Scope], ids: list[bytes], names: tuple[str, ...]
) -> list[dict[str, object]]:
    values: list[dict[str, object]] = [{} for _ in rows]
    columns: dict[tuple[type[SealedRow], str, bytes], _Column] = {}
    who = [_who(scope) for scope in scopes]
    for name in names:
        for at, row in enumerate(rows):
            sealed: Sealed | None = row.__dict__.get(name) or getattr(row, name)
            if sealed is None:
                _check_empty(row, name)
                values[at][name] = None
                continue
            blob, model = sealed.blob, type(row)
            place = (model, name, blob[:NUMBER_AT])  # the same beginning: the same version, suite and key
            column = columns.get(place)
            if column is None:
                field, table = sealed_fields(model)[name], model._meta.db_table
                column = columns[place] = _Column(table, field, scopes[at], sealed.header.key_id)
            elif column.who != who[at]:
                raise UnknownKey  # the key of another scope, brought here with a cell of that scope
            column.cells.append((ids[at], blob, values[at]))
    keys = ring().take({(column.key_id, column.scope) for column in columns.values()})
    for column in columns.values():
        column.open(keys[column.key_id])
    return values


def _check_empty(row: SealedRow, name: str) -> None:
    if not sealed_fields(type(row))[name].null:
        raise NotVerified  # NULL was written into a column that always holds a value


def _value(field: SealedField, kind: bytes, content: bytes) -> object:
    if content.startswith(kind):
        body = content[1:]
        return body.decode() if kind == TEXT else json.loads(body)
    if content == NOTHING and field.null:
        return None
    raise NotVerified


def _whole_scopes(scopes: list[Scope]) -> list[Scope]:
    """Return each case once, in one order."""
    found = {(scope.kind, scope.id.int): scope for scope in scopes}
    return sorted((scope.whole for scope in found.values()), key=lambda scope: scope.name)


def _commitment(rows: list[SealedRow], ids: list[bytes], fields: tuple[str, ...]) -> bytes:
    """Digest tables, ids and columns, in an order of their own."""
    tables: dict[str, list[bytes]] = {}
    for row, raw in zip(rows, ids, strict=True):
        tables.setdefault(row._meta.db_table, []).append(raw)
    parts = [b"".join((table.encode(), b"|", *sorted(listed))) for table, listed in sorted(tables.items())]
    return hashlib.sha256(encode(encode(*(name.encode() for name in sorted(fields))), *parts)).digest()
