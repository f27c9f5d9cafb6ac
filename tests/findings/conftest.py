import pytest

from tests.findings.worlds import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
