"""A row that was changed behind the application's back is found through the leaf that wrote it."""

from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from accounts.actions.people import new_person
from accounts.models import User
from accounts.vocabulary import Role
from audit import tasks
from audit.actions import append, record
from audit.comparing import compare_rows
from audit.models import Event
from audit.sealing import seal_batch
from audit.vocabulary import Kind

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def person(folder: object) -> User:
    with transaction.atomic():
        user = new_person(name="First name", roles=[Role.INVESTIGATOR], by=None)
        record(Kind.ACCOUNT_INVITED, by="machine:command", subject=f"user:{user.pk}", rows=[user])
    return user


def findings() -> list[str]:
    return [str(one) for one in compare_rows("owner")]


def test_row_as_it_was_written_is_no_finding(person: User) -> None:
    assert findings() == []


def test_old_sealed_value_put_back_is_found(person: User, superuser: psycopg.Connection) -> None:
    (old,) = superuser.execute("SELECT name FROM accounts_user WHERE id = %s", [person.pk]).fetchone() or ()
    with transaction.atomic():
        person.seal(name="Second name")
        append(Kind.ACCOUNT_INVITED, by="machine:command", rows=[person])
    assert len(findings()) == 1, "recorded, but not saved"
    superuser.execute(
        "UPDATE accounts_user SET name = %s WHERE id = %s", [person.name and person.name.blob, person.pk]
    )
    assert findings() == []
    superuser.execute("UPDATE accounts_user SET name = %s WHERE id = %s", [old, person.pk])
    assert findings() == [f"accounts_user {person.pk}: not as it was last written"]
    seal_batch()
    assert next(compare_rows("owner")).index is not None


def test_deleted_row_is_found(person: User, superuser: psycopg.Connection) -> None:
    superuser.execute("DELETE FROM accounts_user WHERE id = %s", [person.pk])
    assert findings() == [f"accounts_user {person.pk}: the row is gone"]


def test_command_tells_what_is_wrong(
    person: User, superuser: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_audit")
    call_command("verify_audit", "--last")
    assert capsys.readouterr().out.count("sound") == 2
    superuser.execute("UPDATE accounts_user SET name = NULL WHERE id = %s", [person.pk])
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_audit")
    assert "not as it was last written" in capsys.readouterr().err


def test_daily_reading_is_recorded_whatever_it_finds(folder: object, superuser: psycopg.Connection) -> None:
    with transaction.atomic():
        record(Kind.CASE_CHANGED, by="INV-01")
    seal_batch()
    assert tasks.verify_log()
    assert Event.objects.filter(kind=Kind.LOG_VERIFIED, actor="machine:checker").exists()
    superuser.execute("DELETE FROM audit_position WHERE index = 0")
    assert not tasks.verify_log()
    assert '"index":0' in Event.objects.filter(kind=Kind.LOG_FAILED).latest("at").leaf


def test_table_that_no_model_has_is_told(folder: object) -> None:
    class Strange:
        pk = uuid4()

        class _meta:  # noqa: N801 - Django's own name
            db_table = "nowhere"

        def row_digest(self) -> bytes:
            return bytes(32)

    with transaction.atomic():
        record(Kind.CASE_CHANGED, by="INV-01", rows=[Strange()])  # type: ignore[list-item]  # no model of ours
    assert findings() == ["nowhere: the log speaks of a table that does not exist"]
