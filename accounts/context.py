"""What every page is told about this installation."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.actions.installation import is_demonstration

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
