"""Test databases are built by `owner`; every test connects as `app`, under the same grants as production."""

import gc
from collections.abc import Iterator

import pytest
from django.template import Template
from django.test import TransactionTestCase, utils
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from whitenoise.base import WhiteNoise

from accounts.hashers import PepperedArgon2
from tests import chromium, databases

pytest_plugins = [
    "tests.buckets", "tests.sharing", "tests.personas", "tests.browser.harness", "tests.journeys.product",
]  # fmt: skip

# No test asserts a time: a machine that stood still for a moment has found no fault.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(scope="session", autouse=True)
def _plain_rendering(django_test_environment: None) -> None:
    """Draw pages as the product does: the library would copy every part's context for `answer.context`."""
    assert vars(Template)["_render"] is vars(utils)["instrumented_test_render"]
    setattr(Template, "_render", _draw)  # noqa: B010 - the stubs do not know it


@pytest.fixture(scope="session", autouse=True)
def password_cost(django_test_environment: None) -> tuple[int, int]:
    """Let a password cost next to nothing in tests; return what it takes in the product: times and KiB."""
    taken = (PepperedArgon2.time_cost, PepperedArgon2.memory_cost)
    PepperedArgon2.time_cost, PepperedArgon2.memory_cost = 1, 64
    return taken


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that looks into `answer.context` all the same."""
    monkeypatch.setattr(Template, "_render", vars(utils)["instrumented_test_render"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this worker its copy of the migrated database."""
    with django_db_blocker.unblock():
        databases.build()
    yield
    with django_db_blocker.unblock():
        databases.leave()


_draw = vars(Template)["_render"]


def _restore(self: TransactionTestCase) -> None:
    """Undo a test that committed, as the superuser: `app` may not, and what migrations laid must stay."""
    databases.restore()


# The library would flush as `app`, who may not.
TransactionTestCase._fixture_teardown = _restore  # type: ignore[attr-defined]  # the stubs do not know it


# Each client of the tests sets the middleware up anew; looking for the same static files each time takes
# longer than most of what they ask for.
_static: dict[tuple[str, str], dict[str, object]] = {}
_look_for_files = WhiteNoise.update_files_dictionary


def _found_once(self: WhiteNoise, root: str, prefix: str) -> None:
    if (root, prefix) not in _static:
        _look_for_files(self, root, prefix)
        _static[root, prefix] = dict(self.files)
    self.files.update(_static[root, prefix])


WhiteNoise.update_files_dictionary = _found_once


# A test of minutes that began last would be waited for by workers with nothing left to do.
_LONGEST_FIRST = (
    "tests/journeys/test_whole_road.py",
    "tests/browser/test_pages.py::test_pages[evidence]",
    "tests/browser/test_pages.py::test_pages[cases]",
    "tests/policy/test_leak_hunt.py",
    "tests/casemgr/test_demo.py",
    "tests/browser/test_pages.py",
)


def _turn(item: pytest.Item) -> int:
    ranks = (rank for rank, start in enumerate(_LONGEST_FIRST) if item.nodeid.startswith(start))
    return next(ranks, len(_LONGEST_FIRST))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest in front. Without a browser its tests are taken out, and the end says so loudly."""
    items.sort(key=_turn)
    if chromium.find():
        return
    without = [item for item in items if item.get_closest_marker("browser")]
    if without:
        items[:] = [item for item in items if not item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=without)


def pytest_collectstart() -> None:
    gc.disable()  # until all is collected


def pytest_collection_finish() -> None:
    """Leave what is loaded by now to itself: looking through it again and again is a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if chromium.find() is None:
        terminalreporter.section("browser", sep="!", red=True, bold=True)
        terminalreporter.line(chromium.MISSING, red=True, bold=True)
