"""What many tests begin with is made once for a module: people, a case, who is in it.

Making them takes longer than most tests take with them. They are made in a transaction that stays open round
the tests of the module; each test has a savepoint of its own, which is undone as ever, and copies of the
objects, so that no test sees what another did. A test that commits ends the transaction first. A module
whose tests all begin with the same parts of a world names them, or what puts them there, and they are made
once as well:

    BEGINS_WITH = ("testimony", "clip", guarded)
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Generic, TypeVar

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

T = TypeVar("T")
_open: list[Callable[[], None]] = []
_test = {"commits": False}  # the one that is being set up


class Kept(Generic[T]):
    """What one maker made, for as long as the transaction is open."""

    def __init__(self, make: Callable[[], T], blocker: DjangoDbBlocker) -> None:
        self._make, self._blocker = make, blocker
        self._made: T | None = None
        if _test["commits"]:
            return
        with blocker.unblock():
            self._outer = transaction.atomic()
            self._outer.__enter__()
            self._made = make()

    def copy(self) -> T:
        """Return it as it was made; made anew where there is no such transaction."""
        return self._make() if self._made is None else deepcopy(self._made)

    def close(self) -> None:
        """Undo it all. Safe to repeat."""
        if self._made is None:
            return
        self._made = None
        with self._blocker.unblock():
            transaction.set_rollback(True)
            self._outer.__exit__(None, None, None)


def keeping(make: Callable[[], T]) -> Callable[..., Iterator[Kept[T]]]:
    """Return a fixture of a module that holds what `make` makes."""

    @pytest.fixture(scope="module")
    def kept(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ) -> Iterator[Kept[T]]:
        def begun() -> T:
            made = make()
            for name in vars(request.module).get("BEGINS_WITH", ()):
                name(made) if callable(name) else getattr(made, name)
            return made

        held = Kept(begun, django_db_blocker)
        _open.append(held.close)
        yield held
        held.close()
        _open.remove(held.close)

    return kept


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    return bool(
        (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & set(names)
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """End what is kept before a test that commits; such a test keeps nothing itself."""
    _test["commits"] = _commits(item)
    if _test["commits"]:
        for close in _open:
            close()
