"""The words of an identity session: what is compared or handed over, why, and how far it has come."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.vocabulary.identity import UNFINISHED_ACCESS


class SessionCheck(TextChoices):
    """What the names of a case are compared with."""

    DUPLICATES = "duplicates", _("Is somebody registered twice?")
    PSEUDONYMS = "pseudonyms", _("Does a pseudonym give a name away?")
    TEXTS = "texts", _("Does a text name somebody?")
    STREAMS = "streams", _("Does a file that is to leave name somebody?")
    HANDOVER = "handover", _("Whose identity goes to the recipient of an export?")


class SessionPurpose(TextChoices):
    """Why names are compared. Each has its delay, in which a custodian can stop it."""

    LIFE_IN_DANGER = "life_in_danger", _("Somebody's life is in danger")
    DISCLOSURE = "disclosure", _("Something is to be handed over or published")
    REGULAR = "regular", _("A regular check")
    HANDOVER = "handover", _("Identities are to go to the recipient of an export")


SESSION_DELAYS = {
    SessionPurpose.LIFE_IN_DANGER: timedelta(0),
    SessionPurpose.DISCLOSURE: timedelta(hours=1),
    SessionPurpose.REGULAR: timedelta(hours=1),
    SessionPurpose.HANDOVER: timedelta(hours=1),
}
# Its key lies in the memory of one process: the shorter, the better.
SESSION_LIFE = timedelta(hours=24)
BETWEEN_SESSIONS = timedelta(days=1)
MOST_TEXTS = 200
MOST_STREAMS = 200
LARGEST_STREAM = 32 * 1024 * 1024  # bytes, opened; what is larger is no text


class SessionState(TextChoices):
    """How far a session has come. What it shares with a request to open a name has the same values."""

    PREPARING = "preparing", _("Its process is being started")
    REQUESTED = "requested", _("Waits for two custodians")
    APPROVED_1 = "approved_1", _("Waits for a second custodian")
    APPROVED_2 = "approved_2", _("Approved by two custodians")
    RUNNING = "running", _("The process is at work")
    COMPARED = "compared", _("Names were compared")
    HANDED = "handed", _("Identities were handed over")
    CLOSED = "closed", _("Closed")
    DENIED = "denied", _("Stopped by a custodian")
    EXPIRED = "expired", _("Expired")
    FAILED = "failed", _("Failed: it must be asked anew")


LIVE_SESSION = tuple(str(one) for one in (SessionState.PREPARING, *UNFINISHED_ACCESS, SessionState.RUNNING))


class Found(TextChoices):
    """The three words of a report."""

    BLOCK = "block", _("block")
    LOOK = "look", _("look")
    CLEAR = "clear", _("clear")


# What the paper of a hand-over is bound to: its names there, and what a page calls them.
BOUND_WORDS: dict[str, Promise | str] = {
    "export": _("Export"),
    "recipient": _("Recipient"),
    "kind of recipient": _("Kind of body"),
    "recipient key": _("Fingerprint of the recipient's key"),
    "second key": _("Numbers of the second key"),
    "for": _("Purpose"),
    "with contact details": _("Of the witnesses, with contact details"),
}
