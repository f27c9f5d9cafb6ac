"""The world of this room's tests."""

import pytest

from tests.cases.worlds import World, make_world


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    names = ("lead", "investigator", "supervisor", "custodian", "outsider", "auditor")
    return make_world(**{name: request.getfixturevalue(name) for name in names})
