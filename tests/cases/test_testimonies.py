"""Accounts: nothing typed is lost, nobody judges their own words, what is final stays."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.attestations import attest
from cases.actions.consents import withdraw_consent
from cases.actions.members import change_member, end_membership
from cases.actions.reviews import (
    approve_testimony,
    finalise_testimony,
    return_testimony,
    take_over_review,
    take_up_review,
)
from cases.actions.testimonies import (
    save_version,
    start_testimony,
    submit_testimony,
    withdraw_testimony,
)
from cases.errors import (
    AttestationMissing,
    AuthorMayNotReview,
    CaseClosed,
    ChecklistOpen,
    CommentMissing,
    ConsentMissing,
    EditedMeanwhile,
    NotTheReviewer,
    ReadOnly,
    ReasonMissing,
    StepNotPossible,
    TextEmpty,
    TextTooLong,
    WitnessNotReady,
)
from cases.facts import AttestationFacts
from cases.models import Case, Interview, Review, Testimony, TestimonyVersion, Witness
from cases.vocabulary import (
    LONGEST_TEXT,
    TOLD,
    CaseStatus,
    InterviewStatus,
    MemberRole,
    ReviewCheck,
    TestimonyStatus,
    TextLanguage,
    VersionKind,
    WitnessStatus,
)
from cases.waiting import waiting_for
from tests import factories
from tests.cases.worlds import World
from vault.opening import open_row
from vault.vocabulary import Purpose

ALL = frozenset(ReviewCheck)


def save(world: World, by: User, text: str = "Newer", based_on: int = 1) -> TestimonyVersion:
    testimony = world.testimony  # made before the door is entered: a refusal would undo it
    with entering(by, "test"):
        return save_version(
            by=by,
            testimony=testimony,
            text=text,
            language=TextLanguage.ENGLISH,
            kind=VersionKind.STATEMENT,
            based_on=based_on,
        )


def submit(world: World) -> None:
    with entering(world.investigator, "test"):
        submit_testimony(by=world.investigator, testimony=world.testimony)


def review(world: World) -> None:
    submit(world)
    with entering(world.supervisor, "test"):
        take_up_review(by=world.supervisor, testimony=world.testimony)


def approve(world: World, reason: str = "Cannot be met", checklist: frozenset[ReviewCheck] = ALL) -> None:
    with entering(world.supervisor, "test"):
        approve_testimony(
            by=world.supervisor,
            testimony=world.testimony,
            checklist=checklist,
            no_attestation_reason=reason,
        )


def now(world: World) -> Testimony:
    with entering(world.lead, "test"):
        return Testimony.objects.select_related("current").get(pk=world.testimony.pk)


def test_registration_numbers_follow_one_another_in_a_case(world: World, outsider: User) -> None:
    numbers = [
        factories.make_testimony(world.consented, world.investigator).registration_no for _ in range(3)
    ]
    assert numbers == ["BAN-WT-0001", "BAN-WT-0002", "BAN-WT-0003"]
    other = factories.make_case(outsider, prefix="HOM")
    witness = factories.make_consented_witness(other, outsider)
    assert factories.make_testimony(witness, outsider).registration_no == "HOM-WT-0001"


def test_two_people_who_write_at_once_lose_nothing(world: World, outsider: User) -> None:
    factories.join(world.case, world.lead, outsider, MemberRole.INVESTIGATOR)
    assert save(world, world.investigator, "The first to save").seq == 2
    with pytest.raises(EditedMeanwhile) as refusal:
        save(world, outsider, "The later")
    assert refusal.value.status == 409
    assert len(world.events(Kind.TRANSITION_REFUSED)) == 1
    current = now(world).current
    assert current is not None
    with entering(world.lead, "test"):
        opened = open_row(current, "text", reader=world.lead.staff_code, purpose=Purpose.READ)
        assert opened.text("text") == "The first to save"
    assert save(world, outsider, "The later, once more", based_on=2).seq == 3


def test_line_ends_are_one(world: World) -> None:
    version = save(world, world.investigator, "one\r\ntwo\rthree")
    with entering(world.lead, "test"):
        opened = open_row(version, "text", "sha256", reader=world.lead.staff_code, purpose=Purpose.READ)
        assert opened.text("text") == "one\ntwo\nthree"
        assert len(opened.text("sha256")) == 64


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", TextEmpty), (" \n\t", TextEmpty), ("x" * (LONGEST_TEXT + 1), TextTooLong)],
)
def test_empty_and_endless_texts_are_refused(text: str, refusal: type[TextEmpty], world: World) -> None:
    with pytest.raises(refusal):
        save(world, world.investigator, text)
    with pytest.raises(refusal), entering(world.investigator, "test"):
        start_testimony(
            by=world.investigator, witness=world.consented, text=text, language=TextLanguage.ARABIC
        )
    assert len(world.events(Kind.TESTIMONY_REFUSED)) == 2


def test_no_account_without_consent(world: World) -> None:
    with pytest.raises(ConsentMissing), entering(world.investigator, "test"):
        start_testimony(
            by=world.investigator, witness=world.witness, text="Words", language=TextLanguage.ARABIC
        )


def test_withdrawn_consent_stops_every_step(world: World) -> None:
    assert world.testimony
    review(world)
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent)
    with pytest.raises(ConsentMissing):
        approve(world)
    assert now(world).status == TestimonyStatus.IN_REVIEW


def test_no_account_is_taken_down_in_a_meeting_that_was_not_held(world: World) -> None:
    by, witness = world.investigator, world.consented

    def told(interview: Interview) -> Testimony:
        with entering(by, "test"):
            return start_testimony(
                by=by, witness=witness, text="I saw", language=TextLanguage.ENGLISH, interview=interview
            )

    for status in sorted(set(InterviewStatus) - set(TOLD)):
        with entering(by, "test"):
            Interview.objects.filter(pk=world.interview.pk).update(status=status)
        # What a page, or a row read before, says of the meeting does not count.
        world.interview.status = InterviewStatus.COMPLETED
        with pytest.raises(StepNotPossible):
            told(world.interview)
    with entering(by, "test"):
        Interview.objects.filter(pk=world.interview.pk).update(
            status=InterviewStatus.IN_PROGRESS, rights_explained=True, started_at=timezone.now()
        )
    assert told(world.interview).interview == world.interview


def test_first_account_makes_the_witness_active(world: World) -> None:
    assert world.testimony
    with entering(world.lead, "test"):
        assert Witness.objects.get().status == WitnessStatus.ACTIVE


@pytest.mark.parametrize("status", ["unreachable", "withdrawn", "deceased"])
def test_nothing_is_approved_for_a_witness_who_cannot_be_relied_on(status: str, world: World) -> None:
    review(world)
    with entering(world.lead, "test"):
        Witness.objects.update(status=status)
    with pytest.raises(WitnessNotReady):
        approve(world)


def test_author_of_any_version_never_reviews(world: World) -> None:
    """The lead wrote a version once; their later role as supervisor does not let them judge it."""
    save(world, world.lead)
    save(world, world.investigator, based_on=2)
    submit(world)
    other = factories.make_person_like(world.lead)
    factories.join(world.case, world.lead, other, MemberRole.LEAD)
    with entering(other, "test"):
        change_member(
            by=other,
            membership=world.memberships["lead"],
            role=MemberRole.SUPERVISOR,
            reason="changes chair",
        )
    with pytest.raises(AuthorMayNotReview), entering(world.lead, "test"):
        take_up_review(by=world.lead, testimony=world.testimony)
    assert len(world.events(Kind.REVIEW_REFUSED)) == 1


def test_one_review_is_held_by_one_person(world: World, outsider: User) -> None:
    review(world)
    second = factories.make_person_like(world.supervisor)
    factories.join(world.case, world.lead, second, MemberRole.SUPERVISOR)
    for act in (
        lambda: return_testimony(by=second, testimony=world.testimony, comments="mend"),
        lambda: take_over_review(by=second, testimony=world.testimony),
    ):
        with pytest.raises(NotTheReviewer), entering(second, "test"):
            act()


def test_review_of_somebody_who_left_is_taken_over(world: World) -> None:
    review(world)
    second = factories.make_person_like(world.supervisor)
    factories.join(world.case, world.lead, second, MemberRole.SUPERVISOR)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["supervisor"])
    with entering(second, "test"):
        take_over_review(by=second, testimony=world.testimony)
        return_testimony(by=second, testimony=world.testimony, comments="mend")
    assert now(world).status == TestimonyStatus.RETURNED


def test_return_needs_a_word(world: World) -> None:
    review(world)
    with pytest.raises(CommentMissing), entering(world.supervisor, "test"):
        return_testimony(by=world.supervisor, testimony=world.testimony, comments=" ")


def test_returned_text_becomes_a_draft_with_its_next_version(world: World) -> None:
    review(world)
    with entering(world.supervisor, "test"):
        return_testimony(by=world.supervisor, testimony=world.testimony, comments="Which door?")
    save(world, world.investigator)
    assert now(world).status == TestimonyStatus.DRAFT
    assert len(world.events(Kind.TESTIMONY_REOPENED)) == 1


def test_approval_needs_reading_back_or_a_reason(world: World) -> None:
    review(world)
    with pytest.raises(AttestationMissing):
        approve(world, reason=" ")
    facts = AttestationFacts(read_back=True, language=TextLanguage.ARABIC, by_whom="INT")
    with entering(world.investigator, "test"):
        attest(by=world.investigator, testimony=world.testimony, facts=facts)
    approve(world, reason="")
    assert now(world).status == TestimonyStatus.APPROVED


def test_refused_attestation_needs_a_reason_and_is_no_reading_back(world: World) -> None:
    review(world)
    refused = AttestationFacts(read_back=False, language=TextLanguage.ARABIC, by_whom="INT")
    with pytest.raises(ReasonMissing), entering(world.investigator, "test"):
        attest(by=world.investigator, testimony=world.testimony, facts=refused)
    facts = AttestationFacts(
        read_back=False, language=TextLanguage.ARABIC, by_whom="INT", refused_reason="Too tired"
    )
    with entering(world.investigator, "test"):
        attest(by=world.investigator, testimony=world.testimony, facts=facts)
    with pytest.raises(AttestationMissing):
        approve(world, reason="")


@pytest.mark.parametrize("point", ReviewCheck)
def test_every_point_of_the_checklist_counts(point: ReviewCheck, world: World) -> None:
    review(world)
    with pytest.raises(ChecklistOpen):
        approve(world, checklist=ALL - {point})


@pytest.mark.parametrize(
    "status",
    [status for status in TestimonyStatus if status not in (TestimonyStatus.DRAFT, TestimonyStatus.RETURNED)],
)
def test_only_drafts_are_written(status: TestimonyStatus, world: World) -> None:
    with entering(world.investigator, "test"):
        Testimony.objects.filter(pk=world.testimony.pk).update(status=status)
    with pytest.raises(ReadOnly):
        save(world, world.investigator)


def test_final_text_is_read_only_for_ever(world: World) -> None:
    review(world)
    approve(world)
    with entering(world.supervisor, "test"):
        finalise_testimony(by=world.supervisor, testimony=world.testimony)
    with pytest.raises(ReadOnly):
        save(world, world.investigator)
    with pytest.raises(StepNotPossible):
        submit(world)
    assert now(world).status == TestimonyStatus.FINAL


def test_withdrawn_testimony_ends_its_review(world: World) -> None:
    review(world)
    with pytest.raises(ReasonMissing), entering(world.investigator, "test"):
        withdraw_testimony(by=world.investigator, testimony=world.testimony, reason="")
    with entering(world.investigator, "test"):
        withdraw_testimony(by=world.investigator, testimony=world.testimony, reason="On her word")
        assert not Review.objects.filter(closed_at__isnull=True).exists()
    leaf = world.events(Kind.TESTIMONY_WITHDRAWN)[0].leaf
    assert "word" not in leaf


def test_closed_case_is_not_written(world: World) -> None:
    assert world.testimony
    with entering(world.lead, "test"):
        Case.objects.update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed):
        save(world, world.investigator)


def test_what_waits_for_whom(world: World) -> None:
    def kinds(user: User) -> list[str]:
        with entering(user, "test"):
            return [one.kind for one in waiting_for(user)]

    submit(world)
    assert kinds(world.supervisor) == ["review"]
    assert kinds(world.investigator) == kinds(world.outsider) == kinds(world.auditor) == []
    with entering(world.supervisor, "test"):
        take_up_review(by=world.supervisor, testimony=world.testimony)
    assert kinds(world.supervisor) == ["reviewing"]
    with entering(world.supervisor, "test"):
        return_testimony(by=world.supervisor, testimony=world.testimony, comments="mend")
    assert (kinds(world.supervisor), kinds(world.investigator)) == ([], ["returned"])


def test_what_waits_costs_the_same_for_one_and_for_many(world: World) -> None:
    def cost() -> int:
        with entering(world.supervisor, "test"), CaptureQueriesContext(connection) as queries:
            waiting_for(world.supervisor)
        return len(queries)

    factories.make_submitted_testimony(world.consented, world.investigator)
    one = cost()
    for _ in range(4):
        factories.make_submitted_testimony(world.consented, world.investigator)
    assert cost() == one
