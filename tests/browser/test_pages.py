"""Every page once, in a real browser, with language, width and mode by turns; all views for `make screens`.

What is asked of each: nothing blocked or broken, nothing wider than a narrow screen, no serious fault of
accessibility, machine values isolated, targets large enough, and no secret in title or address.
"""

import importlib
import os
import pkgutil
from collections.abc import Iterator

import pytest
from django.urls import reverse

from tests.browser import pages
from tests.browser.harness import VIEWS, View, Window, faults
from tests.browser.visits import Visit
from tests.personas import ROLES, make_person
from tests.policy.rows import World, resolve

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOMS = [module.name for module in pkgutil.iter_modules(pages.__path__)]
ALL_VIEWS = os.environ.get("SCREENS") == "all"
# What the factories call their case, its witness and its people: never in a title or an address.
SECRETS = ("Killings on the coast", "Samira", "of the tests")


def _by_turns(room: str, visits: list[Visit]) -> Iterator[tuple[Visit, View]]:
    """Give each page its view; pages of different rooms start at different ones."""
    start = ROOMS.index(room) * 3
    for number, visit in enumerate(visits, start):
        for view in VIEWS if ALL_VIEWS else [VIEWS[number % len(VIEWS)]]:
            yield visit, view


@pytest.mark.parametrize("room", ROOMS)
def test_pages(room: str, window: Window) -> None:
    visits: list[Visit] = importlib.import_module(f"{pages.__name__}.{room}").VISITS
    world = World({name: make_person(*roles) for name, roles in ROLES.items()})
    found, reader = list[str](), ""
    for visit, view in _by_turns(room, visits):
        for make in visit.given:
            world.get(make)
        address = reverse(visit.name, kwargs=resolve(world, visit.kwargs)) + visit.query
        if visit.persona != reader:
            window.sign_in(world.people.get(visit.persona))
        # Whoever only looks goes on as they are; what was done may have changed that.
        reader = "" if visit.act else visit.persona
        window.look_as(view)
        status = window.go(address)
        if status != visit.status:
            found.append(f"{visit.called}: answers {status}, not {visit.status}")
        if visit.act is not None:
            visit.act(window.page)
        if ALL_VIEWS:
            window.picture(visit.called, view)
        found += [f"{visit.called} ({view}): {fault}" for fault in faults(window, view, SECRETS)]
    assert found == [], "\n" + "\n".join(found)
