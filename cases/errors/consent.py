"""What is no consent, or none any more, and what is refused without one."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class ConsentIncomplete(Incomplete):
    """A consent that was not explained, not understood or not answered to the end is none."""

    kind = Kind.CONSENT_REFUSED
    message = _(
        "This is not yet a consent. Every question needs an answer, and its limits must be explained."
    )


class LimitsNotExplained(ConsentIncomplete):
    message = _("Explain the limits of confidentiality first; no consent counts before. Nothing was saved.")


class CapacityNotConfirmed(ConsentIncomplete):
    message = _("Confirm that the person could understand and decide. Without it no consent counts.")


class ScopeUnanswered(ConsentIncomplete):
    message = _("Every question about use needs an answer: agreed, refused, or ask again.")


class ConsentBackdated(ConsentIncomplete):
    message = _(
        "On that day the consent before this one, or a withdrawal, was still to come: it would be undone. "
        "Only what was agreed after it counts; for a talk of today leave the day empty. Nothing was saved."
    )


class GuardianMissing(ConsentIncomplete):
    message = _(
        "The person is a minor: a guardian's consent, the child's own assent and a note on the child's best "
        "interest are needed."
    )


class AnalysisRefused(Refusal):
    """Without agreement to our own analysis no word of an account is written down."""

    kind = Kind.CONSENT_REFUSED
    status = 409
    message = _(
        "The person did not agree to our own analysis of the account, so nothing of it may be recorded."
    )


class ConsentClosed(Refusal):
    """A withdrawn, expired or replaced consent takes no further step."""

    kind = Kind.CONSENT_REFUSED
    status = 409
    message = _("This consent is no longer in force. Record a new one with the witness.")


class NotAskedBefore(Refusal):
    """No answer for this purpose asks for another talk first, or it was taken back."""

    kind = Kind.CONSENT_REFUSED
    status = 409
    message = _("No answer for this purpose asks for another talk before a use. Nothing was saved.")


class ConsentMissing(Refusal):
    """No account is taken, and none approved, without consent to our own analysis of it."""

    kind = Kind.TESTIMONY_REFUSED
    status = 409
    message = _(
        "The witness has no consent in force for our own analysis. Your text was not lost; record consent."
    )
