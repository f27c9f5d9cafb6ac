"""Before a meeting: a fresh assessment that allows it, an answered question, and nothing told twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.door import entering
from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.actions.interviews import change_interview, move_interview, propose_interview
from cases.actions.members import change_member
from cases.actions.risks import assess_risk, justify_repetition, note_prior_account
from cases.errors import (
    FullAccountRepeated,
    IdTaken,
    NotAllowed,
    PriorUnanswered,
    RiskForbids,
    RiskIncomplete,
    RiskNotAssessed,
    RiskOutdated,
    StepNotPossible,
)
from cases.facts import PriorFacts, RiskFacts
from cases.models import Interview, PriorAccount, RiskAssessment, Witness
from cases.overview import overview_of
from cases.permissions import powers
from cases.vocabulary import InterviewStatus, InterviewType, MemberRole, PriorForm, RiskDecision
from tests import factories
from tests.cases.test_pages import look
from tests.cases.worlds import World
from tests.personas import signed_in

STATEMENT = PriorFacts(form=PriorForm.FULL_STATEMENT, organisation="A commission", is_signed=True)


def today_less(days: int) -> RiskFacts:
    return replace(factories.RISK, assessed_on=timezone.localdate() - timedelta(days=days))


def proposed(world: World, kind: InterviewType = InterviewType.FULL_ACCOUNT) -> Interview:
    """An interview before which nothing was weighed or asked."""
    facts = replace(factories.INTERVIEW, type=kind)
    with entering(world.investigator, "test"):
        return propose_interview(by=world.investigator, witness=world.witness, facts=facts)


def go(world: World, interview: Interview, *path: InterviewStatus) -> None:
    for to in path:
        with entering(world.investigator, "test"):
            move_interview(by=world.investigator, interview=interview, to=to, rights_explained=True)


def stopped(world: World, interview: Interview, why: type[Refusal], to: InterviewStatus) -> None:
    before = len(world.events(Kind.INTERVIEW_REFUSED))
    with pytest.raises(why):
        go(world, interview, to)
    assert len(world.events(Kind.INTERVIEW_REFUSED)) == before + 1


def weigh(world: World, facts: RiskFacts) -> RiskAssessment:
    with entering(world.investigator, "test"):
        return assess_risk(by=world.investigator, witness=world.witness, facts=facts)


def told(world: World, facts: PriorFacts) -> PriorAccount:
    with entering(world.investigator, "test"):
        return note_prior_account(by=world.investigator, witness=world.witness, facts=facts)


CLEARED, SCHEDULED, BEGUN = (
    InterviewStatus.RISK_CLEARED,
    InterviewStatus.SCHEDULED,
    InterviewStatus.IN_PROGRESS,
)


def test_newest_assessment_decides_on_every_step_up_to_the_beginning(world: World) -> None:
    interview = proposed(world)
    stopped(world, interview, RiskNotAssessed, CLEARED)
    weigh(world, today_less(40))
    stopped(world, interview, RiskOutdated, CLEARED)
    # A far day of review makes nobody's danger older than 30 days count.
    weigh(world, replace(today_less(31), review_due=timezone.localdate() + timedelta(days=300)))
    stopped(world, interview, RiskOutdated, CLEARED)
    weigh(world, replace(today_less(30), review_due=timezone.localdate() - timedelta(days=1)))
    stopped(world, interview, RiskOutdated, CLEARED)
    weigh(world, today_less(30))
    stopped(world, interview, PriorUnanswered, CLEARED)
    told(world, factories.NOT_TOLD)
    go(world, interview, CLEARED)
    for decision in (RiskDecision.POSTPONE, RiskDecision.DO_NOT_PROCEED):
        weigh(world, replace(factories.RISK, decision=decision))
        stopped(world, interview, RiskForbids, SCHEDULED)
    # What was weighed on an earlier day and is entered afterwards allows nothing.
    weigh(world, today_less(2))
    stopped(world, interview, RiskForbids, SCHEDULED)
    weigh(world, factories.RISK)
    go(world, interview, SCHEDULED)
    weigh(world, replace(factories.RISK, decision=RiskDecision.DO_NOT_PROCEED))
    stopped(world, interview, RiskForbids, BEGUN)
    weigh(world, factories.RISK)
    go(world, interview, BEGUN, InterviewStatus.COMPLETED)


def test_page_of_the_witness_shows_no_green_mark_where_no_meeting_may_be_held(world: World) -> None:
    browser = signed_in(world.investigator)
    assert world.witness

    def mark() -> str:
        page = look(browser, "witness-detail", case=world.case.pk, witness=world.witness.pk)
        (found,) = [
            words
            for words in ("Risk assessed", "No meeting: the risk forbids it", "To be weighed anew", "too old")
            if words in page
        ]
        return found

    weigh(world, today_less(31))
    assert mark() == "too old"
    weigh(world, replace(factories.RISK, decision=RiskDecision.DO_NOT_PROCEED))
    assert mark() == "No meeting: the risk forbids it"
    weigh(world, factories.RISK)
    assert mark() == "Risk assessed"
    with entering(world.investigator, "test"):
        Witness.objects.filter(pk=world.witness.pk).update(risk_raised_at=timezone.now())
    assert mark() == "To be weighed anew"


def test_full_account_is_taken_again_only_for_a_reason_of_somebody_else(world: World) -> None:
    weigh(world, factories.RISK)
    told(world, STATEMENT)
    # That somebody says "none" later does not make the statement untold.
    told(world, factories.NOT_TOLD)
    first, full = proposed(world, InterviewType.FIRST_ACCOUNT), proposed(world)
    stopped(world, full, FullAccountRepeated, CLEARED)
    go(world, first, CLEARED)
    # What was cleared as a first account does not become a full one by correcting it.
    with pytest.raises(FullAccountRepeated), entering(world.investigator, "test"):
        change_interview(by=world.investigator, interview=first, expected=1, facts=factories.INTERVIEW)
    with entering(world.supervisor, "test"):
        justify_repetition(by=world.supervisor, interview=full, reason="It breaks off")
    go(world, full, CLEARED)
    for interview in (full, first):
        with pytest.raises(StepNotPossible), entering(world.supervisor, "test"):
            justify_repetition(by=world.supervisor, interview=interview, reason="Again")


def test_nobody_justifies_what_they_proposed(world: World) -> None:
    person = factories.make_person_like(world.lead)
    membership = factories.join(world.case, world.lead, person, MemberRole.INVESTIGATOR)
    assert world.witness
    with entering(person, "test"):
        interview = propose_interview(by=person, witness=world.witness, facts=factories.INTERVIEW)
    with entering(world.lead, "test"):
        change_member(by=world.lead, membership=membership, role=MemberRole.SUPERVISOR, reason="now reviews")
    with pytest.raises(NotAllowed), entering(person, "test"):
        justify_repetition(by=person, interview=interview, reason="I want to")


def test_after_somebody_learned_the_name_the_risk_is_weighed_anew(world: World) -> None:
    interview = proposed(world)
    weigh(world, factories.RISK)
    told(world, factories.NOT_TOLD)
    assert world.witness
    with entering(world.investigator, "test"):
        Witness.objects.filter(pk=world.witness.pk).update(risk_raised_at=timezone.now())
        assert overview_of(
            world.investigator, world.case, powers(world.investigator, world.case)
        ).not_weighed == [world.witness]
    stopped(world, interview, RiskOutdated, CLEARED)
    weigh(world, today_less(1))  # of the day before: it knew nothing of it
    stopped(world, interview, RiskOutdated, CLEARED)
    weigh(world, factories.RISK)
    go(world, interview, CLEARED)


def test_page_sent_twice_makes_one_row_and_a_foreign_id_none(world: World) -> None:
    once = uuid4()
    by, witness = world.investigator, world.witness
    for _time in range(2):
        with entering(by, "test"):
            assert assess_risk(by=by, witness=witness, facts=factories.RISK, once=once).number == 1
    with pytest.raises(IdTaken), entering(by, "test"):
        note_prior_account(by=by, witness=witness, facts=factories.NOT_TOLD, once=witness.pk)


@pytest.mark.parametrize(
    "change",
    [
        {"threats": " "},
        {"assessed_on": timezone.localdate() + timedelta(days=2)},
        {"review_due": timezone.localdate() - timedelta(days=1)},
    ],
)
def test_assessment_that_cannot_be_is_refused(change: dict[str, Any], world: World) -> None:
    with pytest.raises(RiskIncomplete):
        weigh(world, replace(factories.RISK, **change))
    assert world.events(Kind.RISK_REFUSED)


def test_what_was_weighed_is_never_changed_and_nothing_of_it_is_in_clear(world: World) -> None:
    weigh(world, factories.RISK)
    told(world, STATEMENT)
    with entering(world.investigator, "test"), connection.cursor() as cursor:
        cursor.execute("SELECT r::text || p::text FROM cases_riskassessment r, cases_prioraccount p")
        stored = cursor.fetchone()[0]
    for word in ("neighbour", "proceed", "commission", "full_statement", "yes"):
        assert word not in stored
    for table in ("riskassessment", "prioraccount"):
        with (
            pytest.raises(DatabaseError),
            entering(world.investigator, "test"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE cases_{table} SET sensitivity = 'public'")


def test_overview_names_whom_nobody_weighed_in_thirty_days(world: World) -> None:
    def missing() -> list[str]:
        with entering(world.investigator, "test"):
            found = overview_of(world.investigator, world.case, powers(world.investigator, world.case))
            return [one.code for one in found.not_weighed]

    assert world.witness
    assert missing() == [world.witness.code]
    weigh(world, today_less(31))
    assert missing() == [world.witness.code]
    weigh(world, today_less(30))
    assert missing() == []
    weigh(world, today_less(40))
    assert missing() == []
    weigh(world, replace(today_less(30), review_due=timezone.localdate() - timedelta(days=1)))
    assert missing() == [world.witness.code]
