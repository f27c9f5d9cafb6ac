import pytest

from tests.exports.erasing import scene
from tests.exports.worlds import World, make_world
from tests.sharing import Kept, keeping

__all__ = ["scene"]

kept_world = keeping(make_world)


@pytest.fixture
def world(kept_world: Kept[World], db: None) -> World:
    return kept_world.copy()
