"""Facts as single sentences, with what speaks for and against each.

Promise: what contradicts stands beside what supports and is never dropped; nothing is made to rest on what
may not be used; a fact is called corroborated only when two groups of sources that count, and do not come
from one another, support it and nothing contradicts it. Called by views, the demonstration and tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import EditedMeanwhile, ElsewhereRow
from cases.models import Case, Testimony
from cases.permissions import check, open_for_work
from cases.vocabulary import Permission
from evidence.models import EvidenceItem
from findings.errors import (
    AccountWithdrawn,
    AssertionEmpty,
    ContraryUnanswered,
    ExhibitFrozen,
    ExhibitRejected,
)
from findings.models import FactAssertion, FactLink
from findings.vocabulary import FactState, SetAside, Stance
from findings.weighing import set_aside, standing
from vault.opening import open_rows
from vault.vocabulary import Purpose

_REFUSED = {
    SetAside.FROZEN: ExhibitFrozen,
    SetAside.REJECTED: ExhibitRejected,
    SetAside.WITHDRAWN: AccountWithdrawn,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """One thing that speaks for or against; `independence_group` names the source it goes back to."""

    target: Testimony | EvidenceItem
    stance: Stance
    independence_group: str
    passage: str = ""


def record_assertion(*, by: User, case: Case, text: str, links: Sequence[LinkFacts]) -> FactAssertion:
    """Write a fact down with what it rests on.

    Raises `AssertionEmpty`, `ElsewhereRow`, `ExhibitFrozen`, `ExhibitRejected`, `AccountWithdrawn`.
    """
    open_for_work(check(by, Permission.FINDING_WRITE, case).case)
    if not text.strip() or not links:
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


def link_assertion(*, by: User, assertion: FactAssertion, facts: LinkFacts) -> FactLink:
    """Set one thing more beside a fact that stands. Its state stays: that is for somebody to judge.

    Raises what `record_assertion` raises.
    """
    open_for_work(check(by, Permission.FINDING_WRITE, assertion.case_id).case)
    locked = FactAssertion.objects.select_for_update().get(pk=assertion.pk)
    link = _link(locked, by, facts)
    record(
        Kind.ASSERTION_CHANGED,
        by=by.staff_code,
        subject=f"assertion:{locked.pk}",
        scope=locked.case_id,
        facts={"links": 1, "stance": facts.stance.value},
        rows=[link],
    )
    return link


def usable(source: Testimony | EvidenceItem, *, by: User, case: Case, field: str = "target") -> None:
    """Lock what something is to rest on, and refuse what nothing may rest on, or what is not there to see.

    `field` is where the form asks for it, so that the refusal stands there.
    """
    rows = type(source).objects.visible_to(by).filter(pk=source.pk, case=case.pk)
    held = rows.select_for_update(of=("self",)).first()
    subject = f"{source._meta.model_name}:{source.pk}"
    if held is None:
        raise ElsewhereRow(subject=subject, scope=case.pk)
    if (why := set_aside(held)) is not None:
        raise _REFUSED[why](subject=subject, scope=case.pk, field=field)


def _link(assertion: FactAssertion, by: User, facts: LinkFacts) -> FactLink:
    if not facts.independence_group.strip():
        raise AssertionEmpty(subject=f"assertion:{assertion.pk}", scope=assertion.case_id)
    usable(facts.target, by=by, case=assertion.case)
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
    open_for_work(check(by, Permission.FINDING_WRITE, assertion.case_id).case)
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
    standing_links = FactLink.objects.kept().filter(assertion=assertion, retracted_at__isnull=True)
    links = list(standing_links.select_related("testimony", "item"))
    opened = open_rows(links, "independence_group", reader=by.staff_code, purpose=Purpose.EDIT)
    if not standing((link, opened[link.pk].text("independence_group")) for link in links).is_carried:
        raise ContraryUnanswered(subject=f"assertion:{assertion.pk}", scope=assertion.case_id)
