"""A witness who turns out to be a minor: what they alone agreed to counts no more."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.consents import consent_in_force, may_be_analysed
from cases.actions.witnesses import change_witness
from cases.facts import WitnessFacts
from cases.models import Witness
from cases.vocabulary import AgeBand, ConsentState, Vulnerability
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.test_witness_pages import WITNESS
from tests.cases.worlds import World
from tests.personas import signed_in

MINOR = [
    replace(factories.WITNESS, age_band=AgeBand.AGE_12_17),
    replace(factories.WITNESS, vulnerability=(Vulnerability.MINOR,)),
]
WHOLE: dict[str, Any] = {
    "guardian_consented": True,
    "child_assented": True,
    "best_interest_note": "With her aunt",
}


def change(world: World, facts: WitnessFacts) -> Witness:
    with entering(world.investigator, "test"):
        change_witness(by=world.investigator, witness=world.witness, expected=1, facts=facts)
        return Witness.objects.get(pk=world.witness.pk)


@pytest.mark.parametrize("facts", MINOR)
@pytest.mark.parametrize("missing", WHOLE)
def test_a_consent_that_lacks_what_a_minor_needs_is_over(
    world: World, facts: WitnessFacts, missing: str
) -> None:
    partial = {**WHOLE, missing: type(WHOLE[missing])()}
    consent = factories.make_consent(
        world.witness, world.investigator, facts=replace(factories.CONSENT, **partial)
    )
    witness = change(world, facts)
    with entering(world.investigator, "test"):
        assert consent_in_force(witness) is None
        assert not may_be_analysed(witness)
        consent.refresh_from_db()
    assert consent.state == ConsentState.EXPIRED
    assert len(world.events(Kind.CONSENT_EXPIRED)) == 1


def test_a_guarded_consent_goes_on(world: World) -> None:
    guarded = replace(factories.CONSENT, **WHOLE)
    consent = factories.make_consent(world.witness, world.investigator, facts=guarded)
    witness = change(world, MINOR[0])
    with entering(world.investigator, "test"):
        assert consent_in_force(witness) == consent
    assert world.events(Kind.CONSENT_EXPIRED) == []


def test_a_change_that_makes_nobody_a_minor_ends_nothing(world: World) -> None:
    assert world.consent
    witness = change(world, replace(factories.WITNESS, age_band=AgeBand.AGE_18_24))
    with entering(world.investigator, "test"):
        assert consent_in_force(witness) == world.consent


def test_the_page_says_what_the_change_brought(world: World) -> None:
    assert world.consented
    browser = signed_in(world.investigator)
    ids: dict[str, Any] = {"case": world.case.pk, "witness": world.witness.pk}
    send(browser, "witness-edit", {**WITNESS, "age_band": "12-17", "revision": "1"}, **ids)
    page = look(browser, "witness-detail", **ids)
    assert "no guardian consented with them" in page
    assert "No consent in force" in page
