"""Taking in: all of it or nothing, once, by its author alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

import audit.actions
from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.drafts import find_draft, read_draft
from cases.actions.intake import begin_intake, take_in, unfinished_intakes
from cases.errors import (
    AnalysisRefused,
    CaseClosed,
    IntakeChanged,
    InterviewTimes,
    NotAllowed,
    NotVisible,
    PseudonymHeard,
    PseudonymTaken,
)
from cases.models import Case, Consent, Draft, Interview, Testimony, Witness
from cases.vocabulary import CaseStatus, ConsentPurpose, Decision, InterviewStatus
from cases.waiting import waiting_for
from tests import factories
from tests.cases.intakes import FACTS, Intake
from tests.cases.test_leaves import differing
from tests.cases.worlds import World
from vault.errors import VaultError
from vault.opening import open_row
from vault.vocabulary import Purpose


@pytest.fixture
def intake(world: World) -> Intake:
    return Intake(world)


def kinds(world: World) -> list[str]:
    return [event.kind for event in world.events()]


def test_all_of_it_is_recorded_and_the_drafts_are_gone(intake: Intake, world: World) -> None:
    witness = intake.take()
    assert witness.pk == intake.id
    with entering(world.investigator, "test"):
        witness.refresh_from_db()
        assert witness.status == "active"
        assert witness.consent_rows.get().state == "active"
        meeting = witness.interview_rows.get()
        assert (meeting.status, meeting.rights_explained) == (InterviewStatus.COMPLETED, True)
        testimony = witness.testimony_rows.get()
        assert (testimony.status, testimony.interview_id) == ("draft", meeting.pk)
        assert testimony.current is not None
        opened = open_row(testimony.current, "text", reader="test", purpose=Purpose.READ)
        assert opened.text("text") == "They came at ten."
        assert not Draft.objects.exists()
    for kind in (
        Kind.INTAKE_BEGUN,
        Kind.WITNESS_REGISTERED,
        Kind.CONSENT_RECORDED,
        Kind.INTERVIEW_PLANNED,
        Kind.INTERVIEW_STARTED,
        Kind.INTERVIEW_COMPLETED,
        Kind.TESTIMONY_STARTED,
        Kind.INTAKE_FINISHED,
    ):
        assert kinds(world).count(kind) == 1, kind
    # The case's own, and the witness's from the first moment on.
    assert kinds(world).count(Kind.KEY_CREATED) == 2
    assert differing(world) == []


def test_meeting_that_goes_on_is_recorded_as_it_stands(intake: Intake, world: World) -> None:
    meeting = replace(FACTS.meeting, outcome=InterviewStatus.IN_PROGRESS)
    witness = intake.take(replace(FACTS, meeting=meeting))
    with entering(world.investigator, "test"):
        row = witness.interview_rows.get()
        assert (row.status, row.ended_at) == (InterviewStatus.IN_PROGRESS, None)


def test_confirming_twice_makes_one_witness(intake: Intake, world: World) -> None:
    seen = intake.seen()
    assert intake.take(seen=seen).pk == intake.take(seen=seen).pk
    with entering(world.investigator, "test"):
        assert Witness.objects.count() == Testimony.objects.count() == Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"consent": replace(FACTS.consent, limits_explained=False)}, "LimitsNotExplained"),
        ({"meeting": replace(FACTS.meeting, rights_explained=False)}, "RightsNotExplained"),
        ({"meeting": replace(FACTS.meeting, risk=replace(factories.RISK, residual=" "))}, "RiskIncomplete"),
        (
            {"meeting": replace(FACTS.meeting, prior=replace(factories.NOT_TOLD, organisation="A court"))},
            "PriorIncomplete",
        ),
        ({"account": replace(FACTS.account, text=" ")}, "TextEmpty"),
        ({"account": replace(FACTS.account, text="x" * 200_001)}, "TextTooLong"),
    ],
)
def test_what_fails_at_its_last_step_leaves_nothing(
    change: dict[str, Any], refusal: str, intake: Intake, world: World
) -> None:
    before, kept = world.state(), intake.seen()
    assert set(kept) == {"intake-witness"}
    with pytest.raises(Exception, match=refusal):
        intake.take(replace(FACTS, **change))
    assert (world.state(), intake.seen()) == (before, kept)
    assert Kind.WITNESS_REGISTERED not in kinds(world)
    assert "refused" in world.events()[-1].kind


@pytest.mark.parametrize("decision", [Decision.REFUSED, Decision.ASK_AGAIN])
def test_without_agreement_to_analysis_nothing_is_taken_in(
    decision: Decision, intake: Intake, world: World
) -> None:
    answers = tuple(
        replace(one, decision=decision) if one.purpose == ConsentPurpose.INTERNAL_ANALYSIS else one
        for one in FACTS.consent.answers
    )
    with pytest.raises(AnalysisRefused):
        intake.take(replace(FACTS, consent=replace(FACTS.consent, answers=answers)))
    assert world.events(Kind.CONSENT_REFUSED)
    with entering(world.investigator, "test"):
        assert not Witness.objects.exists()


def test_what_was_changed_after_it_was_read_is_not_taken_in(intake: Intake) -> None:
    seen = intake.seen()
    intake.keep("intake-witness", "Nour", number=seen["intake-witness"])
    with pytest.raises(IntakeChanged):
        intake.take(seen=seen)
    intake.keep("intake-account", "They came at ten.")
    with pytest.raises(IntakeChanged):
        intake.take(seen={"intake-witness": 2})
    assert intake.take().pk == intake.id


@pytest.mark.parametrize(
    "near",
    [
        {"participants": ("INT-01", "Selma, her aunt")},
        {"participants": ("سلمى",)},
        {"place": "the house of Salma"},
    ],
)
def test_pseudonym_that_was_typed_as_a_name_is_refused(near: dict[str, Any], intake: Intake) -> None:
    witness = replace(FACTS.witness, public_pseudonym="Salma")
    meeting = replace(FACTS.meeting, interview=replace(FACTS.meeting.interview, **near))
    with pytest.raises(PseudonymHeard):
        intake.take(replace(FACTS, witness=witness, meeting=meeting))


def test_pseudonym_used_before_in_the_case_is_refused(intake: Intake, world: World) -> None:
    assert world.witness
    with pytest.raises(PseudonymTaken):
        intake.take(replace(FACTS, witness=replace(FACTS.witness, public_pseudonym=" SAMÍRA ")))


def test_intake_is_nobody_elses(intake: Intake, world: World) -> None:
    for person in (world.lead, world.outsider):
        with pytest.raises(NotVisible):
            intake.take(by=person, seen={})
        with pytest.raises(NotVisible):
            intake.discard(by=person)
        with entering(person, "test"):
            assert not unfinished_intakes(person).exists()
            assert find_draft(by=person, case=world.case, form="intake", subject=intake.id) is None
    assert [one.kind for one in waiting_for_investigator(world)] == ["intake"]


def waiting_for_investigator(world: World) -> list[Any]:
    with entering(world.investigator, "test"):
        return waiting_for(world.investigator)


def test_who_registers_nobody_begins_nothing(world: World) -> None:
    with pytest.raises(NotAllowed), entering(world.custodian, "test"):
        begin_intake(by=world.custodian, case=world.case)
    with pytest.raises(NotVisible), entering(world.outsider, "test"):
        begin_intake(by=world.outsider, case=world.case)
    assert world.events(Kind.ACCESS_REFUSED)


def test_closed_case_takes_nobody_in_and_keeps_the_drafts(intake: Intake, world: World) -> None:
    kept = intake.seen()
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed):
        intake.take()
    with pytest.raises(CaseClosed), entering(world.investigator, "test"):
        begin_intake(by=world.investigator, case=world.case)
    assert intake.seen() == kept != {}


def test_draft_lies_under_the_key_that_the_witness_will_have(intake: Intake, world: World) -> None:
    with entering(world.investigator, "test"):
        draft = find_draft(by=world.investigator, case=world.case, form="intake-witness", subject=intake.id)
        assert draft is not None
        assert (draft.scope().unit, draft.witness_id) == (intake.id, None)


def test_discarded_intake_cannot_be_read_again(intake: Intake, world: World) -> None:
    copy = intake.keep("intake-account", "a canary of the intake")
    intake.discard()
    assert world.events(Kind.INTAKE_DISCARDED)
    assert world.events(Kind.KEY_DESTROYED)
    assert waiting_for_investigator(world) == []
    with pytest.raises(VaultError), entering(world.investigator, "test"):
        read_draft(by=world.investigator, draft=copy)
    with pytest.raises(NotVisible):
        intake.discard()
    with pytest.raises(NotVisible):
        intake.take(seen={})


def test_intake_that_was_never_begun_is_not_there(world: World) -> None:
    with pytest.raises(NotVisible), entering(world.investigator, "test"):
        take_in(by=world.investigator, case=world.case, intake=uuid4(), facts=FACTS, seen={})


@pytest.mark.parametrize(("begins", "ends"), [(24, None), (0, -1)])
def test_meeting_neither_lies_ahead_nor_ends_before_it_began(
    begins: int, ends: int | None, intake: Intake, world: World
) -> None:
    now = timezone.now()
    ended = None if ends is None else now + timedelta(hours=ends)
    meeting = replace(FACTS.meeting, started_at=now + timedelta(hours=begins), ended_at=ended)
    with pytest.raises(InterviewTimes):
        intake.take(replace(FACTS, meeting=meeting))
    with entering(world.investigator, "test"):
        assert not Interview.objects.exists()


@pytest.mark.parametrize("deed", ["begin", "take", "discard"])
def test_no_event_no_effect(deed: str, intake: Intake, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.state()

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(audit.actions, "append", fail)
    monkeypatch.setattr("cases.actions.intake.record", fail)
    deeds: dict[str, Callable[[], object]] = {
        "begin": lambda: Intake(world),
        "take": lambda: intake.take(seen={"intake-witness": 1}),
        "discard": intake.discard,
    }
    with pytest.raises(RuntimeError, match="no log"):
        deeds[deed]()
    monkeypatch.undo()
    assert world.state() == before


def test_draft_of_an_intake_lies_sealed(intake: Intake, world: World) -> None:
    intake.keep("intake-account", "a canary of the intake")
    with entering(world.investigator, "test"), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM cases_draft t")
        row = cursor.fetchone()
    assert row
    assert "canary" not in row[0]
    assert b"canary".hex() not in row[0]
