"""The identity page: sealed by its own button, never shown again, and what was typed lies nowhere."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.models import Case, NameWatch, Witness
from cases.vocabulary import CaseStatus
from tests import factories
from tests.cases.intakes import taken_in
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.cases.writing import FIRST
from tests.personas import signed_in

CANARY = "Quzahiyya"
TYPED = {
    "given": CANARY,
    "father": "Ibrahim",
    "family": "القزحية",
    "phones": "+963 944 555 121",
    "addresses": "the blue door opposite the bakery",
    "safe_contact": "never on Fridays",
}


BEGINS_WITH = (taken_in,)


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


@pytest.fixture
def taken(world: World) -> Witness:
    return taken_in(world)


def of(witness: Witness) -> dict[str, Any]:
    return {"case": witness.case_id, "witness": witness.pk}


def shows(page: str) -> list[str]:
    return [value for value in TYPED.values() if value in page]


@pytest.mark.usefixtures("guards")
def test_identity_is_sealed_and_afterwards_only_said_to_be(
    taken: Witness, world: World, browser: Client
) -> None:
    page = look(browser, "witness-identity", **of(taken))
    assert "never shown again" in page
    assert "data-autosave-url" not in page
    send(browser, "witness-identity", TYPED, **of(taken))
    page = look(browser, "witness-identity", **of(taken))
    assert "The identity is sealed" in page
    assert shows(page) == []
    assert "<textarea" not in page
    assert shows(look(browser, "witness-detail", **of(taken))) == []
    assert len(world.events(Kind.IDENTITY_SEALED)) == 1
    assert "is sealed already" in send(browser, "witness-identity", TYPED, 422, **of(taken)).content.decode()


@pytest.mark.usefixtures("guards")
@pytest.mark.parametrize("ended", ["never given", "over", "withdrawn"])
def test_without_a_consent_that_counts_no_name_is_asked_for(
    ended: str, world: World, browser: Client
) -> None:
    witness = world.witness
    if ended != "never given":
        day = timedelta(days=1)
        begun, until = timezone.now() - 9 * day, timezone.now() - day if ended == "over" else None
        facts = replace(factories.CONSENT, given_at=begun, valid_until=until)
        factories.make_consent(witness, world.investigator, facts=facts)
    if ended == "withdrawn":
        with entering(world.investigator, "test"):
            withdraw_consent(by=world.investigator, consent=witness.consent_rows.get())
    page = look(browser, "witness-identity", **of(witness))
    assert 'name="given"' not in page
    assert reverse("consent-record", kwargs=of(witness)) in page
    assert "Seal the identity" not in look(browser, "witness-detail", **of(witness))
    page = send(browser, "witness-identity", TYPED, 422, **of(witness)).content.decode()
    assert "no consent in force" in page
    assert shows(page) == []
    with entering(world.investigator, "test"):
        assert Witness.objects.get(pk=witness.pk).vault_ref is None


@pytest.mark.usefixtures("guards")
def test_in_a_closed_case_no_name_is_asked_for(taken: Witness, world: World, browser: Client) -> None:
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    page = look(browser, "witness-identity", **of(taken))
    assert 'name="given"' not in page
    assert "This case is closed" in page
    assert reverse("consent-record", kwargs=of(taken)) not in page


def test_without_custodians_it_is_refused_and_said_plainly(
    taken: Witness, world: World, browser: Client
) -> None:
    page = look(browser, "witness-identity", **of(taken))
    assert "There are no identity custodians here yet" in page
    assert 'name="given"' not in page
    page = send(browser, "witness-identity", TYPED, 422, **of(taken)).content.decode()
    assert "no name was taken or kept" in page
    assert shows(page) == []
    with entering(world.investigator, "test"):
        assert Witness.objects.get(pk=taken.pk).vault_ref is None


@pytest.mark.usefixtures("guards")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"given": "", "father": "", "family": ""}, "Type at least one name"),
        ({"given": CANARY * 9}, "at most 60 characters"),
        ({"mother": "لمى"}, "correct the pseudonym first"),
        ({"relatives": "Nour\nLamma"}, "correct the pseudonym first"),
    ],
)
def test_what_must_be_mended_is_typed_anew(
    change: dict[str, str], words: str, taken: Witness, browser: Client
) -> None:
    answer = send(browser, "witness-identity", {**TYPED, **change}, 422, **of(taken))
    page = answer.content.decode()
    assert words in page
    assert shows(page) == []
    assert 'name="given"' in page


@pytest.mark.usefixtures("guards")
def test_after_a_withdrawal_nobody_is_named(taken: Witness, world: World, browser: Client) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=taken.consent_rows.get())
    page = send(browser, "witness-identity", TYPED, 422, **of(taken)).content.decode()
    assert "no consent in force" in page
    assert shows(page) == []


@pytest.mark.usefixtures("guards")
def test_account_that_names_the_person_is_told_of(taken: Witness, browser: Client) -> None:
    send(browser, "witness-identity", {**TYPED, "laqab": "Ten"}, **of(taken))
    page = look(browser, "witness-identity", **of(taken))
    assert "Put a code in its place" in page


@pytest.mark.usefixtures("guards")
def test_texts_of_the_open_intake_are_compared_with_its_names(
    taken: Witness, world: World, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    send(browser, "witness-identity", {**TYPED, "laqab": "Zindar"}, **of(taken))
    answer = browser.get(reverse("witness-identity", kwargs=of(taken)))
    assert answer.headers["Cache-Control"] == "no-store"
    assert shows(caplog.text) + shows(repr(dict(browser.session))) == []
    cookie = browser.cookies[settings.INTAKE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 12 * 60 * 60)
    told = send(browser, "testimony-create", {**FIRST, "text": f"He said {CANARY}."}, 302, **of(taken))
    page = browser.get(told.url).content.decode()
    assert "A name that was sealed in this intake stands in “" in page
    assert CANARY not in "".join(re.findall(r'role="status".*?</', page, re.DOTALL))
    other = signed_in(world.investigator)  # the same person at another place has no key
    sent = {**FIRST, "text": f"He said {CANARY}."}
    page = other.get(send(other, "testimony-create", sent, 302, **of(taken)).url).content.decode()
    assert "A name that was sealed in this intake" not in page


@pytest.mark.usefixtures("guards")
def test_the_names_of_an_intake_go_when_it_ends(taken: Witness, world: World, browser: Client) -> None:
    send(browser, "witness-identity", TYPED, **of(taken))
    send(browser, "witness-identity", {**TYPED, "laqab": "Zindar"}, 422, **of(taken))
    send(browser, "witness-identity", {"end": "1"}, **of(taken))
    with entering(world.investigator, "test"):
        assert not NameWatch.objects.exists()
    assert len(world.events(Kind.INTAKE_UNWATCHED)) == 1
    told = send(browser, "testimony-create", {**FIRST, "text": f"He said {CANARY}."}, 302, **of(taken))
    assert "A name that was sealed in this intake" not in browser.get(told.url).content.decode()
    signed_out = browser.post(reverse("account_logout"))
    assert signed_out.cookies[settings.INTAKE_COOKIE_NAME]["max-age"] == 0
