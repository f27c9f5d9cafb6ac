"""The world of this room's tests, and its people."""

from collections.abc import Callable

import pytest

from accounts.models import User
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
