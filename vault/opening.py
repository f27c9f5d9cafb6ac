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
from vault.envelope import HEADER_LENGTH, CellContext, Header, encode
from vault.errors import NotVerified, VaultError
from vault.fields import NOTHING, TEXT, SealedField, sealed_fields
from vault.keys.ring import ring
from vault.rows import SealedRow
from vault.scopes import Scope
from vault.sealed import Sealed
from vault.vocabulary import Purpose

Cell = tuple[SealedRow, Scope, str, Sealed, Header]


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
        scopes=sorted({scope.whole for scope in scopes}, key=lambda scope: scope.name),
        kind=",".join(sorted({row._meta.db_table for row in listed})),
        count=len(listed),
        commitment=_commitment(listed, fields),
    )
    return opened


def _open_cells(rows: list[SealedRow], scopes: list[Scope], fields: tuple[str, ...]) -> dict[UUID, Opened]:
    values: dict[UUID, dict[str, object]] = {row.pk: {} for row in rows}
    cells: list[Cell] = []
    for row, scope in zip(rows, scopes, strict=True):
        known = sealed_fields(type(row))
        for name in fields:
            sealed: Sealed | None = getattr(row, name)
            if sealed is not None:
                cells.append((row, scope, name, sealed, sealed.header))
            elif known[name].null:
                values[row.pk][name] = None
            else:
                raise NotVerified  # NULL was written into a column that always holds a value
    keys = ring()
    keys.take({(header.key_id, scope) for _, scope, _, _, header in cells})
    places: dict[tuple[object, ...], tuple[bytes, CellContext]] = {}
    for cell in cells:
        row, scope, name, _, header = cell
        table = row._meta.db_table
        where = (table, name, scope, header.key_id)
        if where not in places:
            places[where] = keys.key(header.key_id, scope), CellContext(table, name, scope, header.key_id)
        values[row.pk][name] = _open_cell(cell, *places[where])
    return {row_id: Opened(found) for row_id, found in values.items()}


def _open_cell(cell: Cell, key: bytes, context: CellContext) -> object:
    row, _, name, sealed, header = cell
    row_id: UUID = row.pk
    try:
        padded = cipher.unseal(key, context.of(row_id, header.number), sealed.blob[HEADER_LENGTH:])
        return _value(sealed_fields(type(row))[name], padding.unpad(padded))
    except VaultError as closed:
        closed.add_note(f"{row._meta.db_table} {name} {row_id}")
        raise


def _value(field: SealedField, content: bytes) -> object:
    kind, body = content[:1], content[1:]
    if kind == NOTHING and field.null and not body:
        return None
    if kind != field.kind:
        raise NotVerified
    return body.decode() if kind == TEXT else json.loads(body)


def _commitment(rows: list[SealedRow], fields: tuple[str, ...]) -> bytes:
    names = [name.encode() for name in sorted(fields)]
    ids = sorted((row._meta.db_table.encode(), row.pk.bytes) for row in rows)
    return hashlib.sha256(encode(*names, *(part for pair in ids for part in pair))).digest()
