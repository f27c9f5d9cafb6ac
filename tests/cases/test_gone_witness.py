"""A witness who withdrew or died: nothing more is done with what they gave, and no page offers it."""

import pytest
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.attestations import attest
from cases.actions.consents import consent_in_force
from cases.actions.interviews import move_interview, propose_interview
from cases.actions.reviews import finalise_testimony
from cases.actions.testimonies import save_version, start_testimony, submit_testimony
from cases.actions.witnesses import move_witness
from cases.errors import NobodyToMeet, StepNotPossible, WitnessNotReady
from cases.facts import AttestationFacts
from cases.models import ConsentEvent, Interview, Testimony, Witness
from cases.vocabulary import (
    ConsentState,
    InterviewStatus,
    SignedHow,
    TestimonyStatus,
    TextLanguage,
    VersionKind,
    WitnessStatus,
)
from tests import factories
from tests.cases.test_pages import look
from tests.cases.worlds import World
from tests.personas import signed_in

GONE = [WitnessStatus.WITHDRAWN, WitnessStatus.DECEASED]


def move(world: World, to: WitnessStatus) -> Witness:
    with entering(world.investigator, "test"):
        move_witness(by=world.investigator, witness=world.witness, to=to)
        return Witness.objects.get(pk=world.witness.pk)


def test_a_witness_who_withdraws_takes_the_consent_back(world: World) -> None:
    assert world.testimony
    witness = move(world, WitnessStatus.WITHDRAWN)
    with entering(world.investigator, "test"):
        assert consent_in_force(witness) is None
        assert witness.consent_rows.get().state == ConsentState.WITHDRAWN
        assert ConsentEvent.objects.filter(witness=witness, kind="withdrawn").count() == 1
    assert len(world.events(Kind.CONSENT_WITHDRAWN)) == 1


def test_without_an_event_neither_witness_nor_consent_moves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.testimony
    before = world.state()

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("cases.actions.consents.record", fail)
    with pytest.raises(RuntimeError, match="no log"):
        move(world, WitnessStatus.WITHDRAWN)
    assert world.state() == before


@pytest.mark.parametrize("to", GONE)
def test_nothing_more_is_taken_down_or_handed_in(world: World, to: WitnessStatus) -> None:
    account, by = world.testimony, world.investigator
    witness = move(world, to)
    said = AttestationFacts(
        read_back=True, language=TextLanguage.ARABIC, by_whom="INV-01", signed_how=SignedHow.NOT_SIGNED
    )
    with pytest.raises(WitnessNotReady), entering(by, "test"):
        start_testimony(by=by, witness=witness, text="more", language=TextLanguage.ARABIC)
    with pytest.raises(WitnessNotReady), entering(by, "test"):
        save_version(
            by=by,
            testimony=account,
            text="more",
            language=TextLanguage.ARABIC,
            kind=VersionKind.STATEMENT,
            based_on=1,
        )
    with pytest.raises(WitnessNotReady), entering(by, "test"):
        attest(by=by, testimony=account, facts=said)
    with pytest.raises(WitnessNotReady), entering(by, "test"):
        submit_testimony(by=by, testimony=account)
    assert len(world.events(Kind.TESTIMONY_REFUSED)) == 4


@pytest.mark.parametrize("to", [*GONE, WitnessStatus.UNREACHABLE])
def test_an_approved_account_is_not_made_final(world: World, supervisor: User, to: WitnessStatus) -> None:
    account = factories.make_approved_testimony(world.consented, world.investigator, supervisor)
    move(world, to)
    with pytest.raises(WitnessNotReady), entering(supervisor, "test"):
        finalise_testimony(by=supervisor, testimony=account)
    with entering(supervisor, "test"):
        assert Testimony.objects.get(pk=account.pk).status == TestimonyStatus.APPROVED
    page = look(signed_in(supervisor), "testimony-detail", case=world.case.pk, testimony=account.pk)
    assert "Make it final" not in page


def test_nobody_consents_for_the_dead(world: World) -> None:
    assert world.testimony
    witness = move(world, WitnessStatus.DECEASED)
    with pytest.raises(StepNotPossible):
        factories.make_consent(witness, world.investigator)


@pytest.mark.parametrize("to", GONE)
def test_no_page_offers_what_would_be_refused(world: World, to: WitnessStatus) -> None:
    account, browser = world.testimony, signed_in(world.investigator)
    ids = {"case": world.case.pk, "witness": world.witness.pk}
    links = [reverse("testimony-create", kwargs=ids), reverse("interview-create", args=[world.case.pk])]
    page = browser.get(reverse("witness-detail", kwargs=ids)).content.decode()
    assert all(link in page for link in links)
    move(world, to)
    page = browser.get(reverse("witness-detail", kwargs=ids)).content.decode()
    assert not any(link in page for link in links)
    assert (reverse("consent-record", kwargs=ids) in page) is (to != WitnessStatus.DECEASED)
    page = look(browser, "testimony-detail", case=world.case.pk, testimony=account.pk)
    for offered in ("Hand in for review", "Write the next version", "Read it back"):
        assert offered not in page


@pytest.mark.parametrize("to", GONE)
def test_no_meeting_is_proposed_cleared_or_begun(world: World, to: WitnessStatus) -> None:
    assert world.testimony
    interview, by, unread = world.interview, world.investigator, world.witness
    move(world, to)
    with pytest.raises(NobodyToMeet), entering(by, "test"):
        # Also where the page was drawn before.
        propose_interview(by=by, witness=unread, facts=factories.INTERVIEW)
    steps = (InterviewStatus.RISK_CLEARED, InterviewStatus.SCHEDULED, InterviewStatus.IN_PROGRESS)
    for before, step in zip((InterviewStatus.PROPOSED, *steps), steps, strict=False):
        with entering(by, "test"):
            Interview.objects.filter(pk=interview.pk).update(status=before)
        with pytest.raises(NobodyToMeet), entering(by, "test"):
            move_interview(by=by, interview=interview, to=step, rights_explained=True)
    assert len(world.events(Kind.INTERVIEW_REFUSED)) == 4
