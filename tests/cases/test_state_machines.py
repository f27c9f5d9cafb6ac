"""Every state to every state: exactly the steps of the domain pass, every other is refused and recorded."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import connection

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions import cases, interviews, reviews, testimonies, victims, witness_steps, witnesses
from cases.errors import StepNotPossible
from cases.models import Case, Interview, Testimony, Victim, Witness
from cases.vocabulary import (
    CaseStatus,
    CountClass,
    InterviewStatus,
    TestimonyStatus,
    WitnessStatus,
)
from tests.cases.worlds import World

WITNESS = {
    ("prospective", "engaged"),
    ("engaged", "consented"),
    ("consented", "active"),
    ("active", "unreachable"),
    ("active", "withdrawn"),
    ("active", "deceased"),
    ("active", "protected"),
    ("unreachable", "active"),
}
INTERVIEW = {
    ("proposed", "risk_cleared"),
    ("proposed", "not_taken"),
    ("risk_cleared", "scheduled"),
    ("risk_cleared", "not_taken"),
    ("scheduled", "in_progress"),
    ("scheduled", "not_taken"),
    ("in_progress", "completed"),
    ("in_progress", "stopped_by_witness"),
    ("in_progress", "aborted"),
}
TESTIMONY = {
    ("draft", "submitted"),
    ("submitted", "in_review"),
    ("in_review", "returned"),
    ("in_review", "approved"),
    ("returned", "draft"),
    ("approved", "final"),
    ("approved", "superseded"),
    ("final", "superseded"),
    *((state.value, "withdrawn") for state in TestimonyStatus if state != TestimonyStatus.WITHDRAWN),
}
CASE = {
    ("open", "under_review"),
    ("under_review", "returned"),
    ("under_review", "findings_approved"),
    ("returned", "under_review"),
    ("findings_approved", "closed"),
    ("closed", "archived"),
    ("closed", "open"),
    ("archived", "open"),
}
RISING = {
    ("unnamed_reported", "named_reported"),
    ("unnamed_reported", "unnamed_verified"),
    ("unnamed_verified", "named_verified"),
    ("named_reported", "named_verified"),
}
FALLING = {
    (after, before) for before, after in RISING if (before, after) != ("unnamed_verified", "named_verified")
}
COUNTED = {"unnamed_reported", "unnamed_verified", "named_reported", "named_verified"}


def put(table: str, row: Any, **columns: str) -> None:
    """Set a state past the actions, as only a test may: the row is reached by the reader's own UPDATE."""
    names = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {names} WHERE id = %s", [*columns.values(), row.pk])
        assert cursor.rowcount == 1


def refused(world: World, act: Callable[[], object], person: Any) -> None:
    before = len(world.events(Kind.TRANSITION_REFUSED))
    with pytest.raises(StepNotPossible), entering(person, "test"):
        act()
    assert len(world.events(Kind.TRANSITION_REFUSED)) == before + 1


def test_witness(world: World) -> None:
    for before, to in product(WitnessStatus, WitnessStatus):
        with entering(world.investigator, "test"):
            put("cases_witness", world.witness, status=before.value)
            witness = Witness.objects.get(pk=world.witness.pk)

        def act(witness: Witness = witness, to: WitnessStatus = to) -> Witness:
            return witness_steps.step(by=world.investigator, witness=witness, to=to)

        if (before.value, to.value) in WITNESS:
            with entering(world.investigator, "test"):
                assert act().status == to
        else:
            refused(world, act, world.investigator)


def test_consent_is_never_a_step_by_hand(world: World) -> None:
    with entering(world.investigator, "test"):
        put("cases_witness", world.witness, status="engaged")
    refused(
        world,
        lambda: witnesses.move_witness(
            by=world.investigator, witness=world.witness, to=WitnessStatus.CONSENTED
        ),
        world.investigator,
    )


def test_interview(world: World) -> None:
    for before, to in product(InterviewStatus, InterviewStatus):
        with entering(world.investigator, "test"):
            put("cases_interview", world.interview, status=before.value)
            Interview.objects.filter(pk=world.interview.pk).update(
                started_at="2025-03-01T10:00Z", ended_at=None
            )

        def act(to: InterviewStatus = to) -> Interview:
            return interviews.move_interview(
                by=world.investigator,
                interview=world.interview,
                to=to,
                note="why",
                rights_explained=True,
            )

        if (before.value, to.value) in INTERVIEW:
            with entering(world.investigator, "test"):
                assert act().status == to
        else:
            refused(world, act, world.investigator)


def test_testimony(world: World) -> None:
    for before, to in product(TestimonyStatus, TestimonyStatus):
        with entering(world.supervisor, "test"):
            put("cases_testimony", world.testimony, status=before.value)
            testimony = testimonies.locked(world.testimony)

        def act(testimony: Testimony = testimony, to: TestimonyStatus = to) -> Testimony:
            return testimonies.move(
                by=world.supervisor, testimony=testimony, to=to, kind=Kind.TESTIMONY_SUBMITTED
            )

        if (before.value, to.value) in TESTIMONY:
            with entering(world.supervisor, "test"):
                assert act().status == to
        else:
            refused(world, act, world.supervisor)


# What each action of a testimony may be tried from, through the action itself and not only its table.
ACTIONS: dict[str, tuple[set[str], Callable[[World], object]]] = {
    "submit": (
        {"draft"},
        lambda w: testimonies.submit_testimony(by=w.investigator, testimony=w.testimony),
    ),
    "take_up": (
        {"submitted"},
        lambda w: reviews.take_up_review(by=w.supervisor, testimony=w.testimony),
    ),
    "finalise": (
        {"approved"},
        lambda w: reviews.finalise_testimony(by=w.supervisor, testimony=w.testimony),
    ),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_of_a_testimony_from_every_state(name: str, world: World) -> None:
    allowed, act = ACTIONS[name]
    person = world.investigator if name == "submit" else world.supervisor
    assert world.testimony
    for before in TestimonyStatus:
        with entering(person, "test"):
            put("cases_testimony", world.testimony, status=before.value)
        if before.value in allowed:
            with entering(person, "test"):
                act(world)
        else:
            refused(world, lambda: act(world), person)


@pytest.mark.parametrize("before", TestimonyStatus)
def test_nothing_is_decided_outside_a_review(before: TestimonyStatus, world: World) -> None:
    with entering(world.supervisor, "test"):
        put("cases_testimony", world.testimony, status=before.value)
    refused(
        world,
        lambda: reviews.return_testimony(by=world.supervisor, testimony=world.testimony, comments="why"),
        world.supervisor,
    )


def test_case(world: World) -> None:
    # The supervisor holds both powers that steps of a case ask for.
    for before, to in product(CaseStatus, CaseStatus):
        with entering(world.supervisor, "test"):
            put("cases_case", world.case, status=before.value)

        def act(to: CaseStatus = to) -> Case:
            return cases.move_case(by=world.supervisor, case=world.case, to=to)

        if (before.value, to.value) in CASE:
            with entering(world.supervisor, "test"):
                assert act().status == to
        else:
            refused(world, act, world.supervisor)


def test_victim_between_classes_that_count(world: World) -> None:
    for before, to in product(sorted(COUNTED), sorted(COUNTED)):
        with entering(world.investigator, "test"):
            put("cases_victim", world.victim, count_class=before)

        def act(to: str = to) -> Victim:
            return victims.count_victim(by=world.investigator, victim=world.victim, to=CountClass(to))

        if (before, to) in RISING | FALLING:
            with entering(world.investigator, "test"):
                assert act().count_class == to
        else:
            refused(world, act, world.investigator)


@pytest.mark.parametrize("before", sorted(COUNTED))
def test_rejection_of_a_victim_is_taken_back_to_where_it_was(before: str, world: World) -> None:
    person = world.investigator
    with entering(person, "test"):
        put("cases_victim", world.victim, count_class=before)
        victims.count_victim(by=person, victim=world.victim, to=CountClass.REJECTED)
    for other in CountClass:
        if other.value != before:
            refused(
                world,
                lambda to=other: victims.count_victim(by=person, victim=world.victim, to=to),  # type: ignore[misc]
                person,
            )
    with entering(person, "test"):
        assert (
            victims.count_victim(by=person, victim=world.victim, to=CountClass(before)).count_class == before
        )
