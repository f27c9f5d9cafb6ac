"""What must be there before an action can be tried, and the longer actions themselves."""

from collections.abc import Callable
from typing import TypeAlias

from accounts.door import entering
from accounts.models import User
from cases.actions import (
    acts,
    attestations,
    incidents,
    reviews,
    savedviews,
    testimonies,
    victims,
)
from cases.actions.savedviews import Shelf
from cases.facts import AttestationFacts, DeathFacts, InvolvementFacts, LocationFacts
from cases.models import SavedView
from cases.vocabulary import (
    ChainLink,
    CountClass,
    Degree,
    Permission,
    ReviewCheck,
    TextLanguage,
    VersionKind,
)
from tests import factories
from tests.cases.worlds import World


def submitted(world: World) -> None:
    with entering(world.investigator, "test"):
        testimonies.submit_testimony(by=world.investigator, testimony=world.testimony)


def in_review(world: World) -> None:
    submitted(world)
    with entering(world.supervisor, "test"):
        reviews.take_up_review(by=world.supervisor, testimony=world.testimony)


def approved(world: World) -> None:
    in_review(world)
    with entering(world.supervisor, "test"):
        approve(world, world.supervisor)


def approve(world: World, by: User) -> object:
    return reviews.approve_testimony(
        by=by,
        testimony=world.testimony,
        checklist=frozenset(ReviewCheck),
        no_attestation_reason="Cannot be met again",
    )


def attest(world: World, by: User) -> object:
    facts = AttestationFacts(read_back=True, language=TextLanguage.ARABIC, by_whom="INV")
    return attestations.attest(by=by, testimony=world.testimony, facts=facts)


def save(world: World, by: User) -> object:
    return testimonies.save_version(
        by=by,
        testimony=world.testimony,
        text="Corrected",
        language=TextLanguage.ENGLISH,
        kind=VersionKind.STATEMENT,
        based_on=1,
    )


def with_a_newer_one(world: World) -> None:
    approved(world)
    world.__dict__["newer"] = factories.make_approved_testimony(
        world.consented, world.investigator, world.supervisor
    )


def involved(world: World) -> None:
    with entering(world.investigator, "test"):
        facts = InvolvementFacts(degree=Degree.PRESENT)
        world.__dict__["involvement"] = acts.record_involvement(
            by=world.investigator, act=world.act, actor=world.actor, facts=facts
        )


def dead(world: World) -> None:
    with entering(world.investigator, "test"):
        world.__dict__["death"] = victims.record_death(
            by=world.investigator, victim=world.victim, facts=DeathFacts()
        )


def placed(world: World) -> None:
    with entering(world.investigator, "test"):
        world.__dict__["location"] = incidents.record_location(
            by=world.investigator, case=world.case, facts=LocationFacts(name_en="Banias")
        )


def linked(world: World) -> None:
    other = factories.make_incident(world.case, world.investigator)
    with entering(world.investigator, "test"):
        world.__dict__["link"] = incidents.link_incidents(
            by=world.investigator, first=world.incident, second=other, kind=ChainLink.PRECEDES
        )


SHELF = Shelf("victim-list", Permission.INCIDENT_READ, {"count": CountClass.values})


def keep_view(world: World, by: User) -> SavedView:
    return savedviews.save_view(
        by=by, case=world.case, shelf=SHELF, name="Whom to verify", filters={"count": "named_reported"}
    )


def with_a_view(world: World) -> None:
    with entering(world.lead, "test"):
        world.__dict__["view"] = keep_view(world, world.lead)


Prepare: TypeAlias = Callable[[World], object]


def touch(*names: str) -> Prepare:
    return lambda world: [getattr(world, name) for name in names]
