"""The world of this room's tests, and its people."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from cases.keeper import Keeper
from tests.cases.comparing import Comparing, here
from tests.cases.guards import Guards, found
from tests.cases.worlds import PEOPLE, World, make_world
from tests.personas import ROLES, make_person
from tests.sharing import Kept, keeping

kept_world = keeping(make_world)


@pytest.fixture
def world(kept_world: Kept[World], db: None) -> World:
    return kept_world.copy()


def _persona(name: str) -> Callable[..., User]:
    @pytest.fixture(name=name)
    def persona(request: pytest.FixtureRequest, db: None) -> User:
        """The person of the world, where a test asks for both."""
        if "world" in request.fixturenames:
            world: World = request.getfixturevalue("world")
            person: User = getattr(world, name)
            return person
        return make_person(*ROLES[name], name=f"The {name} of the tests")

    return persona


lead, investigator, supervisor, custodian, outsider, auditor = map(_persona, PEOPLE)


@pytest.fixture
def guards(world: World) -> Guards:
    return found(world)


def _compared() -> Comparing:
    world = make_world()
    return Comparing(world, found(world))


kept_comparing = keeping(_compared)


@pytest.fixture
def real(kept_comparing: Kept[Comparing], db: None, settings: Any) -> Iterator[Comparing]:
    """Sealed witnesses, custodians and a keeper, made once for a module; a process for each session."""
    copied = kept_comparing.copy()
    settings.CUSTODIAN_FOUNDING = copied.guards.directory.digest.hex()
    copied.keeper = Keeper()
    yield copied
    copied.keeper.close()


@pytest.fixture
def session(real: Comparing, monkeypatch: pytest.MonkeyPatch) -> Comparing:
    """The same, with what the process does in this very one."""
    here(monkeypatch)
    return real
