"""Every hook of the sign-in library is received here, and nowhere else.

The library checks passwords, one-time codes and passkeys. Here it is told that nobody signs up, that nobody
gets in without a second factor and a valid tag over their credentials, how addresses are counted, and what
is recorded.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import credentials
from accounts.actions.sessions import (
    note_failed_sign_in,
    note_forged_credentials,
    note_sign_in,
    note_throttled,
)
from accounts.device import device_name
from accounts.errors import ForgedCredentials
from accounts.models import User
from accounts.sessionstore import DEVICE
from vault import smallsecrets
from vault.macs import Domain


def shown_name(user: User) -> str:
    """Print a person: their code."""
    return user.staff_code


def proved_recently(request: HttpRequest) -> bool:
    """Tell whether the person proved who they are within the last minutes."""
    return bool(did_recently_reauthenticate(request))


def proved_since(request: HttpRequest, user: User, moment: float) -> bool:
    """Tell whether the person proved who they are after `moment` (seconds since 1970)."""
    records = get_authentication_records(request, user)
    return any(one.get("reauthenticated") and float(one["at"]) > moment for one in records)


def note_proof(request: HttpRequest, user: User) -> None:
    """Note that the person has just set or typed their password."""
    record_authentication(request, user, "password", reauthenticated=True)


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, sessions and counting."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The staff code or the password is not right."),
        "too_many_login_attempts": _("Too many tries. Wait some minutes, then try again."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("Type the password that you have now."),
        "incorrect_code": _("This code is not right, or was used already."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def authenticate(self, request: HttpRequest, **credentials_typed: Any) -> User | None:
        """Check a password. Closed, unenrolled and tampered accounts answer exactly as a wrong password
        does.
        """
        found = super().authenticate(request, **credentials_typed)
        if not isinstance(found, User) or not found.is_active or found.enrolled_at is None:
            note_failed_sign_in(typed=str(credentials_typed.get("username", "")))
            return None
        try:
            credentials.verify(found)
        except ForgedCredentials:
            note_forged_credentials(found)
            return None
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials_typed: Any) -> None:
        """Count the try; record when it was one too many."""
        try:
            super().pre_authenticate(request, **credentials_typed)
        except ValidationError:
            note_throttled()
            raise

    def set_password(self, user: User, password: str) -> None:
        """Save the one column: the rest of the row is not this page's to write."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session, under a new key, and record it."""
        credentials.verify(user)
        super().login(request, user)
        request.session[DEVICE] = device_name(request)
        note_sign_in(user)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials_typed: Any) -> str:
        # Address and code together: trying from elsewhere cannot lock a person out of their own account.
        return f"{get_ip(request)}:{str(credentials_typed.get('username', '')).strip().lower()}"

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """No mail: nobody has an address here."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors. The library stores their secrets in clear by default."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used already."),
        "cannot_delete_authenticator": _("The last second factor stays. Add another one first."),
    }

    def encrypt(self, text: str) -> str:
        """Seal the secret of a one-time code or of recovery codes."""
        return smallsecrets.seal(Domain.SECOND_FACTOR, b"", text.encode()).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open it; what does not verify raises."""
        return smallsecrets.unseal(Domain.SECOND_FACTOR, b"", bytes.fromhex(encrypted_text)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays: nobody is left with a password alone."""
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=credentials.SECOND_FACTORS
        )
        return bool(others.exclude(pk=authenticator.pk).exists())
