"""What a connection planned stays planned through refusals."""

import pytest
from django.db import connection, transaction

pytestmark = pytest.mark.django_db

ASKED = "SELECT %s::int AS asked_often"


def ask(number: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [number])
        return cursor.fetchone()


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%asked_often%%' AND "
            "statement NOT LIKE '%%pg_prepared%%'"
        )
        return int((cursor.fetchone() or (0,))[0])


def test_a_rollback_costs_nobody_their_plans() -> None:
    for number in range(6):
        assert ask(number) == (number,)
    assert prepared() == 1
    with transaction.atomic():
        ask(6)
        transaction.set_rollback(True)
    assert prepared() == 1
    assert ask(7) == (7,)


def test_no_more_are_kept_than_said() -> None:
    assert connection.connection.prepared_max == 1000
    assert connection.connection.prepare_threshold == 3


def test_a_command_that_changes_tables_still_forgets_them() -> None:
    for number in range(6):
        ask(number)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert prepared() == 0
    assert ask(8) == (8,)
