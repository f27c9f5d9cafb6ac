"""A first start draws few models while it migrates: what it lays is what Django's own way lays."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Field
from pytest_django import DjangoDbBlocker

from casemgr.embedded import migrating
from tests import migrated

COLUMNS = """SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull
FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
WHERE relkind = ANY('{r,p}') AND attnum > 0 AND NOT attisdropped
AND relnamespace = ANY('{public,keystore,identity}'::regnamespace[])"""
NAMES = "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = ANY('{i,I}')"
# What tells two dumps of the same tables apart: when each migration ran, words of `pg_dump`, what comes last.
PASSING = re.compile(
    r"^\\(un)?restrict .*$|^-- PostgreSQL database dump complete$|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.?\d*\+00",
    re.MULTILINE,
)


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


@pytest.mark.soak  # Django's own way takes as long as a hundred tests
def test_it_lays_what_the_plain_way_lays(elsewhere: str, tmp_path: Path) -> None:
    migrating.migrate("owner")
    quick = _dump(elsewhere, tmp_path)
    connections["owner"].close()
    _empty(elsewhere)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    assert _dump(elsewhere, tmp_path) == quick


@pytest.fixture
def elsewhere(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Return the address of an empty database, to which the owner's connection leads meanwhile."""
    url = f"{os.environ['DATABASE_SUPERUSER_URL'].rpartition('/')[0]}/migrated_elsewhere"
    monkeypatch.setitem(connections["owner"].settings_dict, "NAME", "migrated_elsewhere")
    _empty(url)
    with django_db_blocker.unblock():
        connections["owner"].close()  # where this worker laid the tables it still leads to those
        yield url
        connections["owner"].close()


def _empty(url: str) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as top:
        top.execute("DROP DATABASE IF EXISTS migrated_elsewhere")
    migrated.create(server, name, "template1")


def _dump(url: str, folder: Path) -> list[str]:
    path = folder / "dump.sql"
    migrated.run("pg_dump", "--file", str(path), url)
    parts = PASSING.sub("", path.read_text()).split("\n-- Name: ")
    # The program writes what belongs together in any order.
    return sorted(part.strip("-\n") for part in parts)
