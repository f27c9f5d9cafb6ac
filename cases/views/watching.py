"""The key to an intake's names, in the cookie of one browser, and the warning that needs it.

The cookie lives 12 hours at most, is sent to this server alone and read by no script; nothing here writes its
value anywhere else.
"""

import base64
import binascii
from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.policy import StaffRequest
from cases.actions.watches import places_that_name
from cases.models.watch import WATCH_LIFE
from vault.copies import KEY_LENGTH, new_copy_key


def held_key(request: HttpRequest) -> bytes | None:
    """The key that this browser sent, if it sent one."""
    try:
        key = base64.urlsafe_b64decode(request.COOKIES.get(settings.INTAKE_COOKIE_NAME, ""))
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_LENGTH else None


def key_for(request: HttpRequest) -> bytes:
    """The browser's key, or a new one that `give` must send to it."""
    return held_key(request) or new_copy_key()


def give(response: HttpResponseBase, key: bytes) -> None:
    """Send the key to the browser; from then on it lies there alone."""
    response.set_cookie(
        settings.INTAKE_COOKIE_NAME,
        base64.urlsafe_b64encode(key).decode(),
        max_age=WATCH_LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def warn_of_names(request: StaffRequest, form: BaseForm) -> None:
    """Say in which fields of what was just saved a name of an open intake stands; never which name."""
    key = held_key(request)
    if key is None or getattr(form, "holds_names", False):
        return
    for where in places_that_name(by=request.user, key=key, texts=_texts(form)):
        words = _("A name that was sealed in this intake stands in “%(where)s”. Put a code in its place.")
        messages.warning(request, words % {"where": where})


def _texts(form: BaseForm) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in getattr(form, "cleaned_data", {}).items():
        texts = value if isinstance(value, list | tuple) else [value]
        text = "\n".join(one for one in texts if isinstance(one, str))
        if text and name in form.fields:
            found[str(form[name].label)] = text
    return found
