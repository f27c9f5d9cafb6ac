"""A case that is locked as the tests of its steps need it, and what custodians answer with their tools."""

from dataclasses import dataclass, field

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.locking import lock_case
from cases.actions.reopening import answer_reopening, ask_reopening, reopen_case, reopening_paper
from cases.models import Case, CaseLock
from tests.cases.guards import Guards, found
from tests.cases.worlds import World
from tests.custodians import id_of
from tests.scenarios import Scenario
from vault.custodian import papers
from vault.custodian.papers import Ask, Verdict


@dataclass
class Locking:
    """A case, three custodians, and whoever locks it and asks that it be reopened."""

    world: World
    guards: Guards
    words: str = field(default="", repr=False)

    def lock(self, by: User | None = None) -> CaseLock:
        who = by or self.world.lead
        with entering(who, "test"):
            return lock_case(by=who, case=self.world.case)

    def ask(self, by: User | None = None, reason: str = "The danger is over") -> CaseLock:
        who = by or self.world.lead
        with entering(who, "test"):
            row, self.words = ask_reopening(by=who, case=self.world.case, reason=reason)
        return row

    def handed(self, place: int) -> Ask:
        person = self.guards.people[place]
        with entering(person, "test"):
            return Ask.read(reopening_paper(by=person, case=self.world.case))

    def paper(self, place: int, verdict: Verdict = Verdict.APPROVE) -> bytes:
        """What the custodian of that place signs on a laptop without a network."""
        me, handed = id_of(self.guards.people[place]), self.handed(place)
        if verdict == Verdict.APPROVE:
            return papers.approve(handed, me, self.guards.keys[me]).write()
        return papers.decide(verdict, handed.request, me, self.guards.keys[me], "Not yet").write()

    def answer(self, place: int, raw: bytes) -> CaseLock:
        person = self.guards.people[place]
        with entering(person, "test"):
            return answer_reopening(by=person, case=self.world.case, answer=raw)

    def say(self, place: int, verdict: Verdict = Verdict.APPROVE) -> CaseLock:
        return self.answer(place, self.paper(place, verdict))

    def reopen(self, by: User | None = None, words: str = "") -> Case:
        who = by or self.world.lead
        with entering(who, "test"):
            return reopen_case(by=who, case=self.world.case, typed=words or self.words)

    def reopened(self) -> Case:
        """Asked, answered by two, and open."""
        self.ask()
        self.say(0)
        self.say(1)
        return self.reopen()


def _guarded(world: World) -> None:
    world.__dict__["locking"] = Locking(world, found(world))


def _locked(world: World) -> None:
    _guarded(world)
    locking: Locking = world.__dict__["locking"]
    locking.lock()


SCENARIOS: list[Scenario[World]] = [
    Scenario(
        "lock_case",
        Kind.CASE_LOCKED,
        lambda w, by: lock_case(by=by, case=w.case),
        prepare=_guarded,
        by="supervisor",
        denied=("investigator", "auditor"),
    ),
    Scenario(
        "ask_reopening",
        Kind.CASE_REOPENING_ASKED,
        lambda w, by: ask_reopening(by=by, case=w.case, reason="The danger is over"),
        prepare=_locked,
        by="custodian",
        denied=("investigator", "auditor"),
    ),
]
