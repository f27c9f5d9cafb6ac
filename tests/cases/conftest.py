"""The world of this room's tests, and its people."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from cases.keeper import Keeper
from tests.cases.asking import Asking, sealed
from tests.cases.comparing import Comparing, here
from tests.cases.guards import Guards, found, guarded
from tests.cases.worlds import PEOPLE, World, make_world
from tests.personas import ROLES, make_person
from tests.sharing import Kept, keeping
from vault import unsealing
from vault.passphrase import Cost

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
def guards(world: World, settings: Any) -> Guards:
    made = guarded(world)
    settings.CUSTODIAN_FOUNDING = made.founding.hex()
    return made


@pytest.fixture
def asking(world: World, guards: Guards, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """A sealed witness, and who asks for her name; the words of a page cost little."""
    monkeypatch.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))
    return sealed(world)


def _compared() -> Comparing:
    world = make_world()
    return Comparing(world, found(world))


kept_comparing = keeping(_compared)


@pytest.fixture
def real(kept_comparing: Kept[Comparing], db: None, settings: Any) -> Iterator[Comparing]:
    """Sealed witnesses, custodians and a keeper, made once for a module; a process for each session."""
    copied = kept_comparing.copy()
    settings.CUSTODIAN_FOUNDING = copied.guards.founding.hex()
    copied.keeper = Keeper()
    yield copied
    copied.keeper.close()


@pytest.fixture
def session(real: Comparing, monkeypatch: pytest.MonkeyPatch) -> Comparing:
    """The same, with what the process does in this very one."""
    here(monkeypatch)
    return real
