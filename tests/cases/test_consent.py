"""Consent fails closed: what was not asked, explained, understood and granted is not covered."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.consents import consent_in_force, record_consent, withdraw_consent
from cases.errors import (
    CapacityNotConfirmed,
    ConsentBackdated,
    ConsentClosed,
    ConsentIncomplete,
    GuardianMissing,
    LimitsNotExplained,
    ScopeUnanswered,
)
from cases.facts import ConsentFacts
from cases.models import Consent, ConsentScope, Use
from cases.vocabulary import (
    AgeBand,
    ConsentPurpose,
    ConsentState,
    Decision,
    Gap,
    IdentityLevel,
    Material,
    RecipientClass,
    Vulnerability,
    WitnessStatus,
)
from tests import factories
from tests.cases.worlds import World

IIIM = Use(
    ConsentPurpose.CRIMINAL_INTERNATIONAL,
    RecipientClass.UN_IIIM,
    Material.ACCOUNT_TEXT,
    IdentityLevel.PSEUDONYM,
)


def give(world: World, **changes: Any) -> Consent:
    return factories.make_consent(
        world.witness, world.investigator, facts=replace(factories.CONSENT, **changes)
    )


def gap(world: World, consent: Consent, use: Use = IIIM, **later: int) -> Gap | None:
    with entering(world.investigator, "test"):
        return Consent.objects.get(pk=consent.pk).gap(use, timezone.now() + timedelta(**later))


def granted_uses(facts: ConsentFacts) -> set[tuple[str, str, str]]:
    return {
        (answer.purpose, material, recipient)
        for answer in facts.answers
        if answer.decision == Decision.GRANTED
        for material in answer.materials
        for recipient in answer.recipient_classes
    }


def test_covers_exactly_what_was_granted(world: World) -> None:
    granted = granted_uses(factories.CONSENT)
    assert granted
    with entering(world.investigator, "test"):
        consent, now = world.consent, timezone.now()
        for purpose, recipient, material in product(ConsentPurpose, RecipientClass, Material):
            covered = consent.covers(purpose, recipient, material, IdentityLevel.PSEUDONYM, now)
            assert covered == ((purpose, material, recipient) in granted)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (IdentityLevel.NONE, None),
        (IdentityLevel.PSEUDONYM, None),
        (IdentityLevel.CONFIDENTIAL_IDENTITY, Gap.IDENTITY_LEVEL),
        (IdentityLevel.FULL_IDENTITY, Gap.IDENTITY_LEVEL),
    ],
)
def test_no_more_of_the_person_than_agreed(level: IdentityLevel, expected: Gap | None, world: World) -> None:
    assert gap(world, world.consent, replace(IIIM, identity_level=level)) == expected


def test_expired_and_early_consents_cover_nothing(world: World) -> None:
    consent = give(world, valid_until=timezone.now() + timedelta(days=1))
    assert gap(world, consent) is None
    assert gap(world, consent, days=1, seconds=1) == Gap.EXPIRED
    assert gap(world, consent, days=-1) == Gap.NOT_YET


def test_withdrawal_counts_at_once(world: World) -> None:
    consent = world.consent
    assert gap(world, consent) is None
    with entering(world.custodian, "test"):
        withdraw_consent(by=world.custodian, consent=consent)
    assert gap(world, consent) == Gap.WITHDRAWN
    with entering(world.investigator, "test"):
        assert consent_in_force(world.witness) is None


def test_withdrawal_for_one_purpose_leaves_the_others(world: World) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(
            by=world.investigator, consent=world.consent, purpose=ConsentPurpose.CRIMINAL_INTERNATIONAL
        )
    assert gap(world, world.consent) == Gap.WITHDRAWN
    national = replace(
        IIIM,
        purpose=ConsentPurpose.CRIMINAL_NATIONAL,
        recipient_class=RecipientClass.NATIONAL_AUTHORITY,
    )
    assert gap(world, world.consent, national) is None
    with entering(world.investigator, "test"):
        consent = Consent.objects.get(pk=world.consent.pk)
        assert consent.state == ConsentState.PARTLY_WITHDRAWN
        withdraw_consent(by=world.investigator, consent=consent)
    assert gap(world, world.consent, national) == Gap.WITHDRAWN


def test_withdrawn_consent_takes_no_further_step(world: World) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent)
    with pytest.raises(ConsentClosed), entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent)
    assert len(world.events(Kind.CONSENT_REFUSED)) == 1


def test_withdrawal_put_back_in_the_database_stays_withdrawn(world: World) -> None:
    before = {"state": world.consent.state, "withdrawn_at": None, "tag": world.consent.tag}
    with entering(world.investigator, "test"):
        scopes = list(world.consent.scopes.all())
        withdraw_consent(by=world.investigator, consent=world.consent)
        Consent.objects.filter(pk=world.consent.pk).update(**before)
        for scope in scopes:
            ConsentScope.objects.filter(pk=scope.pk).update(withdrawn_at=None, tag=scope.tag)
    assert gap(world, world.consent) == Gap.WITHDRAWN


@pytest.mark.parametrize("column", ["purpose", "recipient_class", "identity_level", "decision"])
def test_answer_changed_in_the_database_permits_nothing(column: str, world: World) -> None:
    other = {
        "purpose": ConsentPurpose.CRIMINAL_INTERNATIONAL,
        "recipient_class": RecipientClass.FACTFINDING_COMMITTEE,
        "identity_level": IdentityLevel.FULL_IDENTITY,
        "decision": Decision.GRANTED,
    }
    with entering(world.investigator, "test"):
        scope = world.consent.scopes.filter(
            purpose=ConsentPurpose.ARCHIVE if column in ("purpose", "decision") else IIIM.purpose
        ).first()
        assert scope is not None
        setattr(scope, column, other[column])
        use = Use(
            ConsentPurpose(scope.purpose),
            RecipientClass(scope.recipient_class),
            Material(scope.material),
            IdentityLevel(scope.identity_level),
        )
        assert scope.gap(use, timezone.now()) == Gap.NOT_AUTHENTIC


def test_changed_consent_permits_nothing(world: World) -> None:
    with entering(world.investigator, "test"):
        consent = Consent.objects.get(pk=world.consent.pk)
        consent.valid_until = timezone.now() + timedelta(days=9)
        assert consent.gap(IIIM, timezone.now()) == Gap.NOT_AUTHENTIC


def answers(use: Use = IIIM, **changes: Any) -> tuple[Any, ...]:
    return tuple(
        replace(answer, **changes) if answer.purpose == use.purpose else answer
        for answer in factories.ANSWERS
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"decision": Decision.REFUSED}, Gap.REFUSED),
        ({"decision": Decision.ASK_AGAIN}, Gap.ASK_AGAIN),
        ({"recontact_before_use": True}, Gap.ASK_AGAIN),
        ({"materials": (Material.AUDIO,)}, Gap.NOT_ASKED),
    ],
)
def test_gaps(changes: dict[str, Any], expected: Gap, world: World) -> None:
    assert gap(world, give(world, answers=answers(**changes))) == expected


def test_a_body_of_the_state_needs_a_word_of_its_own(world: World) -> None:
    state = replace(IIIM, state_affiliated=True)
    assert gap(world, give(world), state) == Gap.STATE_BODY
    assert gap(world, give(world, answers=answers(names_state_body=True)), state) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"limits_explained": False}, LimitsNotExplained),
        ({"capacity_confirmed": False}, CapacityNotConfirmed),
        ({"language_understood": False}, CapacityNotConfirmed),
        ({"sheet_version": " "}, ConsentIncomplete),
        ({"answers": ()}, ScopeUnanswered),
        ({"answers": factories.ANSWERS[:-1]}, ScopeUnanswered),
        ({"answers": (*factories.ANSWERS, factories.ANSWERS[0])}, ScopeUnanswered),
        ({"answers": answers(materials=())}, ScopeUnanswered),
        ({"answers": answers(recipient_classes=())}, ScopeUnanswered),
        ({"valid_until": timezone.now() - timedelta(days=1)}, ConsentIncomplete),
        ({"given_at": timezone.now() + timedelta(days=1)}, ConsentIncomplete),
    ],
)
def test_what_is_not_yet_a_consent(
    changes: dict[str, Any], refusal: type[ConsentIncomplete], world: World
) -> None:
    assert world.witness
    before = world.state()
    with pytest.raises(refusal):
        give(world, **changes)
    assert world.state() == before
    assert len(world.events(Kind.CONSENT_REFUSED)) == 1


@pytest.mark.parametrize("purpose", [None, ConsentPurpose.CRIMINAL_INTERNATIONAL])
def test_a_consent_from_before_a_withdrawal_does_not_undo_it(
    purpose: ConsentPurpose | None, world: World
) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent, purpose=purpose)
    before = world.state()
    with pytest.raises(ConsentBackdated) as refusal:
        give(world, given_at=timezone.now() - timedelta(days=1))
    assert refusal.value.facts["field"] == "given_on"
    assert world.state() == before
    assert len(world.events(Kind.CONSENT_REFUSED)) == 1
    assert gap(world, give(world)) is None


def test_a_consent_from_before_the_one_in_force_does_not_replace_it(world: World) -> None:
    assert world.consent
    with pytest.raises(ConsentBackdated):
        give(world, given_at=timezone.now() - timedelta(days=1))
    assert gap(world, world.consent) is None


@pytest.mark.parametrize("by", ["age", "vulnerability"])
def test_minor_needs_guardian_assent_and_best_interest(by: str, world: World) -> None:
    facts = (
        replace(factories.WITNESS, age_band=AgeBand.AGE_12_17)
        if by == "age"
        else replace(factories.WITNESS, vulnerability=(Vulnerability.MINOR,))
    )
    child = factories.make_witness(world.case, world.investigator, facts=facts)
    whole: dict[str, Any] = {
        "guardian_consented": True,
        "child_assented": True,
        "best_interest_note": "With her aunt",
    }
    for missing, value in whole.items():
        partial = replace(factories.CONSENT, **{**whole, missing: type(value)()})
        with pytest.raises(GuardianMissing):
            factories.make_consent(child, world.investigator, facts=partial)
    factories.make_consent(child, world.investigator, facts=replace(factories.CONSENT, **whole))


def test_newer_consent_replaces_the_older(world: World) -> None:
    first, second = give(world), give(world)
    with entering(world.investigator, "test"):
        first.refresh_from_db()
        assert first.state == ConsentState.SUPERSEDED
        assert consent_in_force(world.witness) == second
        assert second.number == 2
    assert gap(world, first) == Gap.NO_CONSENT
    assert len(world.events(Kind.CONSENT_SUPERSEDED)) == 1


def test_consent_moves_the_witness_on(world: World) -> None:
    assert world.consented.status == WitnessStatus.CONSENTED


def test_consent_says_nothing_in_clear_that_was_said_in_words(world: World) -> None:
    consent = give(world, answers=answers(conditions="never to my brother"), interpreter="INT-09")
    with entering(world.investigator, "test"):
        rows = [str(vars(consent)), *(str(vars(scope)) for scope in consent.scopes.all())]
    assert not any("brother" in row or "INT-09" in row for row in rows)


def test_record_consent_is_a_verb_of_its_own(world: World) -> None:
    """Two forms sent at once leave one consent in force."""
    with entering(world.investigator, "test"):
        for _ in range(2):
            record_consent(by=world.investigator, witness=world.witness, facts=factories.CONSENT)
        states = list(Consent.objects.order_by("number").values_list("state", flat=True))
    assert states == [ConsentState.SUPERSEDED, ConsentState.ACTIVE]
