"""Witnesses who cannot be registered like this, and meetings that cannot be held like this."""

from django.utils.translation import gettext_lazy as _

from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class WitnessIncomplete(Incomplete):
    """A witness without a pseudonym could only be spoken of by name."""

    kind = Kind.WITNESS_REFUSED
    message = _(
        "A witness needs a pseudonym and at least one way in which they came to know. Nothing was saved."
    )


class PseudonymTaken(Incomplete):
    """Two people under one pseudonym would become one in every report."""

    kind = Kind.WITNESS_REFUSED
    message = _("This pseudonym was used before in this case. Choose another one; nothing else was lost.")


class PseudonymHeard(Incomplete):
    """A pseudonym that sounds like a name nearby hides nobody."""

    kind = Kind.WITNESS_REFUSED
    message = _(
        "The pseudonym is, or sounds like, a name that was typed in this intake. Choose another one; nothing "
        "else was lost."
    )


class InterviewIncomplete(Incomplete):
    """An account is taken only where it adds something."""

    kind = Kind.INTERVIEW_REFUSED
    message = _("Say what this account adds. Nothing was saved.")


class InterviewTimes(Incomplete):
    """A meeting that has not begun, or that ends before it begins."""

    kind = Kind.INTERVIEW_REFUSED
    message = _("An interview begins before it ends, and neither lies in the future. Nothing was saved.")


class RightsNotExplained(Incomplete):
    """No question before the person knows that they may say no, pause and stop."""

    kind = Kind.INTERVIEW_REFUSED
    message = _("Explain the person's rights before the interview begins.")
