"""Every action of the room works and is recorded, is refused to who may not, and is undone with its event."""

import pytest

from cases.errors import NotAllowed, NotVisible
from tests.cases import asking, consequences, intakes, scenarios
from tests.cases.worlds import World
from tests.scenarios import (
    Scenario,
    is_refused,
    is_undone_without_its_event,
    works_and_is_recorded,
)

SCENARIOS = [*scenarios.SCENARIOS, *consequences.SCENARIOS, *intakes.SCENARIOS, *asking.SCENARIOS]
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


@each
def test_action_changes_something_and_is_recorded(scenario: Scenario[World], world: World) -> None:
    works_and_is_recorded(scenario, world)


@each
def test_outsider_is_told_that_there_is_nothing(scenario: Scenario[World], world: World) -> None:
    is_refused(scenario, world, "outsider", refusal=NotVisible)


@each
def test_member_of_another_role_is_refused_and_that_is_recorded(
    scenario: Scenario[World], world: World
) -> None:
    is_refused(scenario, world, *scenario.denied, refusal=NotAllowed)


@each
def test_nothing_stands_when_its_event_cannot_be_written(
    scenario: Scenario[World], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_undone_without_its_event(scenario, world, monkeypatch)
