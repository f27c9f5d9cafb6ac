"""What every answer carries (nothing is stored), and what nobody gets past without a second factor."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from accounts.adapters import proved_since
from accounts.models import User

Next = Callable[[HttpRequest], HttpResponseBase]

# What a person without a second factor may reach: the way to one, and the way out.
BEFORE_ENROLMENT = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "enrolment-begin",
        "enrolment-detail",
        "enrolment-finish",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "preference-set",
    }
)

# What a locked browser may reach: the ways to prove who one is, and the way out.
WHILE_LOCKED = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "preference-set",
    }
)
LOCKED = "locked_at"


class Headers:
    """Headers of every page made by us. Static files pass above this and may be cached."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers; a page is never stored, and signing out clears what the browser kept."""
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        match = request.resolver_match
        if match and match.view_name in {"account_logout", "session-lock"} and request.method == "POST":
            # Not "cookies": language and appearance are the person's choice; the session's cookie is gone.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        if match and match.view_name == "account_logout" and request.method == "POST":
            # Whoever sits down here next finds no key to a name.
            response.delete_cookie(settings.INTAKE_COOKIE_NAME, samesite="Strict")
        return response


class Enrolment:
    """A person without a second factor and recovery codes reaches the pages that make them, and nothing
    else.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the question is asked in `process_view`, where the address is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Turn a person who is not enrolled back to the enrolment page."""
        if not isinstance(request.user, User) or request.user.enrolled_at is not None:
            return None
        match = request.resolver_match
        if match and match.view_name in BEFORE_ENROLMENT:
            return None
        return HttpResponseRedirect(reverse("enrolment-detail"))


class Lock:
    """A person who leaves their place locks the browser; it opens again to whoever proves to be them."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the question is asked in `process_view`, where the address is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Show nothing but the way back in, until there is a proof younger than the lock."""
        locked_at = request.session.get(LOCKED)
        if locked_at is None or not isinstance(request.user, User):
            return None
        if proved_since(request, request.user, locked_at):
            del request.session[LOCKED]
            return None
        match = request.resolver_match
        if match and match.view_name in WHILE_LOCKED:
            return None
        return HttpResponseRedirect(reverse("account_reauthenticate"))
