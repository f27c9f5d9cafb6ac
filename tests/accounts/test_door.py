"""The door: who is named to the database, and what a refusal leaves behind."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.door import Machine, entering, reader_code
from accounts.errors import RoleRequired
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from vault.errors import NotVerified, RootKeyUnreachable
from vault.opening import open_row
from vault.vocabulary import Purpose


def _reader() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.reader', true), '')")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_reader_is_named_for_the_transaction_only() -> None:
    with entering(Machine.SWEEP, "test"):
        assert _reader() == "machine:sweep"
    assert _reader() == ""


@pytest.mark.django_db
def test_person_is_named_and_put_back_inside_another_transaction(investigator: User) -> None:
    with transaction.atomic():
        with entering(investigator, "test"):
            assert _reader() == str(investigator.pk)
        assert _reader() == ""


@pytest.mark.django_db
def test_key_is_unwrapped_once_behind_a_door_and_forgotten_with_it(investigator: User) -> None:
    user = User.objects.get(pk=investigator.pk)
    for _ in range(2):
        with entering(investigator, "test"), CaptureQueriesContext(connection) as asked:
            for _ in range(3):
                open_row(user, "name", reader=investigator.staff_code, purpose=Purpose.READ)
        assert sum("vault_scopekey" in query["sql"] for query in asked.captured_queries) == 1


@pytest.mark.django_db
def test_nobody_is_named_for_nobody() -> None:
    with entering(None, "test"):
        assert _reader() == ""
    assert reader_code(None) == "anonymous"


@pytest.mark.django_db(transaction=True)
def test_refusal_undoes_everything_and_is_recorded(investigator: User) -> None:
    def close_and_refuse() -> None:
        with entering(investigator, "test"):
            User.objects.filter(pk=investigator.pk).update(credentials_tag=None)
            raise RoleRequired(subject=f"user:{investigator.pk}")

    with pytest.raises(RoleRequired):
        close_and_refuse()
    assert User.objects.get(pk=investigator.pk).credentials_tag
    event = Event.objects.get(kind=Kind.ACCESS_REFUSED)
    assert event.actor == investigator.staff_code
    assert '"purpose":"test"' in event.leaf


@pytest.mark.django_db(transaction=True)
def test_value_that_does_not_verify_is_recorded_and_raised(investigator: User) -> None:
    with pytest.raises(NotVerified), entering(investigator, "test"):
        raise NotVerified
    assert Event.objects.get(kind=Kind.CONTENT_UNVERIFIED).actor == investigator.staff_code
    with pytest.raises(RootKeyUnreachable), entering(investigator, "test"):
        raise RootKeyUnreachable  # nothing was wrong with any value: it is asked for again later
    assert Event.objects.filter(kind=Kind.CONTENT_UNVERIFIED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_failure_of_the_program_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(ZeroDivisionError), entering(None, "test"):
        _ = 1 / 0
    assert not Event.objects.filter(kind__in=[Kind.ACCESS_REFUSED, Kind.CONTENT_UNVERIFIED]).exists()
