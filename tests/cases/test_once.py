"""What is sent twice is recorded once, and nothing that was changed in between is lost unseen."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.attestations import attest
from cases.actions.consents import record_consent, withdraw_consent
from cases.actions.contacts import log_contact, offer_referral, set_contact_rules
from cases.actions.intake import begin_intake
from cases.actions.risks import assess_risk, note_prior_account
from cases.actions.testimonies import start_testimony
from cases.errors import IdTaken, SentBefore
from cases.facts import AttestationFacts, PriorFacts
from cases.models import Attestation, Consent, Testimony
from cases.models.witness import WitnessRow
from cases.vocabulary import Channel, PriorForm, ReferralAnswer, RiskDecision, SignedHow, TextLanguage
from tests import factories
from tests.cases.test_consent_pages import GIVEN
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.cases.writing import FIRST, READ_BACK, at, drafts, of
from tests.personas import signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

SAID = AttestationFacts(
    read_back=True,
    language=TextLanguage.ARABIC,
    by_whom="INT-01",
    corrections_count=0,
    signed_how=SignedHow.NOT_SIGNED,
)
Deed = Callable[[World, User, UUID, bool], WitnessRow]


def start(world: World, by: User, once: UUID, is_changed: bool) -> WitnessRow:
    text = "They came at eleven." if is_changed else "They came\r\nat ten."
    return start_testimony(
        by=by, witness=world.consented, text=text, language=TextLanguage.ENGLISH, once=once
    )


def read_back(world: World, by: User, once: UUID, is_changed: bool) -> WitnessRow:
    said = replace(SAID, read_back=False, refused_reason="Too tired") if is_changed else SAID
    return attest(by=by, testimony=world.testimony, facts=said, once=once)


def consent(world: World, by: User, once: UUID, is_changed: bool) -> WitnessRow:
    later = timezone.now() + timedelta(days=30)
    said = replace(factories.CONSENT, valid_until=later) if is_changed else factories.CONSENT
    return record_consent(by=by, witness=world.witness, facts=said, once=once)


DEEDS: list[tuple[Deed, type[WitnessRow], str]] = [
    (start, Testimony, "testimony-create"),
    (read_back, Attestation, "testimony-attest"),
    (consent, Consent, "consent-record"),
]


def do(
    world: World, deed: Deed, once: UUID, *, by: User | None = None, is_changed: bool = False
) -> WitnessRow:
    who = by or world.investigator
    with entering(who, "test"):
        return deed(world, who, once, is_changed)


def prepared(world: World, deed: Deed) -> World:
    """The world in which only the row itself is still to be made."""
    if deed is start:
        assert world.consented
    elif deed is read_back:
        assert world.testimony
    else:
        assert world.witness
    return world


@pytest.mark.parametrize(("deed", "model", "name"), DEEDS)
def test_sent_twice_it_makes_one_row_and_one_event(deed: Deed, model: Any, name: str, world: World) -> None:
    once = uuid4()
    assert do(prepared(world, deed), deed, once).pk == once
    before, events = world.state(), len(world.events())
    assert do(world, deed, once).pk == once
    assert world.state() == before
    done = [one for one in world.events()[events:] if one.kind != Kind.CONTENT_OPENED]
    assert done == []


@pytest.mark.parametrize(("deed", "model", "name"), DEEDS)
def test_what_was_changed_before_it_was_sent_again_is_told(
    deed: Deed, model: Any, name: str, world: World
) -> None:
    once = uuid4()
    do(prepared(world, deed), deed, once)
    before = world.state()
    with pytest.raises(SentBefore):
        do(world, deed, once, is_changed=True)
    assert world.state() == before
    assert world.events(Kind.RECORD_REFUSED)


def test_consent_that_was_taken_back_is_not_in_force_for_being_sent_again(world: World) -> None:
    once = uuid4()
    made = do(prepared(world, consent), consent, once)
    assert isinstance(made, Consent)
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=made, channel="telephone")
    with pytest.raises(SentBefore):
        do(world, consent, once)


@pytest.mark.parametrize(("deed", "model", "name"), DEEDS)
def test_id_of_anything_else_is_refused(deed: Deed, model: Any, name: str, world: World) -> None:
    prepared(world, deed)
    with entering(world.investigator, "test"):
        begun = begin_intake(by=world.investigator, case=world.case)
    for taken in (world.witness.pk, begun):
        with pytest.raises(IdTaken):
            do(world, deed, taken)
    once = uuid4()
    do(world, deed, once)
    with pytest.raises(IdTaken):
        do(world, deed, once, by=world.lead)


def test_id_of_another_account_is_refused(world: World) -> None:
    once = uuid4()
    do(prepared(world, read_back), read_back, once)
    other = factories.make_testimony(world.consented, world.investigator)
    with pytest.raises(IdTaken), entering(world.investigator, "test"):
        attest(by=world.investigator, testimony=other, facts=SAID, once=once)


def test_id_of_a_case_that_one_may_not_know_of_is_refused_alike(world: World) -> None:
    case = factories.make_case(world.outsider, prefix="HOM")
    foreign = factories.make_testimony(factories.make_consented_witness(case, world.outsider), world.outsider)
    with pytest.raises(IdTaken):
        do(prepared(world, start), start, foreign.pk)
    with entering(world.investigator, "test"):
        assert not Testimony.objects.exists()


def drawn(page: str) -> str:
    (found,) = re.findall(r'name="once" value="([0-9a-f-]{36})"', page)
    return str(found)


@pytest.mark.parametrize(
    ("name", "data", "model"),
    [
        ("testimony-create", FIRST, Testimony),
        ("testimony-attest", READ_BACK, Attestation),
        ("consent-record", GIVEN, Consent),
    ],
)
def test_second_press_leads_to_what_the_first_one_made(
    name: str, data: dict[str, Any], model: Any, world: World
) -> None:
    browser: Client = signed_in(world.investigator)
    ids = of(world) if name == "testimony-attest" else at(world)
    with entering(world.investigator, "test"):
        before = model.objects.count()
    once = drawn(look(browser, name, **ids))
    assert drawn(look(browser, name, **ids)) != once
    addresses = {send(browser, name, {**data, "once": once}, **ids)["Location"] for _press in range(2)}
    assert len(addresses) == 1
    with entering(world.investigator, "test"):
        assert model.objects.count() == before + 1
        assert model.objects.filter(pk=once).exists()


def test_text_that_was_changed_on_the_way_back_is_shown_and_kept(world: World) -> None:
    browser = signed_in(world.investigator)
    data = {**FIRST, "once": drawn(look(browser, "testimony-create", **at(world)))}
    send(browser, "testimony-create", data, **at(world))
    changed = {**data, "text": "And there was a fifth."}
    page = send(browser, "testimony-create", changed, 422, **at(world)).content.decode()
    for words in ("This page was sent before", "And there was a fifth."):
        assert words in page
    assert drafts(world) == 1
    page = send(browser, "testimony-create", {**data, "once": "nonsense"}, 422, **at(world))
    assert "valid UUID" in page.content.decode()


def test_reading_that_was_confirmed_carries_no_reason_against_it(world: World) -> None:
    browser = signed_in(world.investigator)
    data = {**READ_BACK, "refused_reason": "Typed before the other answer was chosen"}
    send(browser, "testimony-attest", data, **of(world))
    assert "Typed before" not in look(browser, "testimony-detail", **of(world))
    with entering(world.investigator, "test"):
        row = Attestation.objects.get()
        assert (
            open_row(row, "refused_reason", reader="test", purpose=Purpose.READ).text("refused_reason") == ""
        )
        said = replace(SAID, refused_reason="Nor here")
        made = attest(by=world.investigator, testimony=world.testimony, facts=said)
        assert made.refused_reason is None


SENT: list[tuple[Any, Any, list[dict[str, Any]]]] = [
    (
        assess_risk,
        factories.RISK,
        [{"threats": "Others"}, {"decision": RiskDecision.POSTPONE}, {"review_due": timezone.localdate()}],
    ),
    (
        note_prior_account,
        PriorFacts(form=PriorForm.AUDIO, organisation="A paper"),
        [{"organisation": "A court"}, {"is_signed": True}],
    ),
    (
        partial(set_contact_rules, expected=0),
        factories.CONTACT_RULES,
        [{"channels": (Channel.CALL,)}, {"never": ""}, {"words": "the garden"}],
    ),
    (log_contact, factories.CONTACT, [{"note": ""}, {"at": timezone.now() - timedelta(days=1)}]),
    (offer_referral, factories.REFERRAL, [{"answer": ReferralAnswer.DECLINED}]),
]


def test_care_that_was_changed_before_it_was_sent_again_is_told(world: World) -> None:
    by, witness = world.investigator, world.witness
    for run, facts, changes in SENT:
        once = uuid4()
        for _press in range(2):
            with entering(by, "test"):
                assert run(by=by, witness=witness, facts=facts, once=once).pk == once
        before, refused = world.state(), len(world.events(Kind.RECORD_REFUSED))
        for change in changes:
            with pytest.raises(SentBefore), entering(by, "test"):
                run(by=by, witness=witness, facts=replace(facts, **change), once=once)
        assert world.state() == before
        assert len(world.events(Kind.RECORD_REFUSED)) == refused + len(changes)
