"""What organisations say about numbers, each with its own scope and never added up, and what is asserted."""

from accounts.models import User
from casemgr.demo.exhibits import Shown
from casemgr.demo.people import ANALYST, acting
from casemgr.demo.witnesses import Told
from cases.facts import Dated
from cases.models import Case
from cases.vocabulary import Precision
from findings.actions.assertions import (
    LinkFacts,
    judge_assertion,
    link_assertion,
    record_assertion,
    take_back_link,
)
from findings.actions.claims import ClaimFacts, record_claim
from findings.vocabulary import FactState, FigureMethod, Happening, Stance, VictimScope

COAST = "The coast of Syria: Latakia, Tartous, Hama, Homs"
CLAIMS = (
    ClaimFacts(
        organisation="Amnesty International",
        figure_min=100,
        is_at_least=True,
        as_of=Dated("2025-04", Precision.MONTH),
        period="8-9 March 2025",
        area="Banias",
        victim_scope=VictimScope.ALL_PERSONS,
        method=FigureMethod.REPORTED,
    ),
    ClaimFacts(
        organisation="Amnesty International",
        figure_min=32,
        as_of=Dated("2025-04", Precision.MONTH),
        period="8-9 March 2025",
        area="Banias",
        victim_scope=VictimScope.CIVILIANS,
        method=FigureMethod.CASES_INVESTIGATED,
    ),
    ClaimFacts(
        organisation="Syrian Network for Human Rights",
        figure_min=420,
        as_of=Dated("2025-03", Precision.MONTH),
        period="From 6 March 2025",
        area=COAST,
        victim_scope=VictimScope.CIVILIANS_AND_HORS_DE_COMBAT,
        method=FigureMethod.DOCUMENTED,
        breakdown=(("children", 39),),
    ),
    ClaimFacts(
        organisation="Syrian Observatory for Human Rights",
        figure_min=1_500,
        as_of=Dated("2025-03", Precision.MONTH),
        period="From 6 March 2025",
        area=COAST,
        victim_scope=VictimScope.CIVILIANS,
        method=FigureMethod.DOCUMENTED,
    ),
    ClaimFacts(
        organisation="Syrian Observatory for Human Rights",
        figure_min=1_700,
        is_at_least=True,
        as_of=Dated("2025-04", Precision.MONTH),
        period="From 6 March 2025",
        area=COAST,
        victim_scope=VictimScope.CIVILIANS,
        method=FigureMethod.DOCUMENTED,
    ),
    ClaimFacts(
        organisation="United Nations",
        figure_min=21_000,
        is_at_least=True,
        happening=Happening.DISPLACED,
        as_of=Dated("2025-04", Precision.MONTH),
        period="From 6 March 2025",
        area="Fled from the coast to Lebanon",
        victim_scope=VictimScope.ALL_PERSONS,
        method=FigureMethod.REPORTED,
    ),
)


def write_down(case: Case, told: Told, shown: Shown) -> None:
    """Record claims and assertions as the analyst."""
    with acting(ANALYST) as by:
        for claim in CLAIMS:
            record_claim(by=by, case=case, facts=claim)
        _assert(by, case, told, shown)


def _assert(by: User, case: Case, told: Told, shown: Shown) -> None:
    record_assertion(
        by=by,
        case=case,
        text="A man was shot on the roof of his home in Banias on 9 March 2025.",
        links=[
            LinkFacts(
                target=told.samira_says, stance=Stance.SUPPORTS, independence_group="the family of the roof"
            ),
            LinkFacts(
                target=shown.pictures[0], stance=Stance.SUPPORTS, independence_group="the family of the roof"
            ),
        ],
    )
    _dig(by, case, shown)
    contested = record_assertion(
        by=by,
        case=case,
        text="The cartridge case found on the stairs shows which unit fired.",
        links=[
            LinkFacts(
                target=shown.casing,
                stance=Stance.CONTRADICTS,
                independence_group="the analysis of the weapon",
            )
        ],
    )
    judge_assertion(by=by, assertion=contested, expected=contested.revision, state=FactState.CONTESTED)


def _dig(by: User, case: Case, shown: Shown) -> None:
    """A picture was set beside the wrong fact, and taken back."""
    dug = record_assertion(
        by=by,
        case=case,
        text="Soil beside Sheikh Hilal cemetery was dug up between 5 and 14 March 2025.",
        links=[LinkFacts(target=shown.frames, stance=Stance.SUPPORTS, independence_group="satellite images")],
    )
    wrong = link_assertion(
        by=by,
        assertion=dug,
        facts=LinkFacts(
            target=shown.pictures[0], stance=Stance.SUPPORTS, independence_group="the family of the roof"
        ),
    )
    take_back_link(by=by, link=wrong, reason="The picture shows the roof, not the cemetery.")
