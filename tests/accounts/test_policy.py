"""Policies: who gets in, what a refusal looks like, and fresh proof before grave acts."""

import time

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.errors import NotADemonstration, RoleRequired
from accounts.models import CredentialReset, User
from accounts.policy import answer, public, refused, signed_in
from accounts.sessionstore import SessionStore
from accounts.vocabulary import Role
from tests.accounts.signing import PASSWORD, Equipped, code_now, equip, type_code, type_password, words_of
from tests.personas import make_person
from tests.personas import signed_in as browser_of
from vault.errors import NotVerified

pytestmark = pytest.mark.django_db


def _request(user: User | None = None, method: str = "GET") -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.session import SessionStorage

    request = RequestFactory().generic(method, "/x")
    request.user = user or AnonymousUser()
    request.session = SessionStore()
    request._messages = SessionStorage(request)  # type: ignore[attr-defined]  # what the middleware would set
    return request


def test_policies_mark_the_view() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert getattr(public(view), "policy", "") == "public"
    assert getattr(public(view), "login_required", True) is False
    assert getattr(signed_in(view), "policy", "") == "signed_in"
    assert getattr(signed_in(Role.AUDITOR)(view), "roles", ()) == (Role.AUDITOR,)
    assert getattr(signed_in(view), "login_required", False) is True


def test_role_is_asked_for(auditor: User, investigator: User) -> None:
    @signed_in(Role.AUDITOR)
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("inside")

    assert view(_request(auditor)).content == b"inside"
    assert view(_request(investigator)).status_code == 403


def test_value_that_does_not_verify_gives_a_calm_page(investigator: User) -> None:
    def broken() -> HttpResponse:
        raise NotVerified("bytes of a secret")

    page = answer(_request(investigator), investigator, broken)
    assert page.status_code == 500
    assert b"bytes of a secret" not in getattr(page, "content", b"")
    assert b"could not be opened" in getattr(page, "content", b"")


def test_what_one_may_not_know_of_looks_like_what_is_not_there(investigator: User) -> None:
    browser = browser_of(investigator)
    request = browser.get("/nothing/at/all").wsgi_request
    page = refused(request, NotADemonstration())
    assert page.status_code == 404
    assert words_of(page) == words_of(browser.get("/nothing/at/all"))


def test_refusal_says_what_was_kept(investigator: User) -> None:
    page = refused(browser_of(investigator).get("/account").wsgi_request, RoleRequired())
    assert "This page is for other roles" in page.content.decode()


@pytest.fixture
def admin(db: None) -> tuple[Equipped, Client]:
    person = equip(Role.SYSADMIN)
    browser = Client()
    type_password(browser, person.user.staff_code)
    type_code(browser, code_now())
    return person, browser


def test_grave_act_asks_again_and_changes_nothing_until_then(admin: tuple[Equipped, Client]) -> None:
    _person, browser = admin
    target = make_person(Role.ANALYST)
    here = f"/people/{target.pk}"
    sent = browser.post(f"{here}/reset", {"back": here})
    assert sent.headers["Location"].startswith("/account/confirm?next=%2Fpeople")
    assert not CredentialReset.objects.exists()
    confirmed = browser.post("/account/confirm", {"password": PASSWORD, "next": here})
    assert confirmed.headers["Location"] == here
    assert "Nothing was changed yet" in browser.get(here).content.decode()
    browser.post(f"{here}/reset", {"back": here})
    assert CredentialReset.objects.exists()


def test_wrong_password_proves_nothing(admin: tuple[Equipped, Client]) -> None:
    _person, browser = admin
    browser.post("/account/confirm", {"password": "wrong wrong wrong", "next": "/people/invite"})
    assert browser.get("/people/invite").status_code == 302


def test_proof_lasts_five_minutes(admin: tuple[Equipped, Client]) -> None:
    _person, browser = admin
    browser.post("/account/confirm", {"password": PASSWORD})
    assert browser.get("/people/invite").status_code == 200
    with time_machine.travel(time.time() + 301):
        assert browser.get("/people/invite").status_code == 302


def test_recovery_code_proves_it_too_and_only_once(admin: tuple[Equipped, Client]) -> None:
    person, browser = admin
    browser.post("/account/confirm/code", {"code": person.codes[3], "next": "/people"})
    assert browser.get("/people/invite").status_code == 200
    with time_machine.travel(time.time() + 301):
        browser.post("/account/confirm/code", {"code": person.codes[3], "next": "/people"})
        assert browser.get("/people/invite").status_code == 302


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_way_back_stays_here(admin: tuple[Equipped, Client], back: str) -> None:
    _person, browser = admin
    target = make_person(Role.ANALYST)
    sent = browser.post(f"/people/{target.pk}/reset", {"back": back})
    assert "elsewhere" not in sent.headers["Location"]
    assert "javascript" not in sent.headers["Location"]


def test_what_was_typed_is_not_kept_while_proving(admin: tuple[Equipped, Client]) -> None:
    _person, browser = admin
    browser.post("/people/invite", {"name": "A name that is not kept", "roles": ["analyst"]})
    assert "not kept" not in str(dict(browser.session.items()))


def test_preferences_live_in_the_browser(db: None) -> None:
    browser = Client()
    sent = {"language": "ar", "appearance": "dark", "cover": "marked", "next": "/sign-in"}
    answered = browser.post("/account/preferences", sent)
    assert answered.headers["Location"] == "/sign-in"
    assert browser.cookies["django_language"].value == "ar"
    assert browser.cookies["appearance"].value == "dark"
    assert browser.cookies["cover"].value == "marked"
    assert 'dir="rtl"' in browser.get("/sign-in").content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"language": "xx"},
        {"appearance": "pink; path=/"},
        {"cover": "pink"},
        {"language": "en", "next": "//elsewhere.example/"},
        {"language": "en", "next": "https://elsewhere.example/"},
        {"language": "en", "next": "/\\elsewhere.example"},
        {},
    ],
)
def test_odd_preferences_lead_nowhere(db: None, sent: dict[str, str]) -> None:
    answered = Client().post("/account/preferences", sent)
    assert answered.headers["Location"] == "/"
    assert "xx" not in str(answered.cookies)
    assert "pink" not in str(answered.cookies)
