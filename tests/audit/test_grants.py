"""What the application's own role may do to the log: add and read, whatever SQL it sends."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from audit.actions import record
from audit.models import Event
from audit.sealing import seal_batch
from audit.vocabulary import Kind

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ["audit_event", "audit_position", "audit_batch", "audit_subtree", "audit_checkpoint"]
FIRST = {
    "audit_event": "leaf",
    "audit_position": "leaf_hash",
    "audit_batch": "root",
    "audit_subtree": "hash",
    "audit_checkpoint": "note",
}


@pytest.fixture(autouse=True)
def written() -> None:
    with transaction.atomic():
        record(Kind.CASE_OPENED, by="INV-01")
    seal_batch()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL",
        "ALTER TABLE {table} ADD COLUMN more int",
        "ALTER TABLE {table} OWNER TO app",
        "DROP TABLE {table} CASCADE",
        "CREATE RULE none AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "CREATE TRIGGER none BEFORE INSERT ON {table} EXECUTE FUNCTION pg_catalog.tsvector_update_trigger()",
        "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        "COPY {table} FROM '/etc/hostname'",
        "COPY {table} FROM PROGRAM 'true'",
        "COPY {table} TO '/tmp/{table}'",
        "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
        "MERGE INTO {table} a USING {table} b ON false WHEN NOT MATCHED BY SOURCE THEN DELETE",
    ],
)
def test_app_may_not(table: str, statement: str) -> None:
    sql = statement.format(table=table, column=FIRST[table])
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "UPDATE pg_attribute SET attgenerated = '' WHERE attrelid = 'audit_event'::regclass",
        "CREATE TABLE audit_event_2 (id int)",
        "CREATE OR REPLACE FUNCTION public.pg_current_xact_id() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_app_may_not_step_out_of_its_role(statement: str) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_upsert_cannot_change_a_leaf() -> None:
    event = Event.objects.latest("at")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO audit_event (id, leaf, mac) VALUES (%s, %s, %s)
            ON CONFLICT (id) DO UPDATE SET leaf = '{}'""",
            [event.pk, event.leaf, bytes(event.mac)],
        )
    assert Event.objects.get(pk=event.pk).leaf == event.leaf


@pytest.mark.parametrize("table", TABLES)
def test_app_holds_insert_and_select_and_nothing_else(table: str) -> None:
    with connection.cursor() as cursor:
        # Giving oneself more is answered with a warning only: it must have changed nothing.
        cursor.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO app")
        cursor.execute(
            """SELECT privilege_type FROM information_schema.table_privileges
            WHERE table_name = %s AND grantee IN ('app', 'PUBLIC')""",
            [table],
        )
        assert {kind for (kind,) in cursor.fetchall()} == {"INSERT", "SELECT"}
        cursor.execute(
            """SELECT DISTINCT privilege_type FROM information_schema.column_privileges
            WHERE table_name = %s AND grantee IN ('app', 'PUBLIC')""",
            [table],
        )
        assert {kind for (kind,) in cursor.fetchall()} == {"INSERT", "SELECT"}
