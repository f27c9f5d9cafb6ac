"""Every action of the room works and is recorded, is refused to who may not, and is undone with its event;
and the log holds each row as it was written.
"""

import pytest

from cases.errors import NotAllowed, NotVisible
from tests.cases import asking, comparing, consequences, intakes, locked, scenarios
from tests.cases.test_leaves import differing
from tests.cases.worlds import World
from tests.scenarios import Scenario, owes

SCENARIOS = [
    *scenarios.SCENARIOS,
    *consequences.SCENARIOS,
    *intakes.SCENARIOS,
    *asking.SCENARIOS,
    *comparing.SCENARIOS,
    *locked.SCENARIOS,
]
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


@each
def test_action_is_refused_or_undone_or_recorded(
    scenario: Scenario[World], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owes(scenario, world, monkeypatch, {NotVisible: ("outsider",), NotAllowed: scenario.denied})
    assert differing(world) == []
