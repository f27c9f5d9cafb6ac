"""Who may hear a minor, a survivor of sexual violence, or somebody in acute trauma; and ways round it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.trainings import end_training
from accounts.door import entering
from accounts.models import Training, User
from accounts.vocabulary import Role, TrainingKind
from audit.vocabulary import Kind
from cases.actions.interviews import change_interview, hold_interview, move_interview, propose_interview
from cases.actions.members import end_membership
from cases.actions.specialists import NOBODY, wanted_by
from cases.actions.witnesses import change_witness
from cases.errors import NeedTakenAway, NotAtThisTable, SpecialistMissing
from cases.facts import InterviewFacts, MeetingFacts
from cases.models import Interview, Witness
from cases.vocabulary import AgeBand, InterviewStatus, MemberRole, Vulnerability
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import make_person, signed_in

CHILD, SGBV, TRAUMA = TrainingKind.CHILD, TrainingKind.SGBV, TrainingKind.TRAUMA
CLEARED, SCHEDULED, BEGUN = (
    InterviewStatus.RISK_CLEARED,
    InterviewStatus.SCHEDULED,
    InterviewStatus.IN_PROGRESS,
)


@dataclass
class Room:
    """A survivor, an investigator and an interpreter of the case, and somebody who trains people."""

    world: World
    witness: Witness
    interpreter: User
    admin: User

    @property
    def by(self) -> User:
        return self.world.investigator

    def train(self, *people: User, kind: TrainingKind = SGBV, begun: int = 30, days: int = 365) -> Training:
        rows = [factories.make_training(one, self.admin, kind, begun=begun, days=days) for one in people]
        return rows[-1]

    def seats(self, interpreter: str | None = None) -> InterviewFacts:
        return replace(
            factories.INTERVIEW,
            interviewer=self.by.staff_code,
            interpreter=self.interpreter.staff_code if interpreter is None else interpreter,
        )

    def propose(self, facts: InterviewFacts | None = None) -> Interview:
        with entering(self.by, "test"):
            return propose_interview(by=self.by, witness=self.witness, facts=facts or self.seats())

    def go(self, interview: Interview, *path: InterviewStatus) -> None:
        for to in path:
            with entering(self.by, "test"):
                move_interview(by=self.by, interview=interview, to=to, rights_explained=True)

    def stops(self, interview: Interview, to: InterviewStatus) -> None:
        known = len(self.world.events(Kind.INTERVIEW_REFUSED))
        with pytest.raises(SpecialistMissing):
            self.go(interview, to)
        assert len(self.world.events(Kind.INTERVIEW_REFUSED)) == known + 1

    def become(self, *said: Vulnerability) -> None:
        with entering(self.by, "test"):
            now = Witness.objects.get(pk=self.witness.pk)
            facts = replace(factories.WITNESS, public_pseudonym="Lama", vulnerability=said)
            change_witness(by=self.by, witness=now, expected=now.revision, facts=facts)


@pytest.fixture
def room(world: World) -> Room:
    facts = replace(factories.WITNESS, public_pseudonym="Lama", vulnerability=(Vulnerability.SGBV_SURVIVOR,))
    witness = factories.make_witness(world.case, world.investigator, pseudonym="Lama", facts=facts)
    factories.weigh(witness, world.investigator)
    person = make_person(Role.INTERPRETER)
    factories.join(world.case, world.lead, person, MemberRole.INTERPRETER)
    return Room(world, witness, person, make_person(Role.SYSADMIN))


@pytest.mark.parametrize(
    ("said", "band", "wanted"),
    [
        ((Vulnerability.NONE_IDENTIFIED, Vulnerability.ELDERLY), AgeBand.UNKNOWN, set()),
        ((Vulnerability.MINOR,), AgeBand.UNKNOWN, {CHILD}),
        ((), AgeBand.CHILD_UNKNOWN, {CHILD}),
        ((Vulnerability.ACUTE_TRAUMA, Vulnerability.SGBV_SURVIVOR), AgeBand.UNKNOWN, {SGBV, TRAUMA}),
    ],
)
def test_what_a_person_needs(said: Iterable[Vulnerability], band: AgeBand, wanted: set[TrainingKind]) -> None:
    assert wanted_by([str(one) for one in said], str(band)) == wanted


def test_both_are_trained_on_every_step_and_not_saying_who_is_no_way_round(room: Room) -> None:
    unsaid = room.propose(factories.INTERVIEW)
    silent = room.propose(room.seats(interpreter=""))
    interview = room.propose()
    for one in (unsaid, silent, interview):
        room.stops(one, CLEARED)
    room.train(room.by)
    room.stops(interview, CLEARED)
    room.stops(silent, CLEARED)
    room.go(room.propose(room.seats(interpreter=NOBODY)), CLEARED, SCHEDULED, BEGUN)
    room.train(room.interpreter, kind=TRAUMA)
    room.stops(interview, CLEARED)
    last = room.train(room.interpreter)
    room.go(interview, CLEARED)
    # Taken back, expired, or without the case: each before the next step.
    with entering(room.admin, "test"):
        end_training(training=last, by=room.admin)
    room.stops(interview, SCHEDULED)
    room.train(room.interpreter, begun=400, days=399)
    room.stops(interview, SCHEDULED)
    room.train(room.interpreter)
    room.go(interview, SCHEDULED)
    with entering(room.world.lead, "test"):
        row = room.world.case.memberships.get(user=room.interpreter, closed_at__isnull=True)
        end_membership(by=room.world.lead, membership=row)
    room.stops(interview, BEGUN)
    with entering(room.by, "test"):
        now = Interview.objects.get(pk=interview.pk)
        facts = room.seats(interpreter=NOBODY)
        change_interview(by=room.by, interview=now, expected=now.revision, facts=facts)
    room.go(interview, BEGUN, InterviewStatus.COMPLETED)


def test_need_that_is_learned_after_clearance_stops_the_next_step(room: Room) -> None:
    room.train(room.by, room.interpreter)
    interview = room.propose()
    room.go(interview, CLEARED)
    room.become(Vulnerability.SGBV_SURVIVOR, Vulnerability.MINOR)
    room.stops(interview, SCHEDULED)
    room.train(room.by, room.interpreter, kind=CHILD)
    room.go(interview, SCHEDULED)
    room.become(Vulnerability.SGBV_SURVIVOR, Vulnerability.MINOR, Vulnerability.ACUTE_TRAUMA)
    room.stops(interview, BEGUN)


def test_need_is_not_taken_away_while_a_meeting_is_open_and_the_log_says_when_it_was(room: Room) -> None:
    interview = room.propose()
    for status in (InterviewStatus.PROPOSED, CLEARED, SCHEDULED, BEGUN):
        with entering(room.by, "test"):
            Interview.objects.filter(pk=interview.pk).update(status=status)
        with pytest.raises(NeedTakenAway):
            room.become(Vulnerability.NONE_IDENTIFIED)
    assert len(room.world.events(Kind.WITNESS_REFUSED)) == 4
    room.become(Vulnerability.SGBV_SURVIVOR, Vulnerability.ELDERLY)
    with entering(room.by, "test"):
        Interview.objects.filter(pk=interview.pk).update(status=InterviewStatus.NOT_TAKEN)
    room.become(Vulnerability.NONE_IDENTIFIED)
    told = ["eases" in one.leaf for one in room.world.events(Kind.WITNESS_CHANGED)]
    assert told == [False, True]


def test_nobody_untrained_is_seated_after_clearance_but_notes_are_corrected(room: Room) -> None:
    room.train(room.by)
    interview = room.propose(room.seats(interpreter=NOBODY))
    room.go(interview, CLEARED)

    def change(facts: InterviewFacts) -> None:
        with entering(room.by, "test"):
            now = Interview.objects.get(pk=interview.pk)
            change_interview(by=room.by, interview=now, expected=now.revision, facts=facts)

    with pytest.raises(SpecialistMissing):
        change(room.seats())
    with pytest.raises(SpecialistMissing):
        change(replace(room.seats(interpreter=NOBODY), interviewer=room.world.lead.staff_code))
    with pytest.raises(SpecialistMissing):
        change(room.seats(interpreter=""))
    change(replace(room.seats(interpreter=NOBODY), breaks="One, after an hour"))
    room.go(interview, SCHEDULED, BEGUN, InterviewStatus.COMPLETED)
    change(room.seats())  # what really was is written down


def test_day_of_the_meeting_counts(room: Room) -> None:
    room.train(room.by, begun=30, days=40)
    soon, late = timezone.now() + timedelta(days=5), timezone.now() + timedelta(days=20)
    bare = room.seats(interpreter=NOBODY)
    room.go(room.propose(replace(bare, planned_at=soon)), CLEARED)
    room.stops(room.propose(replace(bare, planned_at=late)), CLEARED)

    def hold(days: int) -> None:
        held = MeetingFacts(
            interview=bare,
            risk=factories.RISK,
            prior=factories.NOT_TOLD,
            rights_explained=True,
            started_at=timezone.now() - timedelta(days=days),
            ended_at=timezone.now(),
        )
        with entering(room.by, "test"):
            hold_interview(by=room.by, witness=room.witness, facts=held)

    with pytest.raises(SpecialistMissing):
        hold(31)  # before the training
    hold(29)


def test_only_people_of_the_case_are_named_and_nobody_twice(room: Room) -> None:
    outsider, custodian = room.world.outsider, room.world.custodian
    for facts in (
        replace(room.seats(), interviewer=outsider.staff_code),
        replace(room.seats(), interviewer=room.interpreter.staff_code),
        room.seats(interpreter=outsider.staff_code),
        room.seats(interpreter=custodian.staff_code),
        room.seats(interpreter=room.by.staff_code),
        room.seats(interpreter="INV-9999"),
    ):
        with pytest.raises(NotAtThisTable):
            room.propose(facts)
    assert len(room.world.events(Kind.INTERVIEW_REFUSED)) == 6


def test_pages_say_what_is_needed_and_what_can_be_done_instead(room: Room) -> None:
    browser: Client = signed_in(room.by)
    interview = room.propose()
    here: dict[str, Any] = {"case": room.world.case.pk, "interview": interview.pk}
    page = look(browser, "interview-detail", **here)
    for words in ("Sexual and gender-based violence", "Not trained for it", "Nobody in this case is trained"):
        assert words in page
    page = send(browser, "interview-move", {}, 422, **here, to="risk_cleared").content.decode()
    care = reverse("witness-care", args=[room.world.case.pk, room.witness.pk])
    assert page.index(care) < page.index("Name others, or correct the interview")
    for words in ("heard only by people trained for it", "Take no account", "Record help that you offered"):
        assert words in page
    room.train(room.by, room.interpreter)
    page = look(browser, "interview-detail", **here)
    assert "Not trained for it" not in page
    assert "Take no account" not in page
    send(browser, "interview-move", {}, **here, to="risk_cleared")
    send(browser, "interview-move", {}, **here, to="scheduled")
    page = send(browser, "interview-move", {}, 422, **here, to="in_progress").content.decode()
    assert "What you can do instead" not in page  # only the box was not ticked
    # Nothing that says what the person needs lies in clear, nor in the log.
    told = "".join(event.leaf for event in room.world.events(Kind.INTERVIEW_REFUSED))
    assert not any(word in told for word in ("sgbv", "trained", "child"))


@pytest.mark.parametrize("until", [CLEARED, SCHEDULED])
def test_a_cleared_meeting_that_may_not_be_held_any_more_has_an_end(
    room: Room, until: InterviewStatus
) -> None:
    """A training ends between two steps: nothing leads on, and nothing would lead out."""
    row, interview = room.train(room.by, room.interpreter), room.propose()
    for to in (CLEARED, SCHEDULED)[: 1 + (until == SCHEDULED)]:
        room.go(interview, to)
    with entering(room.admin, "test"):
        end_training(training=row, by=room.admin)
    browser: Client = signed_in(room.by)
    here: dict[str, Any] = {"case": room.world.case.pk, "interview": interview.pk}
    onward = SCHEDULED if until == CLEARED else BEGUN
    answers = {"rights_explained": "on"} if onward == BEGUN else {}
    page = send(browser, "interview-move", answers, 422, **here, to=onward.value).content.decode()
    leave = reverse("interview-move", kwargs={**here, "to": "not_taken"})
    assert leave in page
    assert leave in look(browser, "interview-detail", **here)
    send(browser, "interview-move", {"note": ""}, 422, **here, to="not_taken")
    send(browser, "interview-move", {"note": "Nobody trained is left"}, **here, to="not_taken")
    with entering(room.by, "test"):
        interview.refresh_from_db()
    assert interview.status == InterviewStatus.NOT_TAKEN
    assert "Nobody trained is left" in look(browser, "interview-detail", **here)
