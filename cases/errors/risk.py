"""Meetings that may not be held yet, and what is still to be weighed or asked first."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class RiskIncomplete(Incomplete):
    """An assessment that leaves one of its questions open weighs nothing."""

    kind = Kind.RISK_REFUSED
    message = _(
        "Say what threatens the person, what is done about it, and what danger is left. The day cannot lie "
        "in the future, and it is weighed anew on that day or later. Nothing was saved."
    )


class RiskNotAssessed(Incomplete):
    """Nobody weighed what a meeting could cost the person."""

    kind = Kind.INTERVIEW_REFUSED
    message = _(
        "The risk to this person was never assessed. Assess it on their page of risk and contact, then come "
        "back. Nothing was changed."
    )


class RiskOutdated(Incomplete):
    """A danger of two months ago says nothing of today's."""

    kind = Kind.INTERVIEW_REFUSED
    message = _(
        "The assessment of the risk is older than 30 days, or was to be made anew, or somebody has learned "
        "who the person is since. Weigh it anew, then come back. Nothing was changed."
    )


class RiskForbids(Incomplete):
    """The newest assessment says that the meeting is not held now."""

    kind = Kind.INTERVIEW_REFUSED
    message = _(
        "The newest assessment of the risk says not to go on. Nothing was changed. If the danger is another "
        "one now, weigh it anew."
    )


class NobodyToMeet(Refusal):
    """Whoever withdrew is left in peace, and whoever died is heard no more."""

    kind = Kind.INTERVIEW_REFUSED
    status = 409
    message = _(
        "This person has withdrawn or died. No meeting with them is proposed, cleared or begun. Nothing was "
        "changed."
    )


class PriorUnanswered(Incomplete):
    """Nobody asked whether the person has told it before."""

    kind = Kind.INTERVIEW_REFUSED
    message = _(
        "Nobody has answered yet whether this person told it before. Ask, and record the answer on their "
        "page of risk and contact: “none” is an answer. Nothing was changed."
    )


class PriorIncomplete(Incomplete):
    """A telling before ours without whom it was told to, or a none with somebody."""

    kind = Kind.RISK_REFUSED
    message = _(
        "Say to whom the person told it; with “none” nobody, no day and no copy can stand. Nothing was saved."
    )


class FullAccountRepeated(Incomplete):
    """To tell all of it twice harms the person, and makes two accounts that differ."""

    kind = Kind.INTERVIEW_REFUSED
    message = _(
        "This person gave a full statement before. A full account is taken again only where a supervisor "
        "wrote down why. Choose another kind of interview, or ask a supervisor. Nothing was changed."
    )
