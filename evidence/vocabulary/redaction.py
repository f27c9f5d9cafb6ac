"""Words about redacted copies: why something is taken out, how, and how far a set has come."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RedactionReason(TextChoices):
    """The chambers' categories, in words of our own; G, T and L are ours."""

    A1 = "A1", _("A1 · Place of an office, a shelter or an interview")
    A2 = "A2", _("A2 · Staff of the body or of its witness protection")
    A3 = "A3", _("A3 · Interpreter, translator or person who writes down")
    A4 = "A4", _("A4 · Doctor or psychologist")
    A5 = "A5", _("A5 · Investigator")
    A6 = "A6", _("A6 · Go-between")
    A7 = "A7", _("A7 · Lead or source")
    A8 = "A8", _("A8 · Means of communication")
    B1 = "B1", _("B1 · How a witness can be reached")
    B2 = "B2", _("B2 · Family of a witness")
    B3 = "B3", _("B3 · Somebody else at risk")
    B4 = "B4", _("B4 · Where a protected witness is")
    B5 = "B5", _("B5 · Another danger to a witness")
    G1 = "G1", _("G1 · Graphic content")
    T1 = "T1", _("T1 · Privacy of somebody not concerned")
    L1 = "L1", _("L1 · Between lawyer and client")


class RegionKind(TextChoices):
    BOX = "box", _("Black box")
    SILENCE = "silence", _("Silence")
    TONE = "tone", _("Tone in its place")


class RedactionState(TextChoices):
    OWED = "owed", _("Being made")
    MADE = "made", _("Made, being checked")
    FAILED = "failed", _("Failed its checks")
    READY = "ready", _("Waits for a second person")
    APPROVED = "approved", pgettext_lazy("redacted copy", "Approved")
    RETURNED = "returned", pgettext_lazy("redacted copy", "Returned")


class BurnFault(TextChoices):
    """Why a copy could not be made, or what was found wrong with it. None of them can be approved."""

    BROKEN = "broken", _("The file could not be read to its end")
    HEARD = "heard", _("What should be silent or a tone can still be heard")
    METADATA = "metadata", _("The copy holds more than what is seen and heard")
    MISPLACED = "misplaced", _("A box or a time lies where the file has nothing: no such page or moment")
    OVERSIZED = "oversized", _("The file is too large to be made anew here")
    SEEN = "seen", _("Something can still be seen inside a box")
    SLANTED = "slanted", _("The clip is mirrored or turned in a way that players show differently")
    SLOW = "slow", _("Making it took too long")
    TEXT = "text", _("Words that stood under a box were found in the copy")
