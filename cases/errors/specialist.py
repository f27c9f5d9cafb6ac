"""Meetings with people whom not everybody may hear."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class SpecialistMissing(Incomplete):
    """To be heard by somebody untrained harms a child, a survivor, or a person in acute trauma."""

    kind = Kind.INTERVIEW_REFUSED
    message = _(
        "This person is heard only by people trained for it. Whoever interviews, or whoever interprets, is "
        "not, or nobody has said yet who it is. The meeting cannot be held so. Name others, or take no "
        "account and offer help."
    )


class NeedTakenAway(Refusal):
    """Whoever may not hear somebody does not make them somebody whom they may hear."""

    kind = Kind.WITNESS_REFUSED
    status = 409
    message = _(
        "A meeting with this person is proposed, agreed or going on, and what is taken back here says that "
        "they are heard only by people trained for it. End the meeting first. Nothing was changed."
    )


class NotAtThisTable(Incomplete):
    """Whoever is named neither takes interviews in this case nor interprets in it."""

    kind = Kind.INTERVIEW_REFUSED
    message = _(
        "Whoever interviews takes interviews in this case; whoever interprets is another person of this case "
        "who interprets or takes interviews. Nothing was saved."
    )
