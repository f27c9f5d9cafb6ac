"""What every action owes: who may not is refused, and that is recorded; nothing of it stands when its event
cannot be written; and it works and is recorded.

The three are asked of one preparation, which takes longer than they do: the first two leave nothing behind,
which is what they are about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import pytest
from django.db import connection

import audit.actions
from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.refusals import Refusal
from audit.vocabulary import Kind


class AnyWorld(Protocol):
    """People as attributes, and what can be compared before and after."""

    def state(self) -> object:
        """A digest of every row that the action could touch."""

    def events(self, kind: Kind) -> list[Event]:
        """The events of one kind, oldest first."""


W = TypeVar("W", bound=AnyWorld)


@dataclass(frozen=True)
class Scenario(Generic[W]):
    """One action: what the log says of it, what must be there first, who does it, and who may not."""

    name: str
    kind: Kind
    run: Callable[[W, User], Any]
    prepare: Callable[[W], Any] = lambda world: None
    by: str = "investigator"
    denied: tuple[str, ...] = ("custodian",)


class LogBroken(Exception):
    """The log cannot be written."""


def digests_of(tables: Iterable[str]) -> dict[str, str]:
    """A digest of every row of each table that the reader of the open door sees."""
    row = "SELECT '{0}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(row.format, tables)))
        return dict(cursor.fetchall())


def owes(
    scenario: Scenario[W],
    world: W,
    monkeypatch: pytest.MonkeyPatch,
    refused: Mapping[type[Refusal], Sequence[str]],
) -> None:
    """All that an action owes, for the people it refuses and how."""
    scenario.prepare(world)
    before = world.state()
    for refusal, names in refused.items():
        is_refused(scenario, deepcopy(world), *names, refusal=refusal)
    assert world.state() == before
    is_undone_without_its_event(scenario, deepcopy(world), monkeypatch, before=before)
    works_and_is_recorded(scenario, world, before=before)


def works_and_is_recorded(scenario: Scenario[W], world: W, *, before: object) -> None:
    """Something changed, and the log says who did it."""
    known = len(world.events(scenario.kind))
    by: User = getattr(world, scenario.by)
    with entering(by, "test"):
        scenario.run(world, by)
    assert world.state() != before
    new = world.events(scenario.kind)[known:]
    assert [event.actor for event in new] == [by.staff_code] * len(new)
    assert new


def is_refused(scenario: Scenario[W], world: W, *names: str, refusal: type[Refusal]) -> None:
    """Each of these people is refused, once in the log."""
    for name in names:
        person: User = getattr(world, name)
        refused = Event.objects.of_actor(person.staff_code).of_kinds([Kind.ACCESS_REFUSED])
        known = refused.count()
        with pytest.raises(refusal), entering(person, "test"):
            scenario.run(world, person)
        assert refused.count() == known + 1, name


def is_undone_without_its_event(
    scenario: Scenario[W], world: W, monkeypatch: pytest.MonkeyPatch, *, before: object
) -> None:
    """The log refuses this one kind: no row of the action, and no other event of it, stands."""
    events = Event.objects.count()
    written = audit.actions.append

    def broken(kind: Kind, **details: Any) -> Event:
        if kind == scenario.kind:
            raise LogBroken
        return written(kind, **details)

    by: User = getattr(world, scenario.by)
    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", broken)
        with pytest.raises(LogBroken), entering(by, "test"):
            scenario.run(world, by)
    assert world.state() == before
    assert Event.objects.count() == events
