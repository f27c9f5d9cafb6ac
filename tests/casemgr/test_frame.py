"""The frame: links that lead somewhere, the rail, appearance, and pages for when things go wrong."""

from uuid import UUID

import pytest
from django.template import Context
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils.translation import override
from guardian.shortcuts import assign_perm
from pytest_django import DjangoAssertNumQueries

from accounts.door import entering
from accounts.models import User
from casemgr.templatetags import frame
from cases.actions.members import end_membership
from cases.models import Membership
from cases.models.sets import stored_permission
from cases.vocabulary import MemberRole, Permission
from tests.factories import join, make_case
from tests.personas import signed_in
from tests.policy.test_access_matrix import ADDRESSES

SOME = UUID("00000000-0000-4000-8000-000000000001")


def context(path: str = "/", **cookies: str) -> Context:
    request = RequestFactory().get(path)
    request.COOKIES |= cookies
    request.resolver_match = resolve(path)
    return Context({"request": request})


def test_link_stands_only_where_it_leads() -> None:
    assert frame.link_if("dashboard") == "/"
    assert frame.link_if("no-such-page", SOME) == ""


def test_page_under_which_one_stands_is_marked() -> None:
    assert frame.here(context("/"), "dashboard") == ' aria-current="page"'
    assert frame.here(context("/account"), "dashboard") == ""


def test_no_page_of_a_case_stands_nowhere() -> None:
    names = {
        name for name, pattern in ADDRESSES.items() if getattr(pattern.callback, "policy", "") == "case_view"
    }
    assert len(names) > 100
    assert {name for name in names if not frame._standing(name)} == frame._BESIDE


@pytest.mark.parametrize(
    ("name", "stop"),
    [
        ("case-detail", "case-detail"),
        ("case-edit", "case-detail"),
        ("case-log", "case-log"),
        ("testimony-review", "testimony-list"),
        ("consent-withdraw", "witness-list"),
        ("case-search", ""),
        ("dashboard", ""),
    ],
)
def test_every_page_of_a_case_stands_under_one_stop(name: str, stop: str) -> None:
    assert frame._standing(name) == stop


@pytest.mark.parametrize(
    ("cookie", "look"),
    [("dark", "dark"), ("light", "light"), ("auto", "auto"), ("", "auto"), ('"><script>', "auto")],
)
def test_appearance_is_one_of_three(cookie: str, look: str) -> None:
    assert frame.appearance(context("/", appearance=cookie)) == look


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "theme", "sheet"),
    [
        ("dark", 'data-bs-theme="dark"', 'dark.css">'),
        ("auto", 'data-bs-theme="auto"', 'dark.css" media="screen and (prefers-color-scheme: dark)">'),
    ],
)
def test_appearance_is_there_before_the_first_paint(cookie: str, theme: str, sheet: str) -> None:
    browser = Client()
    browser.cookies["appearance"] = cookie
    page = browser.get("/sign-in").content.decode()
    assert theme in page
    assert sheet in page
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.django_db
def test_arabic_page_is_arabic_from_right_to_left() -> None:
    page = Client().get("/sign-in", headers={"accept-language": "ar"}).content.decode()
    assert 'lang="ar"' in page
    assert 'dir="rtl"' in page
    assert "bootstrap.rtl.min.css" in page
    assert "bootstrap/css/bootstrap.min.css" not in page


def test_what_does_not_exist_says_so_calmly(lead: User) -> None:
    answer = signed_in(lead).get("/no/such/page")
    assert answer.status_code == 404
    assert "There is nothing here that you can see" in answer.content.decode()


def test_cases_to_go_to_are_the_readers_own(lead: User, outsider: User) -> None:
    first, second = make_case(lead), make_case(lead)
    page = signed_in(lead).get("/account").content.decode()
    assert first.code in page
    assert second.code in page
    assert first.code not in signed_in(outsider).get("/account").content.decode()


def ways(user: User) -> list[frame.Way]:
    with entering(user, "test"):
        return frame.my_cases(Context({"user": user}))


def test_case_to_go_to_says_the_role_held_there(lead: User, supervisor: User, outsider: User) -> None:
    first, second = make_case(lead), make_case(lead, prefix="HOM")
    join(second, lead, supervisor, MemberRole.SUPERVISOR)
    assert [(way.code, way.role) for way in ways(lead)] == [
        (second.code, "Case lead"),
        (first.code, "Case lead"),
    ]
    assert [(way.code, way.role) for way in ways(supervisor)] == [(second.code, "Supervisor")]
    page = signed_in(supervisor).get("/account").content.decode()
    assert "Go to a case" in page
    assert "Killings on the coast" not in page
    assert ways(outsider) == []
    assert "Go to a case" not in signed_in(outsider).get("/account").content.decode()
    assert "Go to a case" not in Client().get("/sign-in").content.decode()


def test_auditor_goes_to_the_log(lead: User, auditor: User) -> None:
    case = make_case(lead)
    join(case, lead, auditor, MemberRole.AUDITOR)
    (way,) = ways(auditor)
    assert way.url.endswith(f"/cases/{case.pk}/log/")
    assert signed_in(auditor).get(way.url).status_code == 200


def test_case_that_was_left_or_forged_is_no_way(lead: User, investigator: User, outsider: User) -> None:
    case = make_case(lead)
    membership = join(case, lead, investigator, MemberRole.INVESTIGATOR)
    with entering(lead, "test"):
        end_membership(by=lead, membership=membership)
        forged = Membership(case=case, user=outsider, role=MemberRole.LEAD, granted_by=lead, tag=bytes(32))
        Membership.objects.bulk_create([forged])
        assign_perm(stored_permission(Permission.CASE_READ), outsider, case)
    assert ways(investigator) == []
    assert ways(outsider) == []


def test_ways_take_one_query_however_many(
    lead: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(frame.MOST_CASES + 2):
        make_case(lead)
    with entering(lead, "test"), django_assert_num_queries(1):
        assert len(frame.my_cases(Context({"user": lead}))) == frame.MOST_CASES


def test_page_without_a_request_offers_no_form_that_could_not_be_sent() -> None:
    assert "<form" not in render_to_string("403_csrf.html")


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_fault_page_needs_no_database_and_no_reader(name: str) -> None:
    # No mark for the database: a query here would raise.
    with override("ar"):
        page = render_to_string(name)
    assert 'dir="rtl"' in page
    assert "main" in page
    assert "<form" not in page


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "410"])
def test_each_status_has_a_page_that_says_what_was_kept(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert page.count("<h1>") == 1
    assert any(words in page for words in ("Nothing was changed", "was not made", "log of the case"))


def test_refusal_is_shown_escaped() -> None:
    page = render_to_string("refused.html", {"message": "<b>no</b>", "status": 409})
    assert "&lt;b&gt;no&lt;/b&gt;" in page
