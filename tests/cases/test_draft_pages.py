"""Drafts of accounts on their pages: kept as they are typed, for their author, never unseen replaced."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from cases.actions.members import end_membership
from cases.models import Testimony
from cases.vocabulary import (
    MemberRole,
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
    withdraw,
)
from tests.personas import signed_in


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def test_draft_outlives_the_consent_under_which_it_was_begun(world: World, browser: Client) -> None:
    number = autosave(browser, "testimony-create", FIRST, **at(world)).json()["revision"]
    withdraw(world)
    page = send(browser, "testimony-create", {**FIRST, "revision": number}, 422, **at(world)).content.decode()
    assert "Your text was not lost" in page
    assert "stays here as your draft" in page
    page = look(browser, "testimony-create", **at(world))
    for words in ("There were four of them.", "stays here as your draft"):
        assert words in page


def test_draft_keeps_itself_and_goes_when_it_is_handed_in(world: World, browser: Client) -> None:
    first = autosave(browser, "testimony-create", {**FIRST, "text": "Half a sen"}, **at(world)).json()
    assert re.fullmatch(r"Draft kept at \u2066\d\d:\d\d\u2069\.", first["saved"])
    data = {**FIRST, "text": "Half a sentence", "revision": str(first["revision"])}
    second = autosave(browser, "testimony-create", data, **at(world)).json()
    page = look(browser, "testimony-create", **at(world))
    assert "Half a sentence" in page
    assert f'name="revision" value="{second["revision"]}"' in page
    assert "Draft kept at" in page
    # An older window is told so, and what the newer one kept stays.
    autosave(browser, "testimony-create", {**data, "text": "stale"}, 409, **at(world))
    assert "Half a sentence" in look(browser, "testimony-create", **at(world))
    # Nor does handing an older text in, or forgetting it, take the newer one along unseen.
    send(browser, "testimony-create", FIRST, 422, **at(world))
    send(browser, "testimony-create", {**FIRST, "forget": "1"}, 422, **at(world))
    assert drafts(world) == 1
    with entering(world.investigator, "test"):
        assert not Testimony.objects.exists()
    send(browser, "testimony-create", {**FIRST, "revision": str(second["revision"])}, **at(world))
    assert drafts(world) == 0


def test_draft_is_kept_and_forgotten_without_a_script(world: World, browser: Client) -> None:
    ids = at(world)
    answer = send(browser, "testimony-create", {**FIRST, "keep": "1"}, **ids)
    assert answer["Location"] == reverse("testimony-create", kwargs=ids)
    assert "There were four" in look(browser, "testimony-create", **ids)
    page = send(
        browser, "testimony-create", {**FIRST, "text": "stale", "keep": "1"}, 422, **ids
    ).content.decode()
    assert "A newer draft was saved in another window" in page
    assert "stale" in page
    # Both texts are on the page; with the other in sight, the next press keeps one's own.
    assert "Kept in the other window" in page
    assert "Draft kept at" not in page
    assert "There were four" in page
    data = {**FIRST, "text": "mine after all", "revision": revision_in(page)}
    send(browser, "testimony-create", {**data, "keep": "1"}, **ids)
    page = look(browser, "testimony-create", **ids)
    assert "mine after all" in page
    # Forgetting asks once, and whoever says no finds all that stood on the page.
    data = {**data, "text": "and a word more", "revision": revision_in(page), "forget": "1"}
    question = send(browser, "testimony-create", data, 200, **ids).content.decode()
    assert "Forget this draft?" in question
    assert world.witness.code in question
    assert "and a word more" in look(browser, "testimony-create", **ids)
    assert drafts(world) == 1
    send(browser, "testimony-create", {"forget": "sure", "revision": revision_in(page)}, 422, **ids)
    assert drafts(world) == 1
    send(browser, "testimony-create", {"forget": "sure", "revision": revision_in(question)}, **ids)
    assert drafts(world) == 0
    assert "There were four" not in look(browser, "testimony-create", **ids)


def test_draft_too_long_is_said_and_not_refused(world: World, browser: Client) -> None:
    answer = autosave(browser, "testimony-create", {**FIRST, "text": "x" * 400_001}, **at(world))
    assert answer.json() == {"fault": "long"}
    assert drafts(world) == 0


def test_draft_survives_a_membership_that_ended(world: World, browser: Client) -> None:
    autosave(browser, "testimony-create", FIRST, **at(world))
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["investigator"])
    send(browser, "testimony-create", FIRST, 404, **at(world))
    autosave(browser, "testimony-create", {**FIRST, "text": "later"}, 404, **at(world))
    factories.join(world.case, world.lead, world.investigator, MemberRole.INVESTIGATOR)
    assert "There were four of them." in look(browser, "testimony-create", **at(world))


def test_drafts_are_found_again_by_their_author_alone(world: World, browser: Client) -> None:
    autosave(browser, "testimony-create", FIRST, **at(world))
    autosave(browser, "testimony-edit", NEXT, **of(world))
    page = look(browser, "testimony-list", case=world.case.pk)
    for address in (
        reverse("testimony-create", kwargs=at(world)),
        reverse("testimony-edit", kwargs=of(world)),
    ):
        assert address in page
    assert "You have a draft of the next version" in look(browser, "testimony-detail", **of(world))
    assert "You have a draft of a next version" in look(browser, "testimony-submit", **of(world))
    lead = signed_in(world.lead)
    assert "Go on writing" not in look(lead, "testimony-list", case=world.case.pk)
    assert "Go on writing" not in look(lead, "testimony-detail", **of(world))
    # Handed in, it can be written no more until it comes back: nothing leads there.
    send(browser, "testimony-submit", {}, **of(world))
    assert reverse("testimony-edit", kwargs=of(world)) not in look(
        browser, "testimony-list", case=world.case.pk
    )


def test_draft_is_not_shown_to_others(world: World, browser: Client) -> None:
    autosave(browser, "testimony-edit", {**NEXT, "text": "mine alone"}, **of(world))
    assert "mine alone" in look(browser, "testimony-edit", **of(world))
    assert "mine alone" not in look(signed_in(world.lead), "testimony-edit", **of(world))
