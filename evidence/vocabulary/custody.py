"""Words about custody and integrity."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustodyKind(TextChoices):
    COLLECTED = "collected", _("Collected")
    RECEIVED = "received", _("Received")
    REGISTERED = "registered", _("Registered")
    COPIED = "copied", _("Copied")
    MOVED = "moved", _("Handed over")
    ACCESSED = "accessed", _("Looked at")
    EXAMINED = "examined", _("Examined")
    TRANSCRIBED = "transcribed", _("Transcribed")
    TRANSLATED = "translated", _("Translated")
    REDACTED = "redacted", _("Redacted")
    EXPORTED = "exported", _("Exported")
    RETURNED = "returned", pgettext_lazy("custody", "Came back")
    FIXITY_OK = "fixity_ok", _("Integrity confirmed")
    FIXITY_FAIL = "fixity_fail", _("Integrity failed")
    SET_ASIDE = "set_aside", _("Set aside")
    DESTROYED = "destroyed", _("Destroyed")
    GIVEN_BACK = "given_back", _("Given back to its owner")


# What people write down by hand; everything else is written by the act itself.
BY_HAND = (
    CustodyKind.COLLECTED,
    CustodyKind.EXAMINED,
    CustodyKind.TRANSCRIBED,
    CustodyKind.TRANSLATED,
    CustodyKind.RETURNED,
)
# After which of them somebody else may have the exhibit than before.
HOLDING = (
    CustodyKind.REGISTERED,
    CustodyKind.MOVED,
    CustodyKind.RETURNED,
    CustodyKind.GIVEN_BACK,
)


class HandOverState(TextChoices):
    """How far a hand-over has come. Only the first is open; every other one is for good."""

    PROPOSED = "proposed", _("Waits for the receiver")
    CONFIRMED = "confirmed", _("Confirmed by both")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken_back", _("Taken back")
    LAPSED = "lapsed", _("Lapsed")
    STOPPED = "stopped", _("Stopped: a file failed its check")
    RECEIPTED = "receipted", _("Handed to somebody outside, against a receipt")


class FixityResult(TextChoices):
    INTACT = "intact", _("Intact")
    DAMAGED = "damaged", _("Changed")
    MISSING = "missing", _("Missing")


class RunKind(TextChoices):
    """How closely a run looks: at the sealed bytes, without a key, or at what is in them."""

    ROUTINE = "routine", _("Routine: the sealed bytes")
    DEEP = "deep", _("Deep: opened and compared")


class FoundKind(TextChoices):
    """What a run can find wrong in the store."""

    DAMAGED = "damaged", _("Changed")
    MISSING = "missing", _("Missing")
    EXTRA = "extra", _("On no record")


class FrozenReason(TextChoices):
    FIXITY = "fixity", _("A file failed its integrity check")
    RECEIPT = "receipt", _("What was stored is not what arrived")
