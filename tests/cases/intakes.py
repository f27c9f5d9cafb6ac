"""An intake of the investigator's, as the tests of its action and of the identity begin it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.drafts import keep_draft
from cases.actions.intake import begin_intake, clear_account, discard_intake, numbers_of, take_in
from cases.facts import AccountFacts, IntakeFacts, MeetingFacts
from cases.models import Case, Draft, Witness
from cases.vocabulary import TextLanguage
from tests import factories
from tests.cases.worlds import World, once
from tests.scenarios import Scenario

FACTS = IntakeFacts(
    consent=factories.CONSENT,
    witness=replace(factories.WITNESS, public_pseudonym="Lama", role_summary="lives across the street"),
    meeting=MeetingFacts(
        interview=replace(factories.INTERVIEW, participants=("INT-01", "a sister")),
        risk=factories.RISK,
        prior=factories.NOT_TOLD,
        rights_explained=True,
    ),
    account=AccountFacts(text="They came at ten.", language=TextLanguage.ENGLISH),
)


@dataclass
class Intake:
    """One intake of the investigator's, with something kept."""

    world: World
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        with entering(self.world.investigator, "test"):
            self.id = begin_intake(by=self.world.investigator, case=self.world.case)
        self.keep("intake-witness", "Lama")

    def keep(self, form: str, text: str, number: int = 0) -> Draft:
        by, case = self.world.investigator, self.world.case
        with entering(by, "test"):
            return keep_draft(
                by=by, case=case, form=form, subject=self.id, content={"t": text}, number=number
            )

    def seen(self) -> dict[str, int]:
        by = self.world.investigator
        with entering(by, "test"):
            return numbers_of(by=by, case=self.world.case, intake=self.id)

    def take(self, facts: IntakeFacts = FACTS, *, by: User | None = None, **change: Any) -> Witness:
        who = by or self.world.investigator
        seen = change.get("seen", self.seen())
        with entering(who, "test"):
            return take_in(by=who, case=self.world.case, intake=self.id, facts=facts, seen=seen)

    def discard(self, *, by: User | None = None) -> None:
        who = by or self.world.investigator
        with entering(who, "test"):
            discard_intake(by=who, case=self.world.case, intake=self.id)


def taken_in(world: World) -> Witness:
    """The witness of the world's first intake."""
    return once(world, "taken", lambda world: Intake(world).take())


def _begun(world: World) -> None:
    world.__dict__["intake"] = Intake(world)


def _id(world: World) -> UUID:
    intake: Intake = world.__dict__["intake"]
    return intake.id


SCENARIOS: list[Scenario[World]] = [
    Scenario(
        "begin_intake",
        Kind.INTAKE_BEGUN,
        lambda w, by: begin_intake(by=by, case=w.case),
        denied=("custodian",),
    ),
    Scenario(
        "clear_account",
        Kind.INTAKE_CLEARED,
        lambda w, by: clear_account(by=by, case=w.case, intake=_id(w)),
        prepare=_begun,
        denied=("custodian",),
    ),
    Scenario(
        "take_in",
        Kind.INTAKE_FINISHED,
        lambda w, by: take_in(
            by=by,
            case=w.case,
            intake=_id(w),
            facts=FACTS,
            seen=numbers_of(by=by, case=w.case, intake=_id(w)),
        ),
        prepare=_begun,
        denied=("custodian",),
    ),
    Scenario(
        "discard_intake",
        Kind.INTAKE_DISCARDED,
        lambda w, by: discard_intake(by=by, case=w.case, intake=_id(w)),
        prepare=_begun,
        denied=("custodian",),
    ),
]


def make_intake(case: Case, by: User, content: Mapping[str, Mapping[str, Any]]) -> UUID:
    """Begin an intake and keep what pages would send: the names of its pages with their fields."""
    with entering(by, "test"):
        intake = begin_intake(by=by, case=case)
        for page, fields in content.items():
            keep_draft(
                by=by, case=case, form=f"intake-{page}", subject=intake, content=dict(fields), number=0
            )
    return intake
