"""Columns that the database itself reads out of a leaf: none can tell another story than the leaf."""

from typing import Any

from django.db.models import DateTimeField, Field, Func, JSONField, TextField, UUIDField


class LeafText(Func):
    """The string under a top-level key, or NULL."""

    template = "((leaf)::json ->> '%(key)s')"
    output_field: "Field[Any, Any]" = TextField()

    def __init__(self, *, key: str, **extra: Any) -> None:
        super().__init__(key=key, **extra)


class LeafUUID(LeafText):
    """The reference under a top-level key, or NULL."""

    template = "((leaf)::json ->> '%(key)s')::uuid"
    output_field = UUIDField()


class LeafJSON(LeafText):
    """The list under a top-level key, or NULL."""

    template = "((leaf)::json -> '%(key)s')::jsonb"
    output_field = JSONField()


class LeafTime(LeafText):
    """The moment under a top-level key, kept as microseconds since 1970."""

    template = "to_timestamp(((leaf)::json ->> '%(key)s')::bigint / 1000000.0::double precision)"
    output_field = DateTimeField()


class CurrentTransaction(Func):
    """The 64-bit number of the transaction that writes the row; never wraps round, unlike `xmin`."""

    template = "(pg_current_xact_id()::text::bigint)"
