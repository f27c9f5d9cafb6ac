"""Rows with sealed columns.

Promise: `seal` puts a value in its place, under the key of the row's scope, with a number that only rises;
nothing here opens anything. Every room's models with sealed columns derive from `SealedRow`; actions call
`seal`.
"""

import datetime as dt
import hashlib
import json
from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models

from vault import envelope, padding
from vault.envelope import Place, encode
from vault.fields import NOTHING, TEXT, SealedField, sealed_fields
from vault.handling import TableKind
from vault.scopes import Scope
from vault.sealed import Sealed
from vault.vocabulary import Use

__all__ = ["SealedRow", "TableKind"]


class SealedRow(models.Model):
    """A row whose sealed columns are bound to table, column, row id, scope and value number."""

    table_kind: ClassVar[TableKind]
    # Columns whose values decide something: their rollback is found by comparing `row_digest` with the log.
    deciding: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    def scope(self) -> Scope:
        """Say under whose key the row's cells lie."""
        raise NotImplementedError

    def seal(self, **values: object) -> None:
        """Seal values into the columns of these names; saving is the caller's.

        None empties a column that may be empty. Raises `ValueError` for an unknown name or a None that may
        not be, `TypeError` for a value of the wrong kind, `UnknownKey` where the scope has no key.
        """
        from vault.keys.ring import ring  # noqa: PLC0415 - the keys' own tables are models too

        fields = sealed_fields(type(self))
        unknown = values.keys() - fields.keys()
        if unknown:
            raise ValueError(f"{type(self).__name__} has no sealed column {min(unknown)}.")
        contents = {name: _content(fields[name], value) for name, value in values.items()}
        filled = {
            name: content
            for name, content in contents.items()
            if content != NOTHING or getattr(self, name) is not None
        }
        if not filled:
            return
        scope = self.scope()
        key_id, key = ring().primary(scope)
        for name, content in filled.items():
            field, before = fields[name], getattr(self, name)
            row_id: UUID = self.pk
            place = Place(Use.CELL, self._meta.db_table, name, row_id, scope)
            number = before.header.number + 1 if before is not None else 1
            blob = envelope.seal(key, key_id, place, padding.pad(content, field.least), number=number)
            setattr(self, name, Sealed(blob))

    def row_digest(self) -> bytes:
        """Return SHA-256 over table, id, the sealed columns' blobs and numbers, and the deciding columns."""
        parts = [self._meta.db_table.encode(), self.pk.bytes]
        for name in sorted(sealed_fields(type(self))):
            value: Sealed | None = getattr(self, name)
            number = b"" if value is None else value.header.number.to_bytes(8)
            digest = b"" if value is None else hashlib.sha256(value.blob).digest()
            parts += [name.encode(), number, digest]
        for name in sorted(self.deciding):
            parts += [name.encode(), _plain_bytes(getattr(self, name))]
        return hashlib.sha256(encode(*parts)).digest()


def _content(field: SealedField, value: object) -> bytes:
    if value is None:
        if not field.null:
            raise ValueError(f"{field.attname} may not be empty.")
        return NOTHING
    if field.kind == TEXT:
        if not isinstance(value, str):
            raise TypeError(f"{field.attname} holds text.")
        return TEXT + _utf8(field, value)
    said = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return field.kind + _utf8(field, said)


def _utf8(field: SealedField, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # it would carry the text into a report
        raise ValueError(f"{field.attname} holds characters that are no text.") from None


def _plain_bytes(value: object) -> bytes:
    """One way to write a plain value down, whether it comes from Python or back from the database."""
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        value = bytes(value).hex()
    if value is None or isinstance(value, bool | int | list | dict):
        return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str).encode()
    return json.dumps(str(value)).encode()
