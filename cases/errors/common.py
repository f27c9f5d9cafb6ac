"""What any step may be refused for, whatever it is about."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class Incomplete(Refusal):
    """Something that must be there is missing, or is not one of the values there are."""

    kind = Kind.ACCESS_REFUSED
    status = 409
    message = _("Something is missing or not valid. Nothing was saved; look at the marked fields.")


class StepNotPossible(Refusal):
    """The state machine has no such step from here."""

    kind = Kind.TRANSITION_REFUSED
    status = 409
    message = _(
        "This step is not possible in the present state. Nothing was changed; look at the page again."
    )


class EditedMeanwhile(Refusal):
    """Somebody else saved in between; what was typed is shown again, and nothing of either is lost."""

    kind = Kind.TRANSITION_REFUSED
    status = 409
    message = _(
        "Somebody else saved a change while you were writing. Your text was not saved and not lost: it is "
        "still in the form. Compare it with the newer one, then save again."
    )


class SentBefore(Refusal):
    """A page that was sent and changed afterwards: what it made stands, and the change is not lost unseen."""

    kind = Kind.RECORD_REFUSED
    status = 409
    message = _(
        "This page was sent before, and what was recorded then stands as it was. What you changed since was "
        "not recorded; it is still in the form."
    )


class IdTaken(Refusal):
    """A page that carries the id of something else was not drawn by us."""

    kind = Kind.RECORD_REFUSED
    status = 409
    message = _("This page cannot be sent any more. Nothing was recorded; open it anew.")


class ReasonMissing(Incomplete):
    """A step that needs a reason got none."""

    kind = Kind.RECORD_REFUSED
    message = _("Give a reason. Nothing was changed.")


class RecordIncomplete(Incomplete):
    """A record without its least content, with a date that cannot be, or with a point that is no place."""

    kind = Kind.RECORD_REFUSED


class ElsewhereRow(Refusal):
    """A row of another case, or one that may not be known: told as if it did not exist."""

    kind = Kind.RECORD_REFUSED
    status = 404
    message = _("There is nothing here that you can see.")


class CodesExhausted(Refusal):
    """So many draws without a free code mean that something is wrong."""

    kind = Kind.RECORD_REFUSED
    status = 409
    message = _("No free code was found. Nothing was saved; try again.")
