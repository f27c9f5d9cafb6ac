"""What the models name stands in the database that the migrations laid."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Field

COLUMNS = """SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull
FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
WHERE relkind = ANY('{r,p}') AND attnum > 0 AND NOT attisdropped
AND relnamespace = ANY('{public,keystore,identity}'::regnamespace[])"""
NAMES = "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = ANY('{i,I}')"


@pytest.mark.django_db
def test_every_column_constraint_and_index_of_a_model_is_laid() -> None:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        laid = {(table, column): (kind, is_filled) for table, column, kind, is_filled in cursor.fetchall()}
        cursor.execute(NAMES)
        named = {name for (name,) in cursor.fetchall()}
    asked = {
        (model._meta.db_table, field.column): (_spelled(str(field.db_type(connection))), _is_filled(field))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
    }
    assert {place: kind for place, kind in asked.items() if laid.get(place) != kind} == {}
    wanted = {
        one.name for model in apps.get_models() for one in (*model._meta.constraints, *model._meta.indexes)
    }
    assert wanted - named == set()


def _spelled(kind: str) -> str:
    """Return a type as PostgreSQL itself writes it."""
    return re.sub(r"^varchar\b", "character varying", kind.removesuffix("[]")) + "[]" * kind.endswith("[]")


def _is_filled(field: "Field[Any, Any]") -> bool:
    """Tell whether the column takes no NULL; what the database itself works out is not declared so."""
    return not (field.null or field.generated)
