"""The overview of a case, from every room: what is established, missing or contradicted, and what waits."""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.door import reader_code
from accounts.models import User
from casemgr.waiting import waiting_for
from cases.actions.cases import STEPS
from cases.models import Case
from cases.overview import Tally, overview_of, tallies
from cases.policy import CaseRequest, case_view
from cases.vocabulary import CaseStatus, Permission
from evidence.models import EvidenceItem
from evidence.vocabulary import ItemStatus
from findings.models import FactAssertion
from findings.vocabulary import FactState
from vault.opening import open_row
from vault.vocabulary import Purpose

MOST = 10


@dataclass(slots=True)
class Weighed:
    """What the rooms above `cases` add; empty where the reader may not see their rows."""

    exhibits: list[Tally] = field(default_factory=list)
    frozen: list[EvidenceItem] = field(default_factory=list)
    facts: list[Tally] = field(default_factory=list)
    contested: int = 0


def weighed(user: User, case: Case, powers: frozenset[Permission]) -> Weighed:
    """Count exhibits and facts by state; name the exhibits that are frozen."""
    found = Weighed()
    if Permission.EVIDENCE_READ in powers:
        items = EvidenceItem.objects.visible_to(user).filter(case=case)
        found.exhibits = tallies(items, "status", ItemStatus)
        found.frozen = list(items.filter(frozen_at__isnull=False).order_by("frozen_at")[:MOST])
    if Permission.FINDING_READ in powers:
        facts = FactAssertion.objects.visible_to(user).filter(case=case)
        found.facts = tallies(facts, "state", FactState)
        found.contested = sum(one.number for one in found.facts if one.state == FactState.CONTESTED)
    return found


@require_safe
@case_view(Permission.CASE_READ)
def case_detail(request: CaseRequest, case: Case) -> HttpResponse:
    """Answer three questions without scrolling; every count is of what this reader may see."""
    opened = open_row(case, "mandate", reader=reader_code(request.user), purpose=Purpose.READ)
    context = {
        "case": case,
        "mandate": opened.text("mandate"),
        "overview": overview_of(request.user, case, request.powers),
        "weighed": weighed(request.user, case, request.powers),
        "waiting": waiting_for(request.user, case=case),
        "steps": [step for step in CaseStatus if step in STEPS[CaseStatus(case.status)]],
        "may_edit": Permission.CASE_EDIT in request.powers,
        "may_lock": Permission.CASE_LOCK in request.powers,
        "may_withdraw": Permission.CONSENT_WITHDRAW in request.powers,
        "may_decide": Permission.TESTIMONY_REVIEW in request.powers,
    }
    return render(request, "case_overview.html", context)
