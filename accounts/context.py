"""What every page is told about this installation."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.actions.installation import is_demonstration
from accounts.alarms import Alarm, alarms_for
from accounts.models import User
from audit.refusals import Refusal
from vault.errors import VaultError

PERSONA_SWITCH = "persona_switch"


def demonstration(request: HttpRequest) -> dict[str, object]:
    """`demonstration`: whether to show the strip; `may_switch_persona`: whether this browser came by the
    link.
    """
    session = getattr(request, "session", None)
    return {
        "demonstration": SimpleLazyObject(is_demonstration),
        "may_switch_persona": bool(session and session.get(PERSONA_SWITCH)),
    }


def alarms(request: HttpRequest) -> dict[str, object]:
    """`alarms`: what this person has not read yet; asked for by the frame alone."""
    return {"alarms": SimpleLazyObject(lambda: _alarms(getattr(request, "user", None)))}


def _alarms(user: object) -> list[Alarm]:
    if not isinstance(user, User):
        return []
    try:
        return alarms_for(user)
    except (Refusal, VaultError):  # the page that tells of a doubted role or a lost key is shown as it is
        return []
