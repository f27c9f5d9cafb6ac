"""A case in which every kind of row speaks of a harbour, and how it is searched."""

import re
from dataclasses import replace

from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from cases.actions.incidents import record_location
from cases.actions.victims import record_death
from cases.facts import DeathFacts, LocationFacts
from cases.vocabulary import PlaceType
from evidence.facts import ItemFacts
from evidence.vocabulary import ItemType
from findings.actions.assertions import LinkFacts, record_assertion
from findings.actions.claims import record_claim
from findings.vocabulary import Stance
from tests import factories
from tests.evidence.worlds import World
from tests.findings.worlds import CLAIM
from tests.personas import signed_in


def fill(world: World) -> World:
    """One row of every kind that speaks of the harbour."""
    by = world.investigator
    facts = replace(factories.WITNESS, role_summary="Saw the HARBOUR burn")
    witness = factories.make_witness(world.case, by, facts=facts)
    factories.make_consent(witness, by)
    factories.make_testimony(witness, by, text="They came from the harbour. جاؤوا من ناحية المدرسة.")
    factories.make_incident(world.case, by, facts=replace(factories.INCIDENT, title="Raid near the harbour"))
    factories.make_victim(world.case, by, facts=replace(factories.VICTIM, known_as="the harbour guard"))
    factories.make_actor(world.case, by, facts=replace(factories.ACTOR, aliases=("The Harbour Men",)))
    with entering(by, "test"):
        facts_of_place = LocationFacts(name_en="Old harbour", name_ar="المرفأ القديم", type=PlaceType.OTHER)
        record_location(by=by, case=world.case, facts=facts_of_place)
    world.register(ItemFacts(type=ItemType.PHOTO, title="The quay", description="A boat in the harbour"))
    tell_of_the_dead(world)
    judge(world)
    return world


def tell_of_the_dead(world: World) -> None:
    """An act within an incident, and how somebody died."""
    by = world.investigator
    incident = factories.make_incident(world.case, by)
    factories.make_act(incident, by, facts=replace(factories.ACT, method="Thrown into the harbour"))
    victim = factories.make_victim(world.case, by, facts=replace(factories.VICTIM, known_as="a fisherman"))
    with entering(by, "test"):
        record_death(by=by, victim=victim, facts=DeathFacts(wounds="Found in the harbour"))


def judge(world: World) -> None:
    """A fact, and a figure that others give."""
    by = world.analyst
    with entering(by, "test"):
        link = LinkFacts(target=world.item, stance=Stance.SUPPORTS, independence_group="the pictures")
        record_assertion(by=by, case=world.case, text="The harbour was closed.", links=[link])
        record_claim(by=by, case=world.case, facts=replace(CLAIM, area="The harbour"))


def ask(world: World, user: User, words: str, browser: Client | None = None) -> str:
    browser = browser or signed_in(user)
    answer = browser.post(reverse("case-search", args=[world.case.pk]), {"words": words})
    assert answer.status_code == 302, answer.status_code
    found = browser.get(answer["Location"])
    assert found.status_code == 200
    return found.content.decode()


def kinds_in(page: str) -> list[str]:
    return re.findall(r'<h2 id="found-\d+">([^<]+)</h2>', page)


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
