"""Words of testimonies and their review."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TestimonyStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted for review")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned to the author")
    APPROVED = "approved", pgettext_lazy("testimony", "Approved")
    FINAL = "final", _("Final")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Replaced")


class VersionKind(TextChoices):
    ORIGINAL_NOTES = "original_notes", _("Original notes")
    VERBATIM_TRANSCRIPT = "verbatim_transcript", _("Verbatim transcript")
    STATEMENT = "statement_original_language", _("Statement in the original language")
    TRANSLATION = "translation", _("Translation")
    READBACK_CORRECTED = "readback_corrected", _("Corrected after reading back")
    REDACTED_DERIVATIVE = "redacted_derivative", _("Redacted copy")


LONGEST_TEXT = 200_000
# No version, no reading back and no review any more.
ENDED = (TestimonyStatus.FINAL, TestimonyStatus.WITHDRAWN, TestimonyStatus.SUPERSEDED)


class TextLanguage(TextChoices):
    """Languages an account is written in, as BCP 47 tags."""

    ARABIC = "ar", _("Arabic")
    SYRIAN_ARABIC = "apc", _("Levantine Arabic")
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
    GERMAN = "de", _("German")
    KURDISH = "kmr", _("Kurdish (Kurmanji)")
    TURKISH = "tr", _("Turkish")


RIGHT_TO_LEFT = frozenset({TextLanguage.ARABIC, TextLanguage.SYRIAN_ARABIC})


class SignedHow(TextChoices):
    SIGNATURE = "signature", _("Signature")
    THUMBPRINT = "thumbprint", _("Thumbprint")
    AUDIO_ASSENT = "audio_assent", _("Assent on an audio recording")
    NOT_SIGNED = "not_signed", _("Not signed")


class ReviewStage(TextChoices):
    PEER = "peer", _("Peer review")
    SUPERVISOR = "supervisor", _("Supervisor's review")
    LEGAL = "legal", _("Legal review")
    SECURITY = "security", _("Security review")


class ReviewDecision(TextChoices):
    APPROVE = "approve", pgettext_lazy("testimony", "Approved")
    RETURN = "return", pgettext_lazy("testimony", "Returned")
    REJECT = "reject", _("Rejected")
    ESCALATE = "escalate", _("Passed on")


class ReviewCheck(TextChoices):
    """What a reviewer confirms before approving."""

    OPEN_QUESTIONS = "open_questions", _("Questions were open, none leading")
    WHO_WHAT_WHEN = "who_what_when", _("Who, what, when, where, how, and how the witness knows")
    SEEN_HEARD_TOLD = "seen_heard_told", _("What was seen, heard and told is kept apart")
    CONTRADICTIONS = "contradictions", _("Contradictions are noted")
    IDENTIFIERS = "identifiers", _("What could identify the person is removed")
