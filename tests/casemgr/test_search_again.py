"""The words of a search stand in no address and no log, and Back finds what was found."""

import time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import Session
from audit.models import Event
from casemgr.keeping import LASTS, MOST_KEPT
from cases.actions.members import end_membership
from cases.models import (
    Incident,
    Membership,
)
from cases.vocabulary import Sensitivity
from tests import factories
from tests.casemgr.harbours import ask, fill, kinds_in
from tests.evidence.worlds import World, make_world
from tests.personas import signed_in
from tests.sharing import Kept, keeping

pytestmark = pytest.mark.django_db
CANARY = "zurqcanary"


kept_full = keeping(lambda: fill(make_world()))


@pytest.fixture
def full(kept_full: Kept[World], db: None) -> World:
    return kept_full.copy()


def test_words_are_in_no_address_event_or_row(full: World) -> None:
    browser = signed_in(full.investigator)
    page = ask(full, full.investigator, f"harbour {CANARY}", browser)
    ask(full, full.investigator, "harbour", browser)
    assert page.count(CANARY) == 1  # in the box, for the next try
    sent = browser.post(reverse("case-search", args=[full.case.pk]), {"words": CANARY})
    assert CANARY not in sent["Location"]
    events = list(Event.objects.order_by("at"))
    assert events
    assert not [event for event in events if CANARY in str(vars(event)) or "harbour" in str(vars(event))]
    rows = str(list(Session.objects.values_list()))
    assert CANARY not in rows
    assert CANARY.encode().hex() not in rows
    assert browser.get(reverse("case-search", args=[full.case.pk])).content.decode().count(CANARY) == 0


def test_words_in_an_address_are_not_searched_for(full: World) -> None:
    address = reverse("case-search", args=[full.case.pk])
    page = signed_in(full.investigator).get(f"{address}?words=harbour&q=harbour").content.decode()
    assert kinds_in(page) == []
    assert 'value="harbour"' not in page


def test_answer_is_stored_by_nobody(full: World) -> None:
    browser = signed_in(full.investigator)
    sent = browser.post(reverse("case-search", args=[full.case.pk]), {"words": "harbour"})
    for answer in (sent, browser.get(sent["Location"])):
        assert "no-store" in answer.headers["Cache-Control"]


def test_back_finds_the_results_again_by_getting_them(full: World) -> None:
    browser = signed_in(full.investigator)
    address = reverse("case-search", args=[full.case.pk])
    first = browser.post(address, {"words": "harbour"})["Location"]
    second = browser.post(address, {"words": "hills"})["Location"]
    assert first != second
    # Each page of the browser's history shows its own search, as often as it is asked for.
    for _ in range(2):
        assert "<mark>harbour</mark>" in browser.get(first).content.decode()
        assert "Nothing was found" in browser.get(second).content.decode()


def test_search_that_is_found_again_shows_what_the_reader_may_read_then(full: World) -> None:
    browser = signed_in(full.investigator)
    found = browser.post(reverse("case-search", args=[full.case.pk]), {"words": "harbour"})["Location"]
    with entering(full.lead, "test"):
        Incident.objects.update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
        end_membership(by=full.lead, membership=Membership.objects.get(case=full.case, user=full.analyst))
    assert "Incidents" not in kinds_in(browser.get(found).content.decode())
    analyst = signed_in(full.analyst)
    assert analyst.get(found).status_code == 404


def test_handle_of_a_search_is_worth_nothing_elsewhere(full: World) -> None:
    browser = signed_in(full.investigator)
    found = browser.post(reverse("case-search", args=[full.case.pk]), {"words": "harbour"})["Location"]
    box = reverse("case-search", args=[full.case.pk])
    other = signed_in(full.lead).get(found)
    assert (other.status_code, other["Location"]) == (302, box)
    case = factories.make_case(full.investigator, prefix="HOM")
    moved = found.replace(str(full.case.pk), str(case.pk))
    assert browser.get(moved)["Location"] == reverse("case-search", args=[case.pk])


def test_words_are_used_for_a_while_are_few_and_go_with_the_session(full: World) -> None:
    browser = signed_in(full.investigator)
    address = reverse("case-search", args=[full.case.pk])
    searches = [browser.post(address, {"words": f"harbour {n}"})["Location"] for n in range(MOST_KEPT + 1)]
    assert browser.get(searches[0])["Location"] == address
    assert browser.get(searches[-1]).status_code == 200
    with time_machine.travel(time.time() + LASTS + 1):
        page = browser.get(searches[-1], follow=True).content.decode()
        assert "not kept any more" in page
        assert browser.session["searches"] == []
    found = browser.post(address, {"words": CANARY})["Location"]
    browser.post(reverse("account_logout"))
    assert browser.get(found).status_code == 302
    assert not Session.objects.filter(user=full.investigator).exists()


def test_search_needs_the_token_of_its_form(full: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in(full.investigator).cookies
    answer = browser.post(reverse("case-search", args=[full.case.pk]), {"words": "harbour"})
    assert answer.status_code == 403
