"""The pages of witnesses: by code and pseudonym, for whom it is their work, and of this case alone."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Witness
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import signed_in

WITNESS = {
    "public_pseudonym": "Lama",
    "category": ["eyewitness", "relative"],
    "sex": "female",
    "age_band": "25-34",
    "languages": ["apc"],
    "role_summary": "lives across the street",
    "vulnerability": ["displaced"],
    "risk_level": "extreme",
    "protective_measures": ["pseudonym", "no_contact"],
    "sensitivity": "confidential",
    "revision": "1",
}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def of(world: World) -> dict[str, Any]:
    return {"case": world.case.pk, "witness": world.witness.pk}


def test_list_shows_state_risk_and_consent_in_force(world: World, browser: Client) -> None:
    assert "No witness yet" in look(browser, "witness-list", case=world.case.pk)
    lonely = factories.make_witness(world.case, world.investigator, pseudonym="Ahmad")
    assert world.consented
    page = look(browser, "witness-list", case=world.case.pk)
    rows = {row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "witness" in row}
    (with_consent,) = [row for row in rows if world.witness.code in row]
    (without,) = [row for row in rows if lonely.code in row]
    assert "In force" in with_consent
    assert "Samira" in with_consent
    assert "High" in with_consent
    assert "None in force" in without


def test_list_is_filtered_by_state(world: World, browser: Client) -> None:
    lonely = factories.make_witness(world.case, world.investigator, pseudonym="Ahmad")
    assert world.consented
    page = browser.get(f"/cases/{world.case.pk}/witnesses/?state=consented").content.decode()
    assert world.witness.code in page
    assert lonely.code not in page
    assert (
        "No witness is in this state"
        in browser.get(f"/cases/{world.case.pk}/witnesses/?state=deceased").content.decode()
    )
    assert lonely.code in browser.get(f"/cases/{world.case.pk}/witnesses/?state=nonsense").content.decode()


def test_list_opens_once_and_asks_no_more_for_more(world: World, browser: Client) -> None:
    def cost() -> tuple[int, int]:
        before = Event.objects.filter(kind=Kind.CONTENT_OPENED).count()
        with CaptureQueriesContext(connection) as queries:
            look(browser, "witness-list", case=world.case.pk)
        return len(queries), Event.objects.filter(kind=Kind.CONTENT_OPENED).count() - before

    assert world.consented
    first = cost()
    for number in range(4):
        factories.make_consented_witness(world.case, world.investigator, pseudonym=f"Lama {number}")
    assert cost() == first


def test_page_shows_what_is_known_and_what_was_told(world: World, browser: Client) -> None:
    assert world.interview
    assert world.testimony
    page = look(browser, "witness-detail", **of(world))
    for word in (world.witness.code, "Samira", "Eyewitness", world.testimony.registration_no, "Consent 1"):
        assert word in page
    assert "No identity is sealed" in page


def test_correction_keeps_the_code_and_notices_a_later_one(world: World, browser: Client) -> None:
    code = world.witness.code
    send(browser, "witness-edit", WITNESS, **of(world))
    page = look(browser, "witness-detail", **of(world))
    for word in (code, "Lama", "Eyewitness · Relative", "No contact", "Extreme"):
        assert word in page
    answer = send(browser, "witness-edit", {**WITNESS, "role_summary": "typed later"}, 422, **of(world))
    assert "typed later" in answer.content.decode()
    assert "Somebody else saved" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"public_pseudonym": "Ahmad"}, "used before in this case"),
        ({"public_pseudonym": ""}, "This field is required"),
        ({"category": []}, "This field is required"),
        ({"vulnerability": ["none_identified", "minor"]}, "exclude each other"),
        ({"sex": "nonsense"}, "nonsense is not one of the available choices"),
        ({"public_pseudonym": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_on_the_page(
    change: dict[str, Any], words: str, world: World, browser: Client
) -> None:
    factories.make_witness(world.case, world.investigator, pseudonym="Ahmad")
    page = send(browser, "witness-edit", {**WITNESS, **change}, 422, **of(world)).content.decode()
    assert words in page
    assert WITNESS["role_summary"] in page
    with entering(world.investigator, "test"):
        assert Witness.objects.get(pk=world.witness.pk).revision == 1


def test_steps_are_asked_once_and_only_those_there_are(world: World, browser: Client) -> None:
    assert "Is there contact" in look(browser, "witness-move", **of(world), to="engaged")
    send(browser, "witness-move", {}, **of(world), to="engaged")
    send(browser, "witness-move", {}, 409, **of(world), to="engaged")
    look(browser, "witness-move", 404, **of(world), to="consented")
    look(browser, "witness-move", 404, **of(world), to="nonsense")
    with entering(world.investigator, "test"):
        assert Witness.objects.get(pk=world.witness.pk).status == "engaged"


def test_grave_step_says_that_it_is_final(world: World, browser: Client) -> None:
    assert world.testimony
    page = look(browser, "witness-move", **of(world), to="deceased")
    assert "No step leads back" in page
    assert "btn-danger" in page


def _elsewhere(world: World, outsider: User) -> dict[str, Any]:
    case = factories.make_case(outsider, prefix="HOM")
    witness = factories.make_consented_witness(case, outsider, pseudonym="Nour of another case")
    with entering(outsider, "test"):
        consent = witness.consent_rows.get()
    return {"witness": witness.pk, "consent": consent.pk}


@pytest.mark.parametrize(
    ("name", "noun", "extra"),
    [
        ("witness-detail", "witness", {}),
        ("witness-edit", "witness", {}),
        ("witness-move", "witness", {"to": "engaged"}),
        ("consent-record", "witness", {}),
        ("consent-detail", "consent", {}),
        ("consent-withdraw", "consent", {}),
    ],
)
def test_foreign_row_gives_the_page_that_nothing_gives(
    name: str, noun: str, extra: dict[str, str], world: World, outsider: User
) -> None:
    foreign, browser = _elsewhere(world, outsider)[noun], signed_in(world.investigator)
    pages = []
    for pk in (foreign, uuid4()):
        page = look(browser, name, 404, case=world.case.pk, **{noun: pk}, **extra)
        pages.append(re.sub(r'value="\w{64}"', "", page.replace(str(pk), "")))
    assert pages[0] == pages[1]
    assert "Nour" not in pages[0]


def test_auditor_sees_nothing_of_a_witness(world: World) -> None:
    assert world.consented
    browser = signed_in(world.auditor)
    for name, ids in (
        ("witness-list", {}),
        ("witness-detail", {"witness": world.witness.pk}),
        ("consent-detail", {"consent": world.consent.pk}),
    ):
        page = look(browser, name, 403, case=world.case.pk, **ids)
        assert "Samira" not in page
        assert world.witness.code not in page


def test_strict_witness_is_not_there_for_others(world: World, browser: Client) -> None:
    send(
        signed_in(world.lead),
        "witness-edit",
        {**WITNESS, "sensitivity": "strictly_confidential"},
        **of(world),
    )
    look(browser, "witness-detail", 404, **of(world))
    assert world.witness.code not in look(browser, "witness-list", case=world.case.pk)
    assert world.witness.code not in look(browser, "case-detail", case=world.case.pk)


def test_overview_counts_witnesses_by_state(world: World, browser: Client) -> None:
    assert world.consented
    page = look(browser, "case-detail", case=world.case.pk)
    assert re.search(r"Consent given.*?1<", page, re.DOTALL)


def test_who_may_not_read_what_is_strict_makes_no_witness_strict(world: World, browser: Client) -> None:
    strict = {**WITNESS, "revision": "1", "sensitivity": "strictly_confidential"}
    assert "strictly_confidential" not in look(browser, "witness-edit", **of(world))
    send(browser, "witness-edit", strict, 422, **of(world))
    look(browser, "witness-detail", **of(world))
    lead = signed_in(world.lead)
    assert "strictly_confidential" in look(lead, "witness-edit", **of(world))
    send(lead, "witness-edit", strict, **of(world))
    look(browser, "witness-detail", 404, **of(world))
