"""Sessions: what the database holds of them opens none, and they end when they should."""

import time

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client, override_settings

from accounts.models import Session, Throttle, User
from accounts.sessionstore import SessionStore, digest
from accounts.tasks import sweep
from audit.models import Event
from audit.vocabulary import Kind
from tests.accounts.signing import PASSWORD, code_now, equip, is_in, type_code, type_password
from tests.personas import signed_in

pytestmark = pytest.mark.django_db


def _key(browser: Client) -> str:
    return str(browser.cookies["session"].value)


def _row(browser: Client) -> Session:
    return Session.objects.get(digest=digest(_key(browser)))


def test_row_of_a_session_cannot_be_replayed_as_a_cookie(investigator: User) -> None:
    row = _row(signed_in(investigator))
    for stolen in (bytes(row.digest).hex(), bytes(row.digest).hex()[:32], str(row.pk), row.pk.hex):
        thief = Client()
        thief.cookies["session"] = stolen
        assert not is_in(thief)


def test_database_holds_neither_key_nor_person_in_the_content(investigator: User) -> None:
    browser = signed_in(investigator)
    row = _row(browser)
    stored = bytes(row.content) + bytes(row.digest)
    assert _key(browser).encode() not in stored
    assert str(investigator.pk).encode() not in stored


def test_content_of_another_session_does_not_open(investigator: User, supervisor: User) -> None:
    mine, theirs = signed_in(investigator), signed_in(supervisor)
    other = _row(theirs)
    Session.objects.filter(pk=_row(mine).pk).update(content=other.content, user=supervisor)
    assert not is_in(mine)


def test_row_moved_to_another_person_does_not_open(investigator: User, supervisor: User) -> None:
    browser = signed_in(investigator)
    Session.objects.filter(pk=_row(browser).pk).update(user=supervisor)
    assert not is_in(browser)


def test_edited_content_does_not_open(investigator: User) -> None:
    browser = signed_in(investigator)
    row = _row(browser)
    content = bytearray(bytes(row.content))
    content[-1] ^= 1
    Session.objects.filter(pk=row.pk).update(content=bytes(content))
    assert not is_in(browser)


def test_session_ends_when_it_rests(investigator: User) -> None:
    browser = signed_in(investigator)
    with time_machine.travel(time.time() + 31 * 60):
        assert not is_in(browser)


def test_session_in_use_goes_on_and_ends_at_its_time(investigator: User) -> None:
    browser = signed_in(investigator)
    start = time.time()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(start + minutes * 60):
            assert is_in(browser)
    with time_machine.travel(start + 12 * 3600 + 1):
        assert not is_in(browser)


def test_lapsed_sessions_are_swept(investigator: User) -> None:
    signed_in(investigator)
    with time_machine.travel(time.time() + 13 * 3600):
        SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_signing_out_ends_the_session_and_clears_the_browser(investigator: User) -> None:
    browser = signed_in(investigator)
    key = _key(browser)
    answer = browser.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = Client()
    thief.cookies["session"] = key
    assert not is_in(thief)


def test_page_of_signing_out_does_nothing_by_itself(investigator: User) -> None:
    browser = signed_in(investigator)
    browser.get("/sign-out")
    assert is_in(browser)


def test_person_ends_another_session_of_theirs(investigator: User) -> None:
    here, there = signed_in(investigator), signed_in(investigator)
    page = here.get("/account").content.decode()
    assert str(_row(there).pk) in page
    assert here.post(f"/account/sessions/{_row(there).pk}/end").status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert Event.objects.get(kind=Kind.SESSION_ENDED).actor == investigator.staff_code


def test_nobody_ends_a_session_of_somebody_else(investigator: User, supervisor: User) -> None:
    theirs = signed_in(supervisor)
    assert signed_in(investigator).post(f"/account/sessions/{_row(theirs).pk}/end").status_code == 409
    assert is_in(theirs)


def test_all_other_sessions_end(investigator: User) -> None:
    here, *others = [signed_in(investigator) for _ in range(3)]
    here.post("/account/sessions/end-others")
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_session_ended_meanwhile_is_not_brought_back(investigator: User) -> None:
    browser = signed_in(investigator)
    store = SessionStore(_key(browser))
    assert store[SESSION_KEY] == str(investigator.pk)
    Session.objects.filter(user=investigator).delete()
    assert not is_in(browser)


def test_new_password_ends_the_other_sessions() -> None:
    person = equip()
    here, there = Client(), Client()
    type_password(here, person.user.staff_code)
    type_code(here, code_now())
    type_password(there, person.user.staff_code)
    type_code(there, person.codes[0])
    new = "five quite unrelated words now"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password", sent).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert Event.objects.filter(kind=Kind.PASSWORD_CHANGED).count() == 1
    assert type_password(Client(), person.user.staff_code) == 200
    assert type_password(Client(), person.user.staff_code, new) == 302


def test_cookie_is_kept_from_scripts_and_other_sites(investigator: User) -> None:
    cookie = Client()
    person = equip()
    type_password(cookie, person.user.staff_code)
    flags = cookie.cookies["session"]
    assert flags["httponly"]
    assert flags["samesite"] == "Strict"
    assert not flags["domain"]
    assert not flags["max-age"]


@override_settings(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")
def test_cookie_is_bound_to_this_host_under_https() -> None:
    browser = Client()
    type_password(browser, equip().user.staff_code)
    flags = browser.cookies["__Host-session"]
    assert flags["secure"]
    assert flags["path"] == "/"
    assert not flags["domain"]


def test_pages_carry_the_headers(investigator: User) -> None:
    for browser in (Client(), signed_in(investigator)):
        answer = browser.get("/account", follow=True)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_pages_of_sign_in_have_no_inline_script(investigator: User) -> None:
    page = Client().get("/sign-in").content.decode()
    assert "<style" not in page
    assert " onclick" not in page
    assert 'style="' not in page


def test_sweep_forgets_what_has_lapsed_and_nothing_else(investigator: User) -> None:
    old = signed_in(investigator)
    type_password(Client(), "INV-77", "wrong wrong wrong")
    with time_machine.travel(time.time() + 13 * 3600):
        new = signed_in(investigator)
        assert sweep() > 0
        assert is_in(new)
        assert not is_in(old)
        assert Session.objects.filter(user=investigator).count() == 1
    assert not Throttle.objects.exists()


def test_locked_browser_shows_nothing_until_the_person_proves_it() -> None:
    person = equip()
    browser = Client()
    type_password(browser, person.user.staff_code)
    type_code(browser, code_now())
    browser.post("/account/confirm", {"password": PASSWORD, "next": "/account"})
    locked = browser.post("/account/lock")
    assert locked.headers["Clear-Site-Data"] == '"cache", "storage"'
    for address in ("/account", "/people", "/account/factors"):
        assert browser.get(address).headers["Location"] == "/account/confirm"
    browser.post("/account/confirm", {"password": "wrong wrong wrong"})
    assert not is_in(browser)
    browser.post("/account/confirm", {"password": PASSWORD, "next": "/account"})
    assert is_in(browser)
