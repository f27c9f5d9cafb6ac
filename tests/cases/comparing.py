"""A session as the tests of its steps take it: who asks, who agrees, and a chamber in this very process.

The chamber of `Here` does what the child does, without the half second that a child takes; tests of the
process itself use the real one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.vocabulary import Kind
from cases import keeper as keeping
from cases.actions.deciding import ask_paper, decide_request
from cases.actions.identities import seal_identity
from cases.actions.session_report import Told, read_report
from cases.actions.sessions import SessionFacts, ask_for_session, close_session
from cases.chamber import child, holding
from cases.keeper import Keeper
from cases.models import IdentitySession, Witness
from cases.vocabulary import MemberRole, SessionCheck, SessionPurpose
from tests import factories
from tests.cases.guards import Guards, found
from tests.cases.intakes import FACTS, Intake
from tests.cases.worlds import World
from tests.custodians import id_of
from tests.personas import make_person
from tests.scenarios import Scenario
from vault.custodian import papers
from vault.custodian.keys import BoxSecret
from vault.custodian.papers import Ask, Verdict

HER = {"given": "Quzahiyya", "father": "مرداس", "family": "القزحية", "phones": "+963 944 555 121"}
SAME = {"given": "قزحيّة", "father": "Mirdas", "family": "al-Quzahiya", "phones": "٠٩٤٤ ٥٥٥ ١٢١"}
OTHER = {"given": "Wabqashir", "family": "Fazlakar", "relatives": "Dalfaruna", "papers": "NX-88412-7731"}
BOTH = (SessionCheck.DUPLICATES, SessionCheck.PSEUDONYMS)
ASKED = SessionFacts(SessionPurpose.LIFE_IN_DANGER, BOTH, "Before the file goes to the court")


class Here:
    """What the child does, in this process."""

    pid = 0

    def __init__(self) -> None:
        self._secret, self.lives = BoxSecret.new(), True
        self.key = self._secret.public

    def compare(self, job: holding.Job) -> holding.Report:
        return holding._report(child.answer(job.facts(), self._secret))

    def end(self) -> None:
        self.lives = False


def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "Chamber", Here)


@dataclass
class Comparing:
    """Three sealed witnesses, of whom two are one person; an officer who asks; three custodians; a keeper."""

    world: World
    guards: Guards
    officer: User = field(init=False)
    keeper: Keeper = field(default_factory=Keeper)
    witnesses: list[Witness] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.officer = self.another_officer()
        for identity, pseudonym in ((HER, "Lama"), (SAME, "Zaynab"), (OTHER, "Suad")):
            self.witnesses.append(self.sealed(identity, pseudonym))

    def another_officer(self) -> User:
        officer = make_person(Role.DISCLOSURE_OFFICER, name="The officer of the tests")
        factories.join(self.world.case, self.world.lead, officer, MemberRole.DISCLOSURE_OFFICER)
        return officer

    def sealed(self, identity: Mapping[str, str], pseudonym: str) -> Witness:
        by = self.world.investigator
        facts = replace(FACTS, witness=replace(FACTS.witness, public_pseudonym=pseudonym))
        witness = Intake(self.world).take(facts)
        with entering(by, "test"):
            return seal_identity(by=by, witness=witness, identity=identity)

    def ask(self, *, by: User | None = None, facts: SessionFacts = ASKED) -> IdentitySession:
        """Ask, and let the keeper start the process."""
        who = by or self.officer
        with entering(who, "test"):
            asked = ask_for_session(by=who, case=self.world.case, facts=facts)
        self.keeper.step()
        return self.now(asked)

    def now(self, session: IdentitySession) -> IdentitySession:
        with entering(self.officer, "test"):
            return IdentitySession.objects.select_related("created_by", "case").get(pk=session.pk)

    def paper(self, session: IdentitySession, place: int, verdict: Verdict = Verdict.APPROVE) -> bytes:
        """What the custodian of that place signs on a laptop without a network."""
        person = self.guards.people[place]
        with entering(person, "test"):
            handed = Ask.read(ask_paper(by=person, request=session))
        keys = self.guards.keys[id_of(person)]
        if verdict == Verdict.APPROVE:
            return papers.approve(handed, id_of(person), keys).write()
        return papers.decide(verdict, handed.request, id_of(person), keys, "It is not safe now").write()

    def answer(self, session: IdentitySession, place: int, raw: bytes) -> IdentitySession:
        person = self.guards.people[place]
        with entering(person, "test"):
            return decide_request(by=person, request=session, answer=raw)

    def say(
        self, session: IdentitySession, place: int, verdict: Verdict = Verdict.APPROVE
    ) -> IdentitySession:
        return self.answer(session, place, self.paper(session, place, verdict))

    def run(self, facts: SessionFacts = ASKED) -> IdentitySession:
        """Ask, agree and compare."""
        session = self.ask(facts=facts)
        self.say(session, 0)
        self.say(session, 1)
        self.keeper.step()
        return self.now(session)

    def read(self, session: IdentitySession, *, by: User | None = None) -> Told:
        who = by or self.officer
        with entering(who, "test"):
            return read_report(by=who, session=session)


def _sealed(world: World) -> None:
    world.__dict__["comparing"] = Comparing(world, found(world))


def _asked(world: World) -> None:
    _sealed(world)
    with entering(world.custodian, "test"):
        asked = ask_for_session(by=world.custodian, case=world.case, facts=ASKED)
    world.__dict__["session"] = asked


def _session(world: World) -> Any:
    return world.__dict__["session"]


SCENARIOS: list[Scenario[World]] = [
    Scenario(
        "ask_for_session",
        Kind.IDENTITY_ASKED,
        lambda w, by: ask_for_session(by=by, case=w.case, facts=ASKED),
        prepare=_sealed,
        by="custodian",
        denied=("lead", "investigator", "auditor"),
    ),
    Scenario(
        "close_session",
        Kind.IDENTITY_CLOSED,
        lambda w, by: close_session(by=by, session=_session(w)),
        prepare=_asked,
        by="custodian",
        denied=("lead", "supervisor"),
    ),
]
