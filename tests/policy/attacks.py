"""What a superuser of the database can do to rows, in a few verbs; and the world they do it to.

Triggers, foreign keys and row-level security do not hold them. The world is laid and committed once for a
module, with a leaf for each row, and put back after each attack.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from uuid import UUID, uuid4

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from psycopg import sql
from psycopg.types.json import Jsonb
from pytest_django import DjangoDbBlocker

from audit.actions import record
from audit.vocabulary import Kind
from cases.models import Case
from tests import databases, factories
from tests.accounts.signing import Equipped, equip
from tests.exports.worlds import World, make_world
from vault.rows import SealedRow
from vault.sealed import Sealed


class Superuser:
    """A connection that nothing in the database stops."""

    def __init__(self) -> None:
        server = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")[0]
        self.connection = psycopg.connect(f"{server}/{connection.settings_dict['NAME']}", autocommit=True)
        self.connection.execute("SET session_replication_role = replica")

    def change(self, row: models.Model, **values: object) -> None:
        """Write plain values or blobs into columns of a row."""
        names = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in values]
        self.connection.execute(
            sql.SQL("UPDATE {} SET {} WHERE id = %s").format(_table(row), sql.SQL(", ").join(names)),
            [*values.values(), row.pk],
        )

    def clone(self, row: models.Model, **values: object) -> UUID:
        """Insert a copy of a row under a new id, with some columns changed; return the id."""
        new = uuid4()
        changed = {"id": str(new)} | {name: _as_json(value) for name, value in values.items()}
        self.connection.execute(
            sql.SQL(
                "INSERT INTO {0} SELECT (jsonb_populate_record(NULL::{0}, to_jsonb(x) || %s)).* "
                "FROM {0} x WHERE id = %s"
            ).format(_table(row)),
            [Jsonb(changed), row.pk],
        )
        return new

    def blob(self, row: models.Model, column: str) -> bytes:
        """What lies in a cell."""
        found = self.connection.execute(
            sql.SQL("SELECT {} FROM {} WHERE id = %s").format(sql.Identifier(column), _table(row)), [row.pk]
        ).fetchone()
        assert found
        return bytes(found[0])


def _as_json(value: object) -> str | int | None:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value if value is None or isinstance(value, int) else str(value)


def _table(row: models.Model) -> sql.Identifier:
    return sql.Identifier(row._meta.db_table)


@dataclass
class Attacked:
    """A world of committed rows, and the one who attacks it."""

    world: World
    other: Case
    signer: Equipped
    superuser: Superuser

    def found(self) -> list[str]:
        """What `verify_audit --cells` names."""
        err = StringIO()
        with suppress(CommandError):
            call_command("verify_audit", cells=True, stdout=StringIO(), stderr=err)
        return err.getvalue().splitlines()

    def finds(self, row: SealedRow | tuple[type[models.Model], UUID], how: str) -> bool:
        """Whether it names exactly this row, and what it says of it."""
        table, pk = (
            (row._meta.db_table, row.pk) if isinstance(row, SealedRow) else (row[0]._meta.db_table, row[1])
        )
        return self.found() == [f"{table} {pk}: {how}"]


def _lay() -> Attacked:
    world = make_world()
    assert world.testimony
    assert world.approved
    other = factories.make_case(world.lead)
    signer = equip()
    _tell_of_every_row()
    return Attacked(world, other, signer, Superuser())


def _tell_of_every_row() -> None:
    """Worlds of the tests lay some rows by hand; let a leaf speak of each as it is now."""
    rows = [
        row
        for model in apps.get_models()
        if issubclass(model, SealedRow) and model._meta.db_table in connection.introspection.table_names()
        for row in model._base_manager.using("owner").all()
    ]
    with transaction.atomic():
        record(Kind.CASE_CHANGED, by="machine:command", rows=rows)


@pytest.fixture(scope="module")
def laid(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Attacked, databases.Kept]]:
    with django_db_blocker.unblock():
        attacked = _lay()
        yield attacked, databases.remember()
        attacked.superuser.connection.close()
        databases.restore()


@pytest.fixture
def attacked(laid: tuple[Attacked, databases.Kept], django_db_blocker: DjangoDbBlocker) -> Iterator[Attacked]:
    with django_db_blocker.unblock():
        yield laid[0]
        databases.restore(laid[1])


def blob_of(row: SealedRow, column: str) -> bytes:
    """The ciphertext that a row was read with."""
    value = getattr(row, column)
    assert isinstance(value, Sealed)
    return value.blob
