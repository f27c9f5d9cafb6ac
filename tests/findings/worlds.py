"""A case in which something can be found."""

from dataclasses import dataclass
from functools import cached_property

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Case, Testimony
from cases.vocabulary import MemberRole
from evidence.models import EvidenceItem
from findings.actions.assertions import LinkFacts, record_assertion
from findings.actions.claims import ClaimFacts
from findings.models import FactAssertion, FactLink
from findings.vocabulary import FigureMethod, Stance, VictimScope
from tests import factories
from tests.exports.worlds import make_exhibit
from tests.personas import make_person
from tests.scenarios import digests_of

TABLES = ("casualtyclaim", "factassertion", "factlink", "linkretraction")
CLAIM = ClaimFacts(
    organisation="Syrian Network for Human Rights",
    figure_min=420,
    period="6-11 March 2025",
    area="The coast",
    victim_scope=VictimScope.CIVILIANS_AND_HORS_DE_COMBAT,
    method=FigureMethod.DOCUMENTED,
    breakdown=(("children", 39),),
)


@dataclass
class World:
    """People and a case."""

    lead: User
    investigator: User
    supervisor: User
    outsider: User
    case: Case

    @cached_property
    def testimony(self) -> Testimony:
        witness = factories.make_consented_witness(self.case, self.investigator)
        return factories.make_approved_testimony(witness, self.investigator, self.supervisor)

    @cached_property
    def clip(self) -> EvidenceItem:
        return make_exhibit(self.case, self.investigator)

    def link(self, stance: Stance = Stance.SUPPORTS, group: str = "the widow") -> LinkFacts:
        return LinkFacts(target=self.testimony, stance=stance, independence_group=group)

    @cached_property
    def assertion(self) -> FactAssertion:
        links = [self.link()]
        with entering(self.supervisor, "test"):
            return record_assertion(by=self.supervisor, case=self.case, text="Men came at ten.", links=links)

    @cached_property
    def first_link(self) -> FactLink:
        """What the fact rests on."""
        with entering(self.supervisor, "test"):
            return FactLink.objects.get(assertion=self.assertion)

    def events(self, kind: Kind) -> list[Event]:
        return list(Event.objects.of_kinds([kind]).order_by("at", "id"))

    def state(self) -> dict[str, str]:
        with entering(self.lead, "test"):
            return digests_of(f"findings_{table}" for table in TABLES)


def make_world() -> World:
    """Open a case and take its people in."""
    lead = make_person(Role.INVESTIGATOR, Role.SUPERVISOR)
    investigator, supervisor = make_person(Role.INVESTIGATOR), make_person(Role.SUPERVISOR)
    case = factories.make_case(lead)
    factories.join(case, lead, investigator, MemberRole.INVESTIGATOR)
    factories.join(case, lead, supervisor, MemberRole.SUPERVISOR)
    return World(lead, investigator, supervisor, make_person(Role.INVESTIGATOR), case)
