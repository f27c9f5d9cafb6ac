"""Figures that organisations give about the dead, the missing and the displaced.

Promise: a figure is kept with its area, period and persons counted, or not at all; nothing here adds two
figures up. Called by views, the demonstration and tests.
"""

from dataclasses import dataclass, field

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.facts import Dated
from cases.models import Case
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from findings.actions.assertions import usable
from findings.errors import ClaimIncomplete, FiguresTurned
from findings.models import CasualtyClaim
from findings.vocabulary import FigureMethod, Happening, VictimScope


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """A figure with its scope. `figure_max` None: the organisation gives one figure, or only a lower one."""

    organisation: str
    figure_min: int
    figure_max: int | None = None
    is_at_least: bool = False
    happening: Happening = Happening.KILLED
    as_of: Dated = field(default_factory=Dated)
    period: str
    area: str
    victim_scope: VictimScope
    method: FigureMethod = FigureMethod.UNKNOWN
    wording: str = ""
    breakdown: tuple[tuple[str, int], ...] = ()


def record_claim(
    *,
    by: User,
    case: Case,
    facts: ClaimFacts,
    item: EvidenceItem | None = None,
    replaces: CasualtyClaim | None = None,
) -> CasualtyClaim:
    """Keep a figure. Raises `ClaimIncomplete`, `FiguresTurned`, and what `usable` raises of its exhibit."""
    open_for_work(check(by, Permission.FINDING_WRITE, case).case)
    _complete(case, facts)
    if item is not None:
        usable(item, by=by, case=case, field="item")
    claim = CasualtyClaim(case=case, created_by=by, item=item, replaces=replaces)
    claim.seal(
        organisation=facts.organisation.strip(),
        figures={
            "min": facts.figure_min,
            "max": facts.figure_max,
            "at_least": facts.is_at_least,
            "happening": facts.happening.value,
        },
        as_of=facts.as_of.cell(),
        scope_of_figure={
            "period": facts.period.strip(),
            "area": facts.area.strip(),
            "persons": facts.victim_scope.value,
        },
        breakdown=[[name, count] for name, count in facts.breakdown] or None,
        method=facts.method.value,
        wording=facts.wording.strip() or None,
    )
    claim.save(force_insert=True)
    record(Kind.CLAIM_RECORDED, by=by.staff_code, subject=f"claim:{claim.pk}", scope=case.pk, rows=[claim])
    return claim


def _complete(case: Case, facts: ClaimFacts) -> None:
    subject = f"case:{case.pk}"
    named = all(text.strip() for text in (facts.organisation, facts.period, facts.area))
    if not named or facts.figure_min < 0:
        raise ClaimIncomplete(subject=subject, scope=case.pk)
    if facts.figure_max is not None and facts.figure_max < facts.figure_min:
        raise FiguresTurned(subject=subject, scope=case.pk)
