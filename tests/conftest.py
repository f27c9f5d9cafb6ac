"""Test databases are built by `owner`; every test connects as `app`, under the same grants as production."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Migrate a database of this worker's own as `owner`, then point every alias at it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}"
    with django_db_blocker.unblock():
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            settings.DATABASES[alias]["NAME"] = name
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        for alias in connections:
            connections[alias].close()


def _truncate(self: TransactionTestCase) -> None:
    """Empty every table as `owner`: `app` may not, and content types and permissions must stay."""
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'keystore', 'identity')"
        )
        names = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall() if table not in kept]
        cursor.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY")


TransactionTestCase._fixture_teardown = _truncate  # type: ignore[method-assign]  # the library flushes as `app`
