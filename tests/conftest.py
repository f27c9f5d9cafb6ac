"""Test databases are built by `owner`; every test connects as `app`, under the same grants as production."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests import chromium, databases

pytest_plugins = ["tests.personas", "tests.browser.harness", "tests.journeys.product"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this worker its copy of the migrated database."""
    with django_db_blocker.unblock():
        databases.build()
    yield
    with django_db_blocker.unblock():
        for alias in connections:
            connections[alias].close()


def _restore(self: TransactionTestCase) -> None:
    """Undo a test that committed, as the superuser: `app` may not, and what migrations laid must stay."""
    databases.restore()


# The library would flush as `app`, who may not.
TransactionTestCase._fixture_teardown = _restore  # type: ignore[attr-defined]  # the stubs do not know it


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser its tests are taken out, and the end of the run says so loudly."""
    if chromium.find():
        return
    without = [item for item in items if item.get_closest_marker("browser")]
    if without:
        items[:] = [item for item in items if not item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=without)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if chromium.find() is None:
        terminalreporter.section("browser", sep="!", red=True, bold=True)
        terminalreporter.line(chromium.MISSING, red=True, bold=True)
