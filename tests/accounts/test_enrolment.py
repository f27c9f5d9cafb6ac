"""The way in by a one-time link: password, second factor, recovery codes, and nothing before them."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.actions.people import invite_person, renew_link
from accounts.door import entering
from accounts.models import OneTimeLink, User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from tests.accounts.signing import is_in, type_password

pytestmark = pytest.mark.django_db
WORDS = "four unrelated words here"


def _invite(by: User) -> tuple[User, str]:
    with entering(by, "test"):
        return invite_person(name="Nour", roles=[Role.INVESTIGATOR], by=by)


def _accept(secret: str, password: str = WORDS) -> Client:
    browser = Client()
    browser.post(f"/join/{secret}", {"password": password, "again": password})
    return browser


def _add_app(browser: Client) -> str:
    page = browser.get("/account/factors/app/add").content.decode()
    found = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert found
    secret = found[0]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert browser.post("/account/factors/app/add", {"code": code}).status_code == 302
    return secret


def test_invited_person_enrols_and_is_in(sysadmin: User) -> None:
    user, secret = _invite(sysadmin)
    assert Client().get(f"/join/{secret}").status_code == 200
    browser = _accept(secret)
    assert browser.get("/account").headers["Location"] == "/enrolment"
    _add_app(browser)
    codes = browser.get("/account/factors/codes").content.decode()
    assert len(re.findall(r">(\d{10})<", codes)) == 10
    browser.post("/enrolment/finish")
    assert is_in(browser)
    kinds = set(Event.objects.filter(subject=f"user:{user.pk}").values_list("kind", flat=True))
    assert {Kind.ACCOUNT_INVITED, Kind.LINK_CREATED, Kind.LINK_USED, Kind.FACTOR_CHANGED} <= kinds
    assert Kind.ACCOUNT_ACTIVATED in kinds
    assert type_password(Client(), user.staff_code) == 302


def test_nothing_opens_before_a_second_factor(sysadmin: User) -> None:
    _user, secret = _invite(sysadmin)
    browser = _accept(secret)
    for address in ("/account", "/people", "/account/password", "/account/factors", "/account/factors/keys"):
        assert browser.get(address).headers["Location"] == "/enrolment", address
    assert browser.post("/enrolment/finish").status_code == 409
    assert not is_in(browser)


def test_password_alone_is_no_way_in_before_enrolment(sysadmin: User) -> None:
    user, secret = _invite(sysadmin)
    _accept(secret)
    assert type_password(Client(), user.staff_code) == 200


def test_link_works_once(sysadmin: User) -> None:
    user, secret = _invite(sysadmin)
    _accept(secret)
    again = Client()
    assert again.get(f"/join/{secret}").status_code == 404
    sent = {"password": "another four unrelated words", "again": "another four unrelated words"}
    assert again.post(f"/join/{secret}", sent).status_code == 404
    assert not is_in(again)
    user.refresh_from_db()
    assert user.check_password(WORDS)
    assert Event.objects.filter(kind=Kind.LINK_REFUSED).exists()


def test_looking_at_a_link_does_not_spend_it(sysadmin: User) -> None:
    _user, secret = _invite(sysadmin)
    for _ in range(3):
        assert Client().get(f"/join/{secret}").status_code == 200


def test_link_expires(sysadmin: User) -> None:
    _user, secret = _invite(sysadmin)
    with time_machine.travel(time.time() + 3 * 86_400 + 1):
        assert Client().get(f"/join/{secret}").status_code == 404


def test_newer_link_ends_the_older(sysadmin: User) -> None:
    user, older = _invite(sysadmin)
    with entering(sysadmin, "test"):
        newer = renew_link(user=user, by=sysadmin)
    assert Client().get(f"/join/{older}").status_code == 404
    assert Client().get(f"/join/{newer}").status_code == 200


def test_link_of_a_closed_account_is_dead(sysadmin: User) -> None:
    user, secret = _invite(sysadmin)
    signed = Client()
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=user.created_at)
    assert signed.get(f"/join/{secret}").status_code == 404


def test_secret_of_a_link_is_nowhere_stored(sysadmin: User) -> None:
    _user, secret = _invite(sysadmin)
    link = OneTimeLink.objects.get()
    assert secret.encode() not in bytes(link.digest)
    assert not Event.objects.filter(leaf__contains=secret).exists()


@pytest.mark.parametrize("password", ["short", "password12345", "123456789012"])
def test_weak_password_is_refused_and_the_link_kept(sysadmin: User, password: str) -> None:
    _user, secret = _invite(sysadmin)
    answer = Client().post(f"/join/{secret}", {"password": password, "again": password})
    assert answer.status_code == 200
    assert Client().get(f"/join/{secret}").status_code == 200


def test_two_different_passwords_are_refused(sysadmin: User) -> None:
    _user, secret = _invite(sysadmin)
    answer = Client().post(f"/join/{secret}", {"password": WORDS, "again": WORDS + "!"})
    assert answer.status_code == 200
    assert OneTimeLink.objects.get().spent_at is None


def test_session_of_whoever_sat_here_before_is_ended(sysadmin: User) -> None:
    from tests.personas import signed_in

    user, secret = _invite(sysadmin)
    browser = signed_in(sysadmin)
    before = browser.cookies["session"].value
    browser.post(f"/join/{secret}", {"password": WORDS, "again": WORDS})
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert browser.cookies["session"].value != before


def test_last_second_factor_cannot_be_removed(sysadmin: User) -> None:
    user, secret = _invite(sysadmin)
    browser = _accept(secret)
    _add_app(browser)
    browser.post("/enrolment/finish")
    browser.post("/account/factors/app/remove")
    assert Authenticator.objects.filter(user_id=user.pk, type="totp").exists()


def test_recovery_codes_are_shown_once(sysadmin: User) -> None:
    _user, secret = _invite(sysadmin)
    browser = _accept(secret)
    _add_app(browser)
    assert re.search(r">\d{10}<", browser.get("/account/factors/codes").content.decode())
    assert not re.search(r">\d{10}<", browser.get("/account/factors/codes").content.decode())


def test_secret_of_the_app_is_sealed_while_it_waits(sysadmin: User) -> None:
    from accounts.models import Session

    _user, secret = _invite(sysadmin)
    browser = _accept(secret)
    page = browser.get("/account/factors/app/add").content.decode()
    found = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert found
    assert not any(found[0].encode() in bytes(row.content) for row in Session.objects.all())
