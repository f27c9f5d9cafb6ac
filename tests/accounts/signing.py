"""People of the tests who have a real password, a real authenticator app and real recovery codes."""

import re
import time
from dataclasses import dataclass
from functools import cache

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from accounts import credentials
from accounts.models import User
from accounts.vocabulary import Role
from tests.personas import make_person

PASSWORD = "four unrelated words here"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEXT = "/account"


@dataclass
class Equipped:
    """A person and what they hold in their hands."""

    user: User
    codes: list[str]


@cache
def _hash(password: str) -> str:
    # Hashing takes long on purpose; the tests need one hash, not one each.
    return make_password(password)


def equip(*roles: Role) -> Equipped:
    """Make a person who can sign in as people do."""
    user = make_person(*(roles or (Role.INVESTIGATOR,)))
    user.password = _hash(PASSWORD)
    user.save(update_fields=["password"])
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(user, SECRET)
        codes = RecoveryCodes.activate(user).get_unused_codes()
    credentials.put_tag(user)
    return Equipped(user, codes)


def code_now(steps: int = 0) -> str:
    """Return what the authenticator app shows now, or some steps from now."""
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps)))


def type_password(browser: Client, code: str, password: str = PASSWORD, **headers: str) -> int:
    """Send the first page of the sign-in; 302 means that the password was right."""
    sent = {"login": code, "password": password, "next": NEXT}
    return browser.post("/sign-in", sent, headers=headers).status_code


def type_code(browser: Client, code: str) -> int:
    """Send the second page of the sign-in; 302 means that the person is in."""
    return browser.post("/sign-in/second-factor", {"code": code}).status_code


def is_in(browser: Client) -> bool:
    """Tell whether a page of the signed-in opens."""
    return browser.get("/account").status_code == 200


def factors(user: User) -> int:
    """Count the rows of factors, recovery codes included."""
    return int(Authenticator.objects.filter(user_id=user.pk).count())


def words_of(answer: HttpResponseBase, *varying: str) -> str:
    """Return a page without its tokens, and without what may differ between two addresses."""
    page = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())  # type: ignore[attr-defined]
    for text in varying:
        page = page.replace(text, "")
    return page
