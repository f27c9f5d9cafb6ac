"""Columns that hold sealed values.

Promise: the database and every serializer see ciphertext; Python sees a `Sealed`. A value gets in through
`SealedRow.seal` alone and out through `vault.opening` alone. Any room's model may have such columns; a system
check refuses ordering, indexes and constraints over them.
"""

import base64
import binascii
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from vault.padding import SMALLEST
from vault.sealed import Sealed

# The first byte of what is sealed. A column that held a value and is emptied holds a sealed nothing, so that
# its number goes on rising and the database does not show that it was emptied.
NOTHING, TEXT, JSON = b"\x00", b"\x01", b"\x02"

if TYPE_CHECKING:
    _Base = models.BinaryField[Sealed | None, Sealed | None]
else:
    _Base = models.BinaryField


class _Place(DeferredAttribute):
    """Takes a `Sealed` or None, and binds what stands in a row to that row."""

    field: "SealedField"

    def __set__(self, instance: models.Model, value: object) -> None:
        if isinstance(value, Sealed):
            home = (instance._meta.db_table, self.field.attname, instance.__dict__.get("id"))
            if value.home is None:
                value.home = cast("Any", home)
            elif value.home != home:
                raise ValueError("A sealed value belongs to one column of one row.")
        elif value is not None:
            raise TypeError("A value is put into a sealed column by seal() alone.")
        instance.__dict__[self.field.attname] = value


class SealedField(_Base):
    """The common part of both kinds. `least` is the smallest padded size: so that all names are equal."""

    descriptor_class = _Place
    kind: ClassVar[bytes]
    empty_strings_allowed = False

    def __init__(self, *args: Any, least: int = SMALLEST, **kwargs: Any) -> None:
        kwargs["editable"] = False
        self.least = least
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        if self.least != SMALLEST:
            kwargs["least"] = self.least
        return name, path, args, kwargs

    def get_default(self) -> None:
        return None

    def get_lookup(self, lookup_name: str) -> Any:
        """There is one question to ask of a sealed column: whether it is empty."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, _name: str) -> None:
        return None

    def formfield(self, *_: Any, **__: Any) -> None:
        return None

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def to_python(self, value: object) -> Sealed | None:
        """Read what `value_to_string` wrote."""
        if value is None or isinstance(value, Sealed):
            return value
        try:
            return Sealed(base64.b64decode(str(value), validate=True))
        except binascii.Error:
            raise ValidationError("Not a sealed value.") from None

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return base64.b64encode(value.blob).decode() if isinstance(value, Sealed) else ""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("Only a sealed value is written into a sealed column.")
        return super().get_db_prep_value(value.blob, connection, prepared)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Refuse expressions too: F() would copy one column's ciphertext into another."""
        return self.get_db_prep_value(value, connection)


class SealedText(SealedField):
    """Holds a str."""

    kind = TEXT


class SealedJSON(SealedField):
    """Holds what JSON can say."""

    kind = JSON


@cache
def sealed_fields(model: type[models.Model]) -> dict[str, SealedField]:
    """Return a model's sealed columns by name."""
    return {field.attname: field for field in model._meta.concrete_fields if isinstance(field, SealedField)}
