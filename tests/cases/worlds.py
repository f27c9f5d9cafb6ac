"""A case with people in every role; rows are made when a test first asks for them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.actions.holds import ask_lift, place_hold
from cases.models import (
    Act,
    Actor,
    Case,
    Consent,
    Incident,
    Interview,
    LegalHold,
    Membership,
    Testimony,
    Victim,
    Witness,
)
from cases.vocabulary import Decision, MemberRole
from tests import factories
from tests.personas import ROLES, make_person
from tests.scenarios import digests_of

T = TypeVar("T")
OWN = ("draft", "namewatch", "savedview")
SESSIONS = ("identitysession", "sessionitem", "sessiondecision", "sessionreport")
PEOPLE = ("lead", "investigator", "supervisor", "custodian", "outsider", "auditor")
TABLES = [
    "case",
    "casecounter",
    "membership",
    "casegrant",
    "witness",
    "consent",
    "consentscope",
    "consentevent",
    "interview",
    "legalhold",
    "riskassessment",
    "contactrules",
    "contactentry",
    "referral",
    "prioraccount",
    "repetitionreason",
    "caselock",
    "lockword",
    "testimony",
    "testimonyversion",
    "attestation",
    "review",
    "draft",
    "identityrequest",
    "identitydecision",
    "namewatch",
    "savedview",
    "location",
    "incident",
    "incidentlink",
    "act",
    "actor",
    "involvement",
    "victim",
    "death",
    "actvictim",
    "revision",
]


@dataclass
class World:
    """One case and its people; the custodian is a member who may do little, the outsider none."""

    lead: User
    investigator: User
    supervisor: User
    custodian: User
    outsider: User
    auditor: User
    case: Case
    memberships: dict[str, Membership]

    @cached_property
    def witness(self) -> Witness:
        """A witness who has agreed to nothing yet."""
        return factories.make_witness(self.case, self.investigator)

    @cached_property
    def consent(self) -> Consent:
        return factories.make_consent(self.witness, self.investigator)

    @cached_property
    def asked_again(self) -> Consent:
        """A consent that wants another talk before each use."""
        answers = tuple(
            replace(one, recontact_before_use=one.decision == Decision.GRANTED) for one in factories.ANSWERS
        )
        facts = replace(factories.CONSENT, answers=answers)
        return factories.make_consent(self.witness, self.investigator, facts=facts)

    @cached_property
    def hold(self) -> LegalHold:
        """The whole case is kept on a court's word."""
        with entering(self.lead, "test"):
            return place_hold(by=self.lead, case=self.case, authority="Court order 7/2026")

    @cached_property
    def hold_to_lift(self) -> LegalHold:
        """What the supervisor asked to lift."""
        with entering(self.supervisor, "test"):
            return ask_lift(by=self.supervisor, hold=self.hold, reason="The court lifted it")

    @cached_property
    def taken_back(self) -> Consent:
        with entering(self.investigator, "test"):
            return withdraw_consent(by=self.investigator, consent=self.consent)

    @cached_property
    def consented(self) -> Witness:
        """The witness once they have consented."""
        assert self.consent
        with entering(self.investigator, "test"):
            self.witness.refresh_from_db()
        return self.witness

    @cached_property
    def interview(self) -> Interview:
        return factories.make_interview(self.witness, self.investigator)

    @cached_property
    def testimony(self) -> Testimony:
        return factories.make_testimony(self.consented, self.investigator)

    @cached_property
    def incident(self) -> Incident:
        return factories.make_incident(self.case, self.investigator)

    @cached_property
    def victim(self) -> Victim:
        return factories.make_victim(self.case, self.investigator, incident=self.incident)

    @cached_property
    def actor(self) -> Actor:
        return factories.make_actor(self.case, self.investigator)

    @cached_property
    def act(self) -> Act:
        return factories.make_act(self.incident, self.investigator, victims=(self.victim,))

    def events(self, kind: Kind | None = None) -> list[Event]:
        """The events of the case, oldest first."""
        rows = Event.objects.of_scope(self.case.pk)
        return list((rows.of_kinds([kind]) if kind else rows).order_by("at", "id"))

    def state(self) -> dict[str, str]:
        """A digest of every row of the room as its people see it: equal means that nothing changed.

        The lead sees what is everybody's; drafts and the like show themselves to their author alone, sessions
        to custodians.
        """
        found: dict[str, str] = {}
        for person in (self.lead, self.investigator, self.supervisor, self.custodian):
            tables = {self.lead: TABLES, self.custodian: SESSIONS}.get(person, OWN)
            with entering(person, "test"):
                digests = digests_of([f"cases_{table}" for table in tables])
            found |= {f"{person.staff_code} {table}": digest for table, digest in digests.items()}
        return found


def once(world: World, name: str, make: Callable[[World], T]) -> T:
    """What is made when a test first asks for it, as the world's own parts are, and copied with them."""
    if name not in world.__dict__:
        world.__dict__[name] = make(world)
    part: T = world.__dict__[name]
    return part


def make_world() -> World:
    """Open the case and take everybody in but the outsider."""
    people = {name: make_person(*ROLES[name], name=f"The {name} of the tests") for name in PEOPLE}
    lead = people["lead"]
    case = factories.make_case(lead)
    roles = {
        "investigator": MemberRole.INVESTIGATOR,
        "supervisor": MemberRole.SUPERVISOR,
        "custodian": MemberRole.IDENTITY_CUSTODIAN,
        "auditor": MemberRole.AUDITOR,
    }
    memberships = {name: factories.join(case, lead, people[name], role) for name, role in roles.items()}
    memberships["lead"] = Membership.objects.get(case=case, user=lead)
    return World(**people, case=case, memberships=memberships)
