"""Facts as single sentences, with what speaks for and against each.

Promise: what contradicts stands beside what supports and is never dropped; a fact is called corroborated only
when two groups of sources that do not come from one another support it and nothing unanswered contradicts it.
Called by views, the demonstration and tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import EditedMeanwhile
from cases.models import Case, Testimony
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from findings.errors import AssertionEmpty, ContraryUnanswered
from findings.models import FactAssertion, FactLink
from findings.vocabulary import FactState, Stance
from vault.opening import open_rows
from vault.vocabulary import Purpose

INDEPENDENT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """One thing that speaks for or against; `independence_group` names the source it goes back to."""

    target: Testimony | EvidenceItem
    stance: Stance
    independence_group: str
    passage: str = ""


def record_assertion(*, by: User, case: Case, text: str, links: Sequence[LinkFacts]) -> FactAssertion:
    """Write a fact down with what it rests on. Raises `AssertionEmpty`."""
    check(by, Permission.FINDING_WRITE, case)
    if not text.strip() or not links or any(link.target.case_id != case.pk for link in links):
        raise AssertionEmpty(subject=f"case:{case.pk}", scope=case.pk)
    assertion = FactAssertion(case=case, created_by=by)
    assertion.seal(text=text.strip())
    assertion.save(force_insert=True)
    written = [_link(assertion, by, facts) for facts in links]
    record(
        Kind.ASSERTION_RECORDED,
        by=by.staff_code,
        subject=f"assertion:{assertion.pk}",
        scope=case.pk,
        facts={"links": len(written)},
        rows=[assertion, *written],
    )
    return assertion


def _link(assertion: FactAssertion, by: User, facts: LinkFacts) -> FactLink:
    if not facts.independence_group.strip():
        raise AssertionEmpty(subject=f"assertion:{assertion.pk}", scope=assertion.case_id)
    link = FactLink(case=assertion.case, created_by=by, assertion=assertion, stance=facts.stance)
    if isinstance(facts.target, Testimony):
        link.testimony = facts.target
    else:
        link.item = facts.target
    link.seal(passage=facts.passage.strip() or None, independence_group=facts.independence_group.strip())
    link.save(force_insert=True)
    return link


def judge_assertion(*, by: User, assertion: FactAssertion, expected: int, state: FactState) -> FactAssertion:
    """Give a fact its state. Raises `ContraryUnanswered`, `EditedMeanwhile`."""
    check(by, Permission.FINDING_WRITE, assertion.case_id)
    locked = FactAssertion.objects.select_for_update().get(pk=assertion.pk)
    if locked.revision != expected:
        raise EditedMeanwhile(subject=f"assertion:{locked.pk}", scope=locked.case_id)
    if state == FactState.CORROBORATED:
        _check_support(locked, by)
    before, locked.state = locked.state, state
    locked.revision += 1
    locked.save(update_fields=["state", "revision"])
    record(
        Kind.ASSERTION_CHANGED,
        by=by.staff_code,
        subject=f"assertion:{locked.pk}",
        scope=locked.case_id,
        facts={"before": before, "to": state.value},
        rows=[locked],
    )
    return locked


def _check_support(assertion: FactAssertion, by: User) -> None:
    links = list(assertion.links.filter(retracted_at__isnull=True))
    groups = open_rows(links, "independence_group", reader=by.staff_code, purpose=Purpose.EDIT)
    supports = {
        groups[link.pk].text("independence_group").casefold()
        for link in links
        if link.stance == Stance.SUPPORTS
    }
    if len(supports) < INDEPENDENT or any(link.stance == Stance.CONTRADICTS for link in links):
        raise ContraryUnanswered(subject=f"assertion:{assertion.pk}", scope=assertion.case_id)
