"""The second wall, in raw SQL as `app`: what a forgotten filter would show is nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.door import Machine, Reader, entering
from accounts.models import User
from cases.actions.risks import justify_repetition
from cases.models import Case, Incident
from tests import factories
from tests.cases.worlds import TABLES, World

SWEPT = ("case", "review", "testimony", "witness")
APART = ("membership", "casegrant", "draft", "namewatch", "savedview")
EMPTY = (
    "attestation",
    "contactrules",
    "contactentry",
    "referral",
    "review",
    "location",
    "incidentlink",
    "involvement",
    "death",
    "legalhold",
    "caselock",
    "lockword",
)
WALLED = [table for table in TABLES if table not in APART]


BEGINS_WITH = ("testimony", "interview", "act", "actor")


@pytest.fixture
def filled(world: World) -> World:
    """A world with a row in almost every table."""
    with entering(world.supervisor, "test"):
        justify_repetition(by=world.supervisor, interview=world.interview, reason="It breaks off")
    return world


def count(table: str, reader: Reader) -> int:
    with entering(reader, "test"), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM cases_{table}")
        row = cursor.fetchone()
        assert row
        return int(row[0])


@pytest.mark.parametrize("table", WALLED)
def test_rows_are_for_members(table: str, filled: World, sysadmin: User) -> None:
    seen = count(table, filled.lead)
    if table in (*EMPTY, "identityrequest", "identitydecision"):
        assert seen == 0
    else:
        assert seen > 0
    assert count(table, filled.outsider) == 0
    assert count(table, sysadmin) == 0
    assert count(table, None) == 0
    # The sweep sees in what state a review or an account is, so that it deletes drafts of what has ended, and
    # the codes to which an identity is bound.
    assert count(table, Machine.SWEEP) == (seen if table in SWEPT else 0)


@pytest.mark.parametrize("table", WALLED)
def test_the_wall_stands_on_every_table(table: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, pg_get_userbyid(relowner) FROM pg_class WHERE relname = %s",
            [f"cases_{table}"],
        )
        assert cursor.fetchone() == (True, "owner")


def test_without_the_door_there_is_nothing(filled: World) -> None:
    assert Case.objects.count() == 0
    assert Incident.objects.count() == 0


def test_each_sees_their_own_case_only(filled: World, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    factories.make_witness(other, outsider)
    for reader, case in ((filled.lead, filled.case), (outsider, other)):
        with entering(reader, "test"), connection.cursor() as cursor:
            for table in WALLED:
                column = "id" if table == "case" else "case_id"
                cursor.execute(f"SELECT DISTINCT {column} FROM cases_{table}")
                assert {row[0] for row in cursor.fetchall()} <= {case.pk}


@pytest.mark.parametrize("wanted", ["machine:lead", "'; DROP TABLE x", "0" * 36, "", "NULL"])
def test_a_strange_reader_sees_nothing(wanted: str, filled: World) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.reader', %s, true)", [wanted])
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('app.reader', '', true)")


def test_tables_of_the_session_itself_fool_no_wall(filled: World) -> None:
    """Injected SQL may make tables of its own; what finds a reader's cases looks past them."""
    forged = ("cases_membership", "cases_casegrant")
    with entering(filled.outsider, "test"), connection.cursor() as cursor:
        for table in forged:
            cursor.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{table}")
            cursor.execute(f"UPDATE pg_temp.{table} SET user_id = %s", [filled.outsider.pk])
        cursor.execute("SELECT count(*) FROM cases_membership WHERE user_id = %s", [filled.outsider.pk])
        assert cursor.fetchone() != (0,)  # the session does see its own
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)
        for table in forged:
            cursor.execute(f"DROP TABLE pg_temp.{table}")


def test_what_runs_as_the_owner_is_asked_by_the_application_alone(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, a.grantee::regrole::text FROM pg_proc p, aclexplode(p.proacl) a"
            " WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
            " AND a.privilege_type = 'EXECUTE' AND a.grantee <> p.proowner"
        )
        found = sorted(cursor.fetchall())
    assert found == [("reader_cases", "app"), ("reader_deliveries", "app"), ("reader_relied_on", "app")]


def insert_counter(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_casecounter (case_id, series, last) VALUES (%s, 'EX', 7)", [case.pk]
        )


def test_a_row_cannot_be_written_into_a_foreign_case(world: World) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), entering(world.outsider, "test"):
        insert_counter(world.case)
    with entering(world.investigator, "test"):
        insert_counter(world.case)


def test_a_row_cannot_be_moved_into_another_case(world: World, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        entering(world.lead, "test"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cases_incident SET case_id = %s", [other.pk])


def test_a_foreign_row_cannot_be_changed(filled: World) -> None:
    with entering(filled.outsider, "test"), connection.cursor() as cursor:
        for table in ("witness", "testimony", "interview"):
            cursor.execute(f"UPDATE cases_{table} SET status = status")
            assert cursor.rowcount == 0


def test_a_case_is_inserted_in_ones_own_name_only(world: World, outsider: User) -> None:
    values: list[Any] = [
        uuid4(),
        "XYZ-0001",
        "XYZ",
        b"",
        "s",
        b"",
        "allegation_recorded",
        "NIAC",
        "open",
        "permanent",
        1,
    ]
    statement = (
        "INSERT INTO cases_case (id, code, prefix, title, situation, mandate, standard_of_proof,"
        " armed_conflict, status, retention_rule, revision, created_at, created_by_id)"
        f" VALUES ({', '.join(['%s'] * 13)})"
    )
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        entering(outsider, "test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [*values, timezone.now(), world.lead.pk])
    with entering(outsider, "test"), connection.cursor() as cursor:
        cursor.execute(statement, [*values, timezone.now(), outsider.pk])


def point_to(incident: Incident, parent: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(parent=parent.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_row_cannot_point_into_another_case(world: World, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    elsewhere = factories.make_incident(other, outsider)
    incident = world.incident
    with pytest.raises(IntegrityError, match="same_case"), entering(world.lead, "test"):
        point_to(incident, elsewhere)


@pytest.mark.parametrize("statement", ["ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY", "SET ROLE owner"])
def test_app_cannot_take_the_wall_down(statement: str, db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", [*WALLED, "membership"])
def test_nothing_is_deleted(table: str, world: World) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        entering(world.lead, "test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM cases_{table}")


@pytest.mark.parametrize("table", ["testimonyversion", "revision", "attestation", "consentevent"])
def test_versions_are_never_changed(table: str, world: World) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        entering(world.lead, "test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE cases_{table} SET case_id = case_id")
