"""The workbench over several rounds and windows: what an older page says decides nothing."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from cases.actions.members import end_membership
from cases.actions.reviews import return_testimony
from cases.actions.testimonies import save_version, submit_testimony, withdraw_testimony
from cases.models import Draft, Review, Testimony
from cases.vocabulary import MemberRole, TestimonyStatus, TextLanguage, VersionKind
from tests import factories
from tests.cases.reviewing import (
    APPROVE,
    AUTOSAVE,
    CHECKS,
    RETURN,
    handed_in,
    in_form,
    mend,
    of,
    status_of,
    take_up,
)
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.personas import signed_in

BEGINS_WITH = (handed_in,)


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.supervisor)


@pytest.fixture
def row(world: World) -> Testimony:
    """An account that waits for a reviewer."""
    return handed_in(world)


@pytest.fixture
def legal(world: World) -> User:
    """Another person who reviews in this case."""
    person = factories.make_person_like(world.supervisor)
    factories.join(world.case, world.lead, person, MemberRole.SUPERVISOR)
    return person


def second_round(world: World, row: Testimony) -> tuple[Review, Review]:
    first = take_up(world, row)
    with entering(world.supervisor, "test"):
        return_testimony(by=world.supervisor, testimony=row, comments="Mend the hour", seen=first.pk)
    mend(world, row)
    return first, take_up(world, row)


@pytest.mark.parametrize("decision", ["approve", "return", "keep"])
def test_page_of_an_earlier_round_decides_nothing(
    decision: str, world: World, browser: Client, row: Testimony
) -> None:
    first, second = second_round(world, row)
    data = {**APPROVE, "comments": "Of the first round", "review": str(first.pk)}
    del data["approve"]
    page = send(browser, "review-workbench", {**data, decision: "1"}, 422, **of(row)).content.decode()
    assert "The review that this page showed has ended" in page
    assert "Of the first round" in page
    # The page shows the present text and holds the present review; what was ticked was ticked of another.
    assert in_form(page, "review") == str(second.pk)
    assert " checked" not in page.split('id="decision"')[1]
    assert status_of(world, row) == TestimonyStatus.IN_REVIEW


def test_stale_page_saves_no_draft_over_the_new_round(world: World, browser: Client, row: Testimony) -> None:
    first, second = second_round(world, row)
    address = reverse("review-workbench", kwargs=of(row))
    data = {"review": str(first.pk), "revision": "", "comments": "stale"}
    assert browser.post(address, data, headers=AUTOSAVE).status_code == 409
    answer = browser.post(address, {**data, "review": str(second.pk), "comments": "fresh"}, headers=AUTOSAVE)
    assert answer.json()["revision"]
    page = look(browser, "review-workbench", **of(row))
    assert "fresh" in page
    assert "stale" not in page


def test_decision_taken_meanwhile_keeps_the_words(world: World, browser: Client, row: Testimony) -> None:
    review = take_up(world, row)
    with entering(world.lead, "test"):
        withdraw_testimony(by=world.lead, testimony=row, reason="on the witness's word")
    data = {**APPROVE, "comments": "Typed for an hour", "review": str(review.pk)}
    page = send(browser, "review-workbench", data, 422, **of(row)).content.decode()
    assert "not possible in the present state" in page
    assert "Typed for an hour" in page
    assert "Approve this version" not in page
    assert status_of(world, row) == TestimonyStatus.WITHDRAWN


def test_draft_of_a_review_is_kept_and_goes_with_the_decision(
    world: World, browser: Client, row: Testimony, legal: User
) -> None:
    review = take_up(world, row)
    address = reverse("review-workbench", kwargs=of(row))
    data = {"review": str(review.pk), "revision": "", "comments": "Half a tho", "checks": CHECKS[:2]}
    answer = browser.post(address, data, headers=AUTOSAVE).json()
    revision = str(answer["revision"])
    page = look(browser, "review-workbench", **of(row))
    assert "Half a tho" in page
    assert page.split('id="decision"')[1].count(" checked") == 2
    assert "Half a tho" not in look(signed_in(legal), "review-workbench", **of(row))
    answer = send(browser, "review-workbench", {**data, "revision": revision, "keep": "1"}, **of(row))
    assert answer["Location"].startswith(address)
    # An older window decides nothing over the head of a newer one: both are shown, then the next press does.
    page = send(browser, "review-workbench", {**RETURN, "review": str(review.pk)}, 422, **of(row))
    page = page.content.decode()
    assert status_of(world, row) == TestimonyStatus.IN_REVIEW
    for words in ("Kept in the other window", "Half a tho", "Who told the witness?"):
        assert words in page
    number = in_form(page, "revision")
    send(browser, "review-workbench", {**RETURN, "review": str(review.pk), "revision": number}, **of(row))
    with entering(world.supervisor, "test"):
        assert not Draft.objects.exists()


def test_post_without_a_verb_decides_nothing(world: World, browser: Client, row: Testimony) -> None:
    review = take_up(world, row)
    data = {**APPROVE, "review": str(review.pk)}
    del data["approve"]
    send(browser, "review-workbench", data, **of(row))
    assert status_of(world, row) == TestimonyStatus.IN_REVIEW


def test_mended_text_stands_beside_the_one_that_was_returned(
    world: World, browser: Client, row: Testimony
) -> None:
    first = take_up(world, row)
    with entering(world.supervisor, "test"):
        return_testimony(by=world.supervisor, testimony=row, comments="Mend it", seen=first.pk)
    mend(world, row, factories.TEXT.replace("heard", "saw"))
    page = look(browser, "review-workbench", **of(row))
    for words in ("I <ins>saw</ins> them", "I <del>heard</del> them", "Mend it", "data-linked"):
        assert words in page
    address = reverse("review-workbench", kwargs=of(row))
    page = browser.get(f"{address}?beside=none").content.decode()
    assert "<ins>" not in page
    assert "Beside it: version" not in page
    for nonsense in ("nonsense", quote("'; --"), str(first.pk)):
        assert browser.get(f"{address}?beside={nonsense}").status_code == 200


def test_translation_stands_beside_its_source_without_marks(world: World, browser: Client) -> None:
    row = factories.make_testimony(world.consented, world.investigator)
    with entering(world.investigator, "test"):
        save_version(
            by=world.investigator,
            testimony=row,
            text="I saw four armed men.",
            language=TextLanguage.ENGLISH,
            kind=VersionKind.TRANSLATION,
            based_on=1,
        )
        submit_testimony(by=world.investigator, testimony=row)
    page = look(browser, "review-workbench", **of(row))
    assert "I saw four armed men." in page
    assert factories.TEXT in page
    assert "<ins>" not in page
    assert re.search(r'lang="ar" dir="rtl"[^>]*><div class="account">', page)


def test_version_of_another_account_is_never_beside(world: World, browser: Client, row: Testimony) -> None:
    other = factories.make_testimony(world.consented, world.investigator, text="Of another account")
    address = reverse("review-workbench", kwargs=of(row))
    assert "Of another account" not in browser.get(f"{address}?beside={other.current_id}").content.decode()


def test_reviewer_who_left_decides_nothing(world: World, browser: Client, row: Testimony) -> None:
    review = take_up(world, row)
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["supervisor"])
    send(browser, "review-workbench", {**APPROVE, "review": str(review.pk)}, 404, **of(row))
    assert status_of(world, row) == TestimonyStatus.IN_REVIEW
