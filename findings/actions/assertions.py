"""Facts as single sentences, with what speaks for and against each.

Promise: what contradicts stands beside what supports and is never dropped; nothing is made to rest on what
may not be used; a fact is called corroborated only when two groups of sources that count, and do not come
from one another, support it and nothing contradicts it. What was linked in error is taken back with a reason,
stays on file and counts no more. Called by views, the demonstration and tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

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
    LinkTakenBack,
    RetractionUnexplained,
)
from findings.models import FactAssertion, FactLink, LinkRetraction
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


def take_back_link(*, by: User, link: FactLink, reason: str) -> FactAssertion:
    """Take back what was linked in error; the row stays, with who, when and why. Returns the fact as it is.

    A fact that was called corroborated and is no longer carried is called asserted again in the same step: an
    exhibit may thaw and carry it once more, what was taken back never does. Whoever judged meanwhile is
    asked to look again. Raises `ElsewhereRow`, `LinkTakenBack`, `RetractionUnexplained`.
    """
    open_for_work(check(by, Permission.FINDING_WRITE, link.case_id).case)
    fact, held = _held(by, link)
    said = reason.strip()
    if not said:
        raise RetractionUnexplained(subject=f"assertion:{fact.pk}", scope=fact.case_id, field="reason")
    held.retracted_at = timezone.now()
    held.save(update_fields=["retracted_at"])
    retraction = LinkRetraction(case=fact.case, link=held, created_by=by, created_at=held.retracted_at)
    retraction.seal(reason=said)
    retraction.save(force_insert=True)
    before, fact.revision = fact.state, fact.revision + 1
    if before == FactState.CORROBORATED and not _is_carried(fact, by):
        fact.state = FactState.ASSERTED
    fact.save(update_fields=["state", "revision"])
    record(
        Kind.ASSERTION_UNLINKED,
        by=by.staff_code,
        subject=f"assertion:{fact.pk}",
        scope=fact.case_id,
        facts={"link": str(held.pk), "stance": held.stance, "before": before, "to": fact.state},
        rows=[held, retraction, fact],
    )
    return fact


def _held(by: User, link: FactLink) -> tuple[FactAssertion, FactLink]:
    """Lock a fact and its link that stands, as far as the person may know of both."""
    subject = f"factlink:{link.pk}"
    facts = FactAssertion.objects.visible_to(by).filter(pk=link.assertion_id, case=link.case_id)
    fact = facts.select_for_update(of=("self",)).first()
    links = FactLink.objects.visible_to(by).filter(pk=link.pk, assertion=link.assertion_id, case=link.case_id)
    held = links.select_for_update(of=("self",)).first()
    if fact is None or held is None:
        raise ElsewhereRow(subject=subject, scope=link.case_id)
    if held.retracted_at is not None:
        raise LinkTakenBack(subject=subject, scope=link.case_id)
    return fact, held


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
    if state == FactState.CORROBORATED and not _is_carried(locked, by):
        raise ContraryUnanswered(subject=f"assertion:{locked.pk}", scope=locked.case_id)
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


def _is_carried(assertion: FactAssertion, by: User) -> bool:
    standing_links = FactLink.objects.kept().filter(assertion=assertion, retracted_at__isnull=True)
    links = list(standing_links.select_related("testimony", "item"))
    opened = open_rows(links, "independence_group", reader=by.staff_code, purpose=Purpose.EDIT)
    return standing((link, opened[link.pk].text("independence_group")) for link in links).is_carried
