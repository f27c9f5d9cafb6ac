"""The world of this room's tests."""

import pytest

from tests.evidence.worlds import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
