"""Writing an account down on its pages: refused calmly, and nothing typed is ever lost."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.testimonies import save_version, submit_testimony
from cases.models import Case, Draft, Testimony, TestimonyVersion
from cases.vocabulary import (
    LONGEST_TEXT,
    CaseStatus,
    ConsentPurpose,
    Decision,
    TestimonyStatus,
    TextLanguage,
    VersionKind,
)
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.cases.writing import (
    FIRST,
    NEXT,
    at,
    autosave,
    drafts,
    of,
    revision_in,
    text_of,
    versions,
    withdraw,
)
from tests.personas import signed_in


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def test_without_consent_nothing_is_taken_down_and_the_page_says_so(world: World, browser: Client) -> None:
    ids: dict[str, Any] = {"case": world.case.pk, "witness": world.witness.pk}
    page = look(browser, "testimony-create", **ids)
    assert "no consent in force" in page
    assert reverse("consent-record", kwargs=ids) in page
    assert "<textarea" not in page
    assert "(no consent in force)" in look(browser, "testimony-choose", case=world.case.pk)
    page = send(browser, "testimony-create", FIRST, 422, **ids).content.decode()
    assert "There were four of them." in page
    assert "Your text was not lost" in page
    assert len(world.events(Kind.TESTIMONY_REFUSED)) == 1
    # Not even as a draft is it kept, and the page says so, with every word of it.
    assert "on this page and nowhere else" in page
    page = send(browser, "testimony-create", {**FIRST, "keep": "1"}, 422, **ids).content.decode()
    assert "no draft is kept" in page
    assert "There were four of them." in page
    answer = autosave(browser, "testimony-create", FIRST, 409, **ids).json()
    assert "copy it before you leave" in answer["message"]
    assert len(world.events(Kind.DRAFT_REFUSED)) == 2
    with entering(world.investigator, "test"):
        assert not Testimony.objects.exists()
        assert not Draft.objects.exists()


def test_nothing_is_begun_in_a_closed_case(world: World, browser: Client) -> None:
    assert world.testimony
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    for name, ids, data in (("testimony-create", at(world), FIRST), ("testimony-edit", of(world), NEXT)):
        page = look(browser, name, **ids)
        assert "This case is closed" in page
        assert "<textarea" not in page
        page = send(browser, name, {**data, "keep": "1"}, 422, **ids).content.decode()
        for words in ("nothing was saved", "on this page and nowhere else", "There were four of them."):
            assert words in page
    assert drafts(world) == 0


def test_consent_that_leaves_out_our_analysis_is_none_for_an_account(world: World, browser: Client) -> None:
    row = factories.make_submitted_testimony(world.consented, world.investigator)
    answers = tuple(
        replace(answer, decision=Decision.REFUSED)
        if answer.purpose == ConsentPurpose.INTERNAL_ANALYSIS
        else answer
        for answer in factories.ANSWERS
    )
    factories.make_consent(
        world.witness, world.investigator, facts=replace(factories.CONSENT, answers=answers)
    )
    assert "no consent in force for our own analysis" in look(browser, "testimony-create", **at(world))
    page = look(signed_in(world.supervisor), "review-workbench", case=world.case.pk, testimony=row.pk)
    assert "Not for our own analysis: it cannot be approved" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "There is no text yet"),
        ({"text": " \n "}, "There is no text yet"),
        ({"language": "xx"}, "xx is not one of the available choices"),
        ({"language": ""}, "This field is required"),
        ({"kind": "redacted_derivative"}, "redacted_derivative is not one of the available choices"),
        ({"interview": str(uuid4())}, "is not one of the available choices"),
        ({"text": "ب" * (LONGEST_TEXT + 1)}, "longer than one testimony can hold"),
    ],
)
def test_what_cannot_be_is_refused_and_shown_again(
    change: dict[str, str], words: str, world: World, browser: Client
) -> None:
    data = {**FIRST, **change}
    page = send(browser, "testimony-create", data, 422, **at(world)).content.decode()
    assert words in page
    assert data["text"] in page
    with entering(world.investigator, "test"):
        assert not Testimony.objects.exists()


def test_text_that_no_request_may_carry_is_told_calmly(world: World, browser: Client) -> None:
    data = {**FIRST, "text": "x" * 3_000_000}
    page = send(browser, "testimony-create", data, 400, **at(world)).content.decode()
    assert "what you typed is still there" in page


def test_control_characters_are_left_out_and_lines_kept(world: World, browser: Client) -> None:
    text = "one\x00\x07\x0b two\r\nthree\u202e\tfour\x85"
    send(browser, "testimony-create", {**FIRST, "text": text}, **at(world))
    assert text_of(world) == "one two\nthree\u202e\tfour"


def test_next_version_begins_with_the_present_text(world: World, browser: Client) -> None:
    page = look(browser, "testimony-edit", **of(world))
    assert factories.TEXT in page
    assert 'name="based_on" value="1"' in page
    send(browser, "testimony-edit", NEXT, **of(world))
    page = look(browser, "testimony-detail", **of(world))
    assert "There were four of them." in page
    assert "Version 2" in page
    assert "What changed" in page


def test_later_of_two_versions_is_kept_beside_the_newer_one(world: World, browser: Client) -> None:
    testimony = world.testimony
    with entering(world.lead, "test"):
        save_version(
            by=world.lead,
            testimony=testimony,
            text="Saved by the lead",
            language=TextLanguage.ENGLISH,
            kind=VersionKind.STATEMENT,
            based_on=1,
        )
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    for word in ("There were four of them.", "Saved by the lead", "Somebody else saved"):
        assert word in page
    # It is in the draft, too, and still said to be behind; saved with both in sight it becomes the third.
    page = look(browser, "testimony-edit", **of(world))
    for word in ("There were four of them.", "Saved by the lead", 'name="based_on" value="2"'):
        assert word in page
    send(browser, "testimony-edit", {**NEXT, "based_on": "2", "revision": revision_in(page)}, **of(world))
    with entering(world.investigator, "test"):
        assert TestimonyVersion.objects.filter(testimony=testimony).count() == 3
    assert drafts(world) == 0


def test_handed_in_meanwhile_keeps_what_was_typed(world: World, browser: Client) -> None:
    testimony = world.testimony
    with entering(world.lead, "test"):
        submit_testimony(by=world.lead, testimony=testimony)
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    assert "not open for writing" in page
    assert "There were four of them." in page
    assert drafts(world) == 1
    look(browser, "testimony-edit", 409, **of(world))


def test_consent_withdrawn_while_writing(world: World, browser: Client) -> None:
    assert world.testimony
    withdraw(world)
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    assert "no consent in force" in page
    assert "There were four of them." in page
    page = send(browser, "testimony-submit", {}, 409, **of(world)).content.decode()
    assert "no consent in force" in page
    with entering(world.investigator, "test"):
        assert Testimony.objects.get().status == TestimonyStatus.DRAFT


def test_translation_is_written_beside_its_source(world: World, browser: Client) -> None:
    address = reverse("testimony-edit", kwargs=of(world)) + "?as=translation"
    page = browser.get(address).content.decode()
    assert re.search(r'<div class="account">\s*' + re.escape(factories.TEXT), page)
    assert re.search(r"<textarea[^>]*>\s*</textarea>", page)
    send(browser, "testimony-edit", {**NEXT, "kind": "translation", "language": "en"}, **of(world))
    assert "Translation" in look(browser, "testimony-detail", **of(world))


def test_text_is_never_markup(world: World, browser: Client) -> None:
    evil = '</textarea><script>alert("x")</script><del>'
    send(browser, "testimony-edit", {**NEXT, "text": evil}, **of(world))
    first, second = versions(world)
    pages = [
        look(browser, "testimony-detail", **of(world)),
        look(browser, "testimony-edit", **of(world)),
        look(browser, "testimony-compare", **of(world), version=first.pk, other=second.pk),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;/textarea&gt;" in page


def test_foreign_witness_takes_no_account(world: World, browser: Client, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    witness = factories.make_consented_witness(other, outsider, pseudonym="Nour")
    look(browser, "testimony-create", 404, case=world.case.pk, witness=witness.pk)
    send(browser, "testimony-create", FIRST, 404, case=world.case.pk, witness=witness.pk)
    send(browser, "testimony-choose", {"witness": str(witness.pk)}, 404, case=world.case.pk)
