"""Tables that a migration makes together: what Django knows afterwards, and what the database is told."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from vault.database import CreateTables

pytestmark = pytest.mark.django_db
RING = CreateTables(
    migrations.CreateModel(
        "Jar",
        [("id", models.UUIDField(primary_key=True)), ("lid", models.ForeignKey("vault.lid", models.PROTECT))],
        {"constraints": [models.UniqueConstraint(fields=("lid",), name="one_jar_a_lid")]},
    ),
    migrations.CreateModel(
        "Lid",
        [("id", models.UUIDField(primary_key=True)), ("jar", models.ForeignKey("vault.jar", models.PROTECT))],
    ),
)


def told(*, back: bool = False) -> list[str]:
    """What the database would be told; nothing is."""
    before, after = ProjectState(), ProjectState()
    RING.state_forwards("vault", after)
    with connection.schema_editor(collect_sql=True) as editor:
        if back:
            RING.database_backwards("vault", editor, after, before)
        else:
            RING.database_forwards("vault", editor, before, after)
    return [str(line) for line in vars(editor)["collected_sql"]]


def test_a_ring_of_tables_is_known_and_drawn_when_somebody_asks() -> None:
    state = ProjectState()
    assert not state.apps.get_models()
    RING.state_forwards("vault", state)
    assert "apps" not in vars(state)
    jar, lid = state.apps.get_model("vault", "Jar"), state.apps.get_model("vault", "Lid")
    assert jar._meta.get_field("lid").related_model is lid
    assert lid._meta.get_field("jar").related_model is jar
    assert RING.describe() == "Create tables Jar, Lid"


def test_the_tables_come_first_and_then_what_ties_them() -> None:
    lines = told()
    made = [line.split()[2] for line in lines if line.startswith("CREATE TABLE")]
    tied = [line for line in lines if "FOREIGN KEY" in line]
    assert made == ['"vault_jar"', '"vault_lid"']
    assert len(tied) == 2
    assert "one_jar_a_lid" in lines[0]
    assert lines.index(tied[0]) > [line.startswith("CREATE TABLE") for line in lines].index(True, 1)


def test_what_was_made_last_goes_first() -> None:
    dropped = [line.split()[2] for line in told(back=True) if line.startswith("DROP TABLE")]
    assert dropped == ['"vault_lid"', '"vault_jar"']


def test_a_migration_that_is_written_out_names_its_tables() -> None:
    name, tables, named = RING.deconstruct()
    assert (name, len(tables), named) == ("CreateTables", 2, {})
