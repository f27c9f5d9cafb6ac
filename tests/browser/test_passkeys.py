"""A passkey in a real browser, under the real headers: enrol with it, sign out, sign in with it again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.actions.people import invite_person
from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from tests.browser.harness import Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "four unrelated words here"


@pytest.fixture
def page(window: Window) -> Iterator[Page]:
    """A page of a browser with a security key of its own; whatever the headers block fails the test."""
    page = window.page
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    assert [said for said in window.complaints if "Content Security" in said] == []


def test_passkey_enrols_and_signs_in(page: Page, live_server: LiveServer, sysadmin: User) -> None:
    # A passkey belongs to a name: browsers make none for a bare address.
    here = live_server.url.replace("127.0.0.1", "localhost")
    with entering(sysadmin, "test"):
        user, secret = invite_person(name="Nour", roles=[Role.ANALYST], by=sysadmin)
    page.goto(f"{here}/join/{secret}")
    page.fill("[name=password]", WORDS)
    page.fill("[name=again]", WORDS)
    page.click("main button[type=submit]")
    page.wait_for_url("**/enrolment")
    page.click("a[href='/account/factors/keys/add']")
    page.wait_for_url("**/keys/add")  # its script loaded: a click before that does nothing
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/account/factors/codes")
    assert len(re.findall(r">\d{10}<", page.content())) == 10
    page.click("a[href='/enrolment']")
    page.click("form[action='/enrolment/finish'] button")
    page.goto(f"{here}/account")
    assert user.staff_code in page.inner_text("main")

    page.goto(f"{here}/sign-out")
    page.click("main button[type=submit]")
    page.wait_for_url("**/sign-in")
    page.fill("[name=login]", user.staff_code)
    page.fill("[name=password]", WORDS)
    page.click("main button[type=submit]")
    page.wait_for_url("**/second-factor")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto(f"{here}/account")
    assert user.staff_code in page.inner_text("main")
