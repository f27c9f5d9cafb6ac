"""What an intake keeps while it is typed, in one window and in two, and that it is taken in once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from audit.vocabulary import Kind
from cases.forms.consent import field_of
from cases.models import Consent, Draft, Interview, Testimony, Witness
from tests.cases.test_consent_pages import GIVEN, OWN
from tests.cases.test_intake_pages import Walk, count
from tests.cases.test_pages import look
from tests.cases.worlds import World
from tests.personas import signed_in


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


@pytest.fixture
def walk(world: World, browser: Client) -> Walk:
    return Walk(world, browser)


def test_page_that_was_not_complete_is_kept_all_the_same(walk: Walk) -> None:
    walk.fill("consent")
    walk.fill("witness", 422, public_pseudonym="", role_summary="a neighbour")
    page = walk.page("witness")
    assert "a neighbour" in page
    assert "Draft kept at" in page
    assert "This field is required" not in page


def test_button_keeps_the_draft_without_a_script(walk: Walk, browser: Client) -> None:
    walk.fill("consent")
    address = reverse("intake-step", kwargs=walk.ids(step="account"))
    answer = browser.post(address, {"text": "Half a sen", "keep": "1", "revision": ""})
    assert answer.headers["Location"] == address
    assert "Half a sen" in walk.page("account")


def test_autosave_keeps_and_says_when(walk: Walk) -> None:
    walk.fill("consent")
    answer = walk.autosave("account", text="Half a sen", language="apc", revision="")
    revision = answer.json()["revision"]
    assert "Draft kept at" in answer.json()["saved"]
    assert "Half a sen" in walk.page("account")
    assert walk.autosave("account", text="x" * 500_000, revision=revision).json() == {"fault": "long"}


def test_autosave_opens_nothing(walk: Walk, world: World) -> None:
    walk.fill("consent")
    walk.fill("account")
    first = int(walk.number("account"))
    before = len(world.events(Kind.CONTENT_OPENED))
    for number in range(first, first + 3):
        assert walk.autosave("account", text="going on", revision=str(number)).status_code == 200
    assert len(world.events(Kind.CONTENT_OPENED)) == before


def test_answers_that_no_longer_agree_stop_autosave_at_once(walk: Walk) -> None:
    walk.fill("consent")
    refused = {**GIVEN, field_of(OWN, "decision"): "refused"}
    first = int(walk.number("consent"))
    assert walk.autosave("consent", **refused, revision=str(first)).status_code == 200
    assert walk.autosave("account", text="never", language="apc").status_code == 409
    assert walk.autosave("consent", **GIVEN, revision=str(first + 1)).status_code == 200
    assert walk.autosave("account", text="after all", language="apc").status_code == 200


def test_two_windows_lose_nothing(walk: Walk) -> None:
    walk.fill("consent")
    walk.autosave("account", text="from one window", language="apc", revision="")
    assert walk.autosave("account", text="from another", revision="").status_code == 409
    page = walk.fill("account", 409, text="from another window", revision="").content.decode()
    assert "A newer draft was saved in another window" in page
    assert "from one window" in page
    assert "from another window" in page
    number = re.findall(r'name="revision" value="(\d*)"', page)[0]
    walk.fill("account", text="from another window", revision=number)
    assert "from another window" in walk.page("account")


def test_answers_changed_after_they_were_read_are_not_taken_in(walk: Walk, world: World) -> None:
    walk.fill_all()
    seen = walk.seen()
    walk.fill("account", text="Another account")
    answer = walk.confirm(409, seen=seen)
    assert "changed in another window" in answer.content.decode()
    assert count(world, Witness) == 0
    assert walk.confirm()


def test_consent_taken_back_before_the_confirmation_stops_it(walk: Walk, world: World) -> None:
    walk.fill_all()
    seen = walk.seen()
    walk.fill("consent", **{field_of(OWN, "decision"): "refused"})
    assert "/stopped/" in walk.confirm(seen=seen).url
    assert count(world, Witness) == 0


def test_double_confirmation_makes_one_witness(walk: Walk, world: World) -> None:
    walk.fill_all()
    seen = walk.seen()
    walk.confirm(seen=seen)
    assert walk.confirm(seen=seen).url == reverse(
        "witness-detail", kwargs={"case": walk.case, "witness": walk.id}
    )
    assert [count(world, model) for model in (Witness, Consent, Interview, Testimony)] == [1, 1, 1, 1]
    assert walk.autosave("account", text="late", revision="1").status_code == 409
    assert count(world, Draft) == 0


LATER = ("witness", "meeting", "account")


@pytest.mark.parametrize("way", ["answers", "button"])
def test_person_who_agrees_no_more_leaves_nothing_of_the_account(way: str, walk: Walk, world: World) -> None:
    walk.fill("consent")
    for step in LATER:
        walk.fill(step)
    assert "they are deleted when you go on" in walk.page("consent")
    refused = {field_of(OWN, "decision"): "refused"} if way == "answers" else {"stop": "1"}
    answer = walk.fill("consent", **refused)
    assert answer["Location"].endswith("/stopped/")
    assert count(world, Draft) == 2
    (event,) = world.events(Kind.INTAKE_CLEARED)
    assert event.subject == f"witness:{walk.id}"
    page = look(walk.browser, "intake-stopped", **walk.ids())
    assert "Nothing about an account was recorded" in page
    # Who agrees after all begins those pages anew.
    walk.fill("consent", **{field_of(OWN, "decision"): "granted"})
    assert "They came at ten." not in walk.page("account")
    assert len(world.events(Kind.INTAKE_CLEARED)) == 1


def test_slip_that_keeps_itself_in_passing_deletes_nothing(walk: Walk, world: World) -> None:
    walk.fill("consent")
    for step in LATER:
        walk.fill(step)
    data = {**GIVEN, field_of(OWN, "decision"): "refused", "revision": walk.number("consent")}
    assert walk.autosave("consent", **data).status_code == 200
    # Nor does the page say that nothing is there while it is: it leads to the answers first.
    answer = walk.browser.get(reverse("intake-stopped", kwargs=walk.ids()))
    assert answer.headers["Location"].endswith("/consent/")
    assert not world.events(Kind.INTAKE_CLEARED)
    walk.fill("consent")
    assert "They came at ten." in walk.page("account")
