"""Saved views: a choice of filters under a name, for its owner alone, beside the list it belongs to."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.actions.savedviews import Shelf, ViewNotKept, save_view
from cases.models import Case, SavedView
from cases.models.view import MOST_VIEWS
from cases.vocabulary import MemberRole, Permission
from tests import factories
from tests.cases.worlds import World
from tests.personas import signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

CANARY = "zurqcanary"


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def save(browser: Client, world: World, query: str, name: str, list_: str = "witness-list") -> Any:
    return browser.post(reverse(list_, args=[world.case.pk]) + query, {"name": name})


def page_of(browser: Client, world: World, query: str = "", list_: str = "witness-list") -> str:
    return browser.get(reverse(list_, args=[world.case.pk]) + query).content.decode()


def views_in(page: str) -> dict[str, str]:
    found = re.findall(r'<a class="view" href="([^"]*)"[^>]*><bdi>([^<]*)</bdi>', page)
    return {name: url.replace("&amp;", "&") for url, name in found}


def own(user: User) -> list[SavedView]:
    with entering(user, "test"):
        return list(SavedView.objects.order_by("shelf", "place"))


def test_view_is_saved_found_opened_and_removed(world: World, browser: Client) -> None:
    assert world.consented
    address = reverse("witness-list", args=[world.case.pk])
    assert 'class="views"' not in page_of(browser, world)
    answer = save(browser, world, "?state=active", "Those who take part")
    assert answer.status_code == 302
    assert answer["Location"] == f"{address}?state=active"
    views = views_in(page_of(browser, world))
    assert views == {"Those who take part": f"{address}?state=active"}
    page = browser.get(views["Those who take part"]).content.decode()
    assert 'aria-current="page"><bdi>Those who take part' in page
    assert "No witness is in this state" in page
    assert "Save this choice" not in page
    (row,) = own(world.investigator)
    removed = browser.post(address, {"remove": str(row.pk)})
    assert removed.status_code == 302
    assert views_in(page_of(browser, world)) == {}
    assert own(world.investigator) == []
    kinds = (Kind.VIEW_SAVED, Kind.VIEW_REMOVED)
    assert [len(world.events(kind)) for kind in kinds] == [1, 1]


@pytest.mark.parametrize(
    ("list_", "query"),
    [
        ("witness-list", "state=active"),
        ("interview-list", "state=completed"),
        ("testimony-list", "state=submitted"),
        ("victim-list", "count=named_reported"),
    ],
)
def test_each_list_keeps_its_own(list_: str, query: str, world: World, browser: Client) -> None:
    assert save(browser, world, f"?{query}", "Mine", list_).status_code == 302
    assert views_in(page_of(browser, world, list_=list_)) == {
        "Mine": f"{reverse(list_, args=[world.case.pk])}?{query}"
    }
    for other in {"witness-list", "victim-list"} - {list_}:
        assert views_in(page_of(browser, world, list_=other)) == {}


def test_log_keeps_kinds_and_codes_of_its_members(world: World, outsider: User) -> None:
    browser = signed_in(world.auditor)
    code = world.investigator.staff_code
    query = f"?kind=case:opened&actor={code}"
    assert save(browser, world, query, "Openings", "case-log").status_code == 302
    (url,) = views_in(page_of(browser, world, list_="case-log")).values()
    assert url.endswith(f"?kind=case%3Aopened&actor={code}")
    answer = save(browser, world, f"?actor={outsider.staff_code}", "Somebody", "case-log")
    assert answer.status_code == 422


def test_name_and_choice_lie_sealed_and_stand_in_no_event(world: World, browser: Client) -> None:
    save(browser, world, "?state=active", CANARY)
    (row,) = own(world.investigator)
    with entering(world.investigator, "test"), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM cases_savedview t")
        found = cursor.fetchone()
        assert found
        assert CANARY not in found[0]
        assert CANARY.encode().hex() not in found[0]
        assert "active" not in found[0]
        opened = open_row(row, "name", reader=world.investigator.staff_code, purpose=Purpose.LIST)
    assert opened.text("name") == CANARY
    assert not [one for one in Event.objects.all() if CANARY in str(vars(one))]


@pytest.mark.parametrize("query", ["", f"?state={CANARY}", f"?words={CANARY}", "?before=2025&state="])
def test_typed_words_are_no_choice(query: str, world: World, browser: Client) -> None:
    answer = save(browser, world, query, "A name")
    assert answer.status_code == 422
    assert "cannot be kept" in answer.content.decode()
    assert own(world.investigator) == []
    assert len(world.events(Kind.VIEW_REFUSED)) == 1


def test_only_what_the_list_offers_is_kept_of_a_choice(world: World, browser: Client) -> None:
    save(browser, world, f"?state=active&words={CANARY}&before={uuid4()}", "Part of it")
    (url,) = views_in(page_of(browser, world)).values()
    assert url.endswith("/witnesses/?state=active")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the view a short name"),
        ("   ", "Give the view a short name"),
        ("x" * 41, "at most 40"),
        ("Mine", "a view of this name"),
        (" mINE ", "a view of this name"),
    ],
)
def test_name_that_cannot_be_is_told_beside_the_form(
    name: str, said: str, world: World, browser: Client
) -> None:
    save(browser, world, "?state=active", "Mine")
    answer = save(browser, world, "?state=withdrawn", name)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "There is something to mend" in page
    assert '<details class="views-fold" open>' in page
    assert len(own(world.investigator)) == 1


def test_markup_in_a_name_stays_text(world: World, browser: Client) -> None:
    save(browser, world, "?state=active", "<script>alert(1)</script>")
    page = page_of(browser, world)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_so_many_and_no_more_in_each_list(world: World, browser: Client) -> None:
    shelf = Shelf("witness-list", Permission.WITNESS_READ, {"state": ["active"]})
    with entering(world.investigator, "test"):
        for number in range(MOST_VIEWS):
            save_view(
                by=world.investigator,
                case=world.case,
                shelf=shelf,
                name=f"View {number}",
                filters={"state": "active"},
            )
    answer = save(browser, world, "?state=withdrawn", "One too many")
    assert answer.status_code == 422
    assert "as many views here as there can be" in answer.content.decode()
    assert "Save this choice" not in page_of(browser, world, "?state=withdrawn")
    assert save(browser, world, "?state=completed", "Elsewhere", "interview-list").status_code == 302
    gone = own(world.investigator)[3]
    browser.post(reverse("witness-list", args=[world.case.pk]), {"remove": str(gone.pk)})
    # Another list has its own row, which must not be counted here.
    assert save(browser, world, "?state=withdrawn", "Now there is room").status_code == 302
    row = SavedView(case=world.case, created_by=world.investigator, shelf="x", place=MOST_VIEWS + 1)
    row.seal(name="x", filters={})
    with entering(world.investigator, "test"), pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_view_of_another_person_is_not_there(world: World, browser: Client) -> None:
    save(signed_in(world.lead), world, "?state=active", "Of the lead")
    (theirs,) = own(world.lead)
    assert views_in(page_of(browser, world)) == {}
    answer = browser.post(reverse("witness-list", args=[world.case.pk]), {"remove": str(theirs.pk)})
    assert answer.status_code == 404
    assert len(world.events(Kind.ACCESS_REFUSED)) == 1
    with entering(world.investigator, "test"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_savedview")
        assert cursor.fetchone() == (0,)
        cursor.execute("DELETE FROM cases_savedview")
        assert cursor.rowcount == 0
    assert own(world.lead) == [theirs]


@pytest.mark.parametrize("pk", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_nothing_is_removed_by_a_name_of_nothing(pk: str, world: World, browser: Client) -> None:
    assert browser.post(reverse("witness-list", args=[world.case.pk]), {"remove": pk}).status_code == 404


def test_view_is_removed_beside_its_own_list_alone(world: World, browser: Client) -> None:
    save(browser, world, "?state=active", "Mine")
    (row,) = own(world.investigator)
    answer = browser.post(reverse("interview-list", args=[world.case.pk]), {"remove": str(row.pk)})
    assert answer.status_code == 404
    assert own(world.investigator) == [row]


def test_view_stays_in_its_case(world: World, browser: Client) -> None:
    other = factories.make_case(world.lead, prefix="HOM")
    factories.join(other, world.lead, world.investigator, MemberRole.INVESTIGATOR)
    save(browser, world, "?state=active", "Mine")
    assert views_in(browser.get(reverse("witness-list", args=[other.pk])).content.decode()) == {}


def test_view_is_gone_with_the_membership_and_back_with_it(world: World, browser: Client) -> None:
    save(browser, world, "?state=active", "Mine")
    with entering(world.lead, "test"):
        end_membership(by=world.lead, membership=world.memberships["investigator"])
    assert own(world.investigator) == []
    assert save(browser, world, "?state=active", "Again").status_code == 404
    factories.join(world.case, world.lead, world.investigator, MemberRole.INVESTIGATOR)
    assert list(views_in(page_of(browser, world))) == ["Mine"]


def test_without_the_power_of_the_list_nothing_is_kept(world: World) -> None:
    browser = signed_in(world.custodian)
    assert save(browser, world, "?count=named_reported", "Mine", "victim-list").status_code == 403
    assert save(browser, world, "?state=active", "Mine").status_code == 302


def test_action_keeps_nothing_that_the_list_does_not_offer(world: World) -> None:
    shelf = Shelf("witness-list", Permission.WITNESS_READ, {"state": ["active"]})
    for filters in ({}, {"state": CANARY}, {"state": "active", "words": CANARY}):
        with pytest.raises(ViewNotKept), entering(world.investigator, "test"):
            save_view(by=world.investigator, case=world.case, shelf=shelf, name="x", filters=filters)
    assert own(world.investigator) == []


def test_value_that_the_list_offers_no_more_is_left_out(world: World, browser: Client) -> None:
    shelf = Shelf("witness-list", Permission.WITNESS_READ, {"state": ["of old"]})
    with entering(world.investigator, "test"):
        save_view(
            by=world.investigator,
            case=Case.objects.get(pk=world.case.pk),
            shelf=shelf,
            name="Old",
            filters={"state": "of old"},
        )
    (url,) = views_in(page_of(browser, world)).values()
    assert url.endswith("/witnesses/")


def test_forms_carry_their_token(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in(world.investigator).cookies
    page = page_of(browser, world, "?state=active")
    found = re.search(r'class="views-save".*?name="csrfmiddlewaretoken" value="([^"]+)"', page, re.DOTALL)
    assert found
    address = reverse("witness-list", args=[world.case.pk])
    sent = {"name": "Mine", "csrfmiddlewaretoken": found[1]}
    assert browser.post(f"{address}?state=active", sent).status_code == 302
    (row,) = own(world.investigator)
    assert browser.post(address, {"remove": str(row.pk)}).status_code == 403
    sent = {"remove": str(row.pk), "csrfmiddlewaretoken": found[1]}
    assert browser.post(address, sent).status_code == 302
