"""What is no hold, and what a hold forbids."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class HoldIncomplete(Incomplete):
    """A hold names the authority that ordered it; lifting one needs a reason."""

    kind = Kind.HOLD_REFUSED
    message = _("Say which authority ordered it, until when if it said so, and why where it is lifted.")


class HoldLifted(Refusal):
    """It was lifted before."""

    kind = Kind.HOLD_REFUSED
    status = 409
    message = _("This hold was lifted already. Nothing was changed.")


class HoldAltered(Refusal):
    """The row is not what the log last said of it: somebody wrote it into the database."""

    kind = Kind.HOLD_REFUSED
    status = 409
    message = _("This hold was changed outside this system, so it stays in force. This was recorded.")


class LiftedByTwo(Refusal):
    """One person asks, another lifts."""

    kind = Kind.HOLD_REFUSED
    status = 403
    message = _("Two people lift a hold: one asks with a reason, another confirms. Nothing was changed.")
