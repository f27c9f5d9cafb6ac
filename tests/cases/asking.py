"""A request to open a name as the tests of its steps make it, and what custodians answer with their tools."""

from dataclasses import dataclass, field, replace
from typing import Any

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.identities import add_to_identity, seal_identity
from cases.actions.showing import Shown, show_identity
from cases.actions.unsealing import AccessFacts, Asked, ask_for_identity, change_request, close_request
from cases.models import IdentityRequest, Witness
from cases.vocabulary import IdentityField, IdentityPurpose
from tests.cases.guards import Guards, guarded
from tests.cases.intakes import Intake
from tests.cases.worlds import World, once
from tests.custodians import id_of
from tests.scenarios import Scenario
from vault.custodian import papers
from vault.custodian.keys import BoxSecret
from vault.custodian.papers import Ask, Verdict

NAME = {"given": "Quzahiyya", "family": "القزحية", "phones": "+963 944 555 121"}
FACTS = AccessFacts(
    IdentityPurpose.LIFE_IN_DANGER,
    (IdentityField.GIVEN, IdentityField.PHONES),
    "She must be warned tonight",
)


@dataclass
class Asking:
    """A sealed witness, the lead who asks for her name, and three custodians."""

    world: World
    guards: Guards
    witness: Witness = field(init=False)

    def __post_init__(self) -> None:
        self.witness = Intake(self.world).take()
        by = self.world.investigator
        with entering(by, "test"):
            seal_identity(by=by, witness=self.witness, identity=NAME)
            add_to_identity(by=by, witness=self.witness, identity={"phones": "+961 71 909 343"})

    def ask(self, *, by: User | None = None, facts: AccessFacts = FACTS) -> Asked:
        who = by or self.world.lead
        with entering(who, "test"):
            return ask_for_identity(by=who, witness=self.witness, facts=facts)

    def change(self, asked: Asked, facts: AccessFacts) -> Asked:
        with entering(self.world.lead, "test"):
            return change_request(by=self.world.lead, request=asked.request, facts=facts)

    def paper(self, asked: Asked, place: int, verdict: Verdict = Verdict.APPROVE) -> bytes:
        """What the custodian of that place signs on a laptop without a network."""
        person = self.guards.people[place]
        with entering(person, "test"):
            handed = Ask.read(ask_paper(by=person, request=asked.request))
        keys = self.guards.keys[id_of(person)]
        if verdict == Verdict.APPROVE:
            return papers.approve(handed, id_of(person), keys).write()
        return papers.decide(verdict, handed.request, id_of(person), keys, "It is not safe now").write()

    def answer(self, asked: Asked, place: int, raw: bytes) -> IdentityRequest:
        person = self.guards.people[place]
        with entering(person, "test"):
            return decide_request(by=person, request=asked.request, answer=raw)

    def say(self, asked: Asked, place: int, verdict: Verdict = Verdict.APPROVE) -> IdentityRequest:
        return self.answer(asked, place, self.paper(asked, place, verdict))

    def show(self, asked: Asked, *, by: User | None = None, **change: Any) -> Shown:
        who = by or self.world.lead
        with entering(who, "test"):
            return show_identity(by=who, request=asked.request, typed=change.get("typed", asked.words))


def sealed(world: World) -> Asking:
    """The world's sealed witness, and who asks for her name."""
    return once(world, "asking", lambda world: Asking(world, guarded(world)))


def _asked(world: World) -> None:
    world.__dict__["asked"] = sealed(world).ask(facts=_TOOL)


def _request(world: World) -> IdentityRequest:
    asked: Asked = world.__dict__["asked"]
    return asked.request


_TOOL = replace(FACTS, key=BoxSecret.new().public.raw)
SCENARIOS: list[Scenario[World]] = [
    Scenario(
        "ask_for_identity",
        Kind.IDENTITY_ASKED,
        lambda w, by: ask_for_identity(by=by, witness=sealed(w).witness, facts=_TOOL),
        prepare=sealed,
        by="lead",
        denied=("custodian", "auditor"),
    ),
    Scenario(
        "change_request",
        Kind.IDENTITY_ASK_CHANGED,
        lambda w, by: change_request(by=by, request=_request(w), facts=_TOOL),
        prepare=_asked,
        by="lead",
    ),
    Scenario(
        "close_request",
        Kind.IDENTITY_CLOSED,
        lambda w, by: close_request(by=by, request=_request(w)),
        prepare=_asked,
        by="lead",
    ),
]
