"""What was received stays what it was, whoever writes: the application, or somebody with more rights."""

import os
from collections.abc import Mapping
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from accounts.door import entering
from evidence.models import FileObject
from evidence.vocabulary import CopyKind
from tests.evidence.worlds import World, make_world, photo

CONTENT = (
    "item_id", "stored_id", "copy_kind", "derived_from_id", "same_as_id", "content_index", "filename",
    "sha256", "blake3", "length", "created_at", "created_by_id", "upload_key",
)  # fmt: skip


def refused(world: World, statement: str, values: Mapping[str, UUID]) -> str:
    """Try a statement as the application does; return how the database refuses it."""
    with (
        pytest.raises(DatabaseError) as caught,
        entering(world.investigator, "test"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
    return str(caught.value)


def test_application_can_turn_no_file_into_another(world: World) -> None:
    first, second = world.receive(photo()), world.receive(photo(seed=40), name="other.jpg")
    copy = world.receive(photo(seed=80), copy_kind=CopyKind.REDACTED, derived_from=first)
    ids = {"first": first.pk, "second": second.pk, "copy": copy.pk}
    for column in CONTENT:
        change = f"UPDATE evidence_fileobject SET {column} = b.{column} FROM evidence_fileobject b"
        one = " WHERE evidence_fileobject.id = %(first)s AND b.id = %(second)s"
        assert "permission denied" in refused(world, change + one, ids), column
    for statement in (
        "DELETE FROM evidence_fileobject WHERE id = %(copy)s",
        "UPDATE vault_storedfile SET sealed_digest = sealed_digest",
        "UPDATE vault_storedfile SET storage_ref = 'x'",
        "DELETE FROM vault_storedfile",
        "ALTER TABLE evidence_fileobject DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ):
        said = refused(world, statement, ids)
        assert "permission denied" in said or "must be owner" in said, statement


INSERT = """INSERT INTO evidence_fileobject (id, case_id, item_id, created_at, created_by_id, sensitivity,
  stored_id, copy_kind, derived_from_id, same_as_id, check_state, flag, content_index, filename, sha256,
  blake3, length)
SELECT {id}, case_id, {item}, now(), created_by_id, sensitivity, {stored}, {kind}, {source}, {same}, 'stored',
  '', {index}, filename, sha256, blake3, length FROM evidence_fileobject WHERE id = %(first)s"""
PLAIN = {
    "id": "gen_random_uuid()",
    "item": "item_id",
    "stored": "stored_id",
    "kind": "'redacted'",
    "source": "%(first)s",
    "same": "NULL",
    "index": "content_index",
}
UNTIED = {
    "a copy of nothing": {"source": "NULL"},
    "a copy of itself": {"id": "%(fresh)s", "source": "%(fresh)s"},
    "a copy of another exhibit's file": {"item": "%(item)s"},
    "a copy that calls itself received": {"kind": "'evidentiary'"},
    "a link to content that it is not": {"kind": "'evidentiary'", "source": "NULL", "same": "%(second)s"},
    "a kind of its own": {"kind": "'original'"},
}


def test_application_can_write_no_copy_that_is_not_tied_to_its_original(world: World) -> None:
    first, second = world.receive(photo()), world.receive(photo(seed=40), name="other.jpg")
    other = world.register()
    ids = {"first": first.pk, "second": second.pk, "item": other.pk, "fresh": world.witness.pk}
    for what, said in UNTIED.items():
        statement = INSERT.format(**{**PLAIN, **said})
        answer = refused(world, statement, ids)
        assert "a copy names its original" in answer or "check constraint" in answer, what
    with entering(world.investigator, "test"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT.format(**PLAIN), ids)
        assert cursor.rowcount == 1, "the statement itself is sound"
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_grant_that_gave_too_much_is_not_enough() -> None:
    world = make_world()
    file = world.receive(photo())
    server = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")[0]
    name = connection.settings_dict["NAME"]
    with psycopg.connect(f"{server}/{name}", autocommit=True) as superuser:
        for column in CONTENT[2:]:
            change = f"UPDATE evidence_fileobject SET {column} = {_otherwise(column)} WHERE id = %s"
            with pytest.raises(psycopg.DatabaseError, match="never changed"):
                superuser.execute(change.encode(), [file.pk])
        with pytest.raises(psycopg.DatabaseError, match="never changed"):
            superuser.execute("DELETE FROM evidence_fileobject WHERE id = %s", [file.pk])
        superuser.execute("UPDATE evidence_fileobject SET intact_at = now() WHERE id = %s", [file.pk])
    with entering(world.investigator, "test"):
        assert FileObject.objects.get(pk=file.pk).copy_kind == CopyKind.EVIDENTIARY


def _otherwise(column: str) -> str:
    """Some other value of the column's kind."""
    if column == "copy_kind":
        return "'working'"
    if column == "created_at":
        return "now() - interval '1 year'"
    if column in {"derived_from_id", "same_as_id", "upload_key", "created_by_id"}:
        return "gen_random_uuid()"
    return r"'\x00'::bytea"
