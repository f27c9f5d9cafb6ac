"""Refusals of this room: each says what happened, what was kept, and what to do next."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class RoleRequired(Refusal):
    """The page is for other roles."""

    kind = Kind.ACCESS_REFUSED
    status = 403
    message = _("This page is for other roles than yours. Ask an administrator if you should have it.")


class ForgedRole(Refusal):
    """A role row does not carry our tag: somebody wrote it into the database."""

    kind = Kind.GRANT_UNVERIFIED
    status = 403
    message = _("Your roles could not be verified, so nothing was opened. Tell your administrator.")


class ForgedTraining(Refusal):
    """A row about a training does not carry our tag: somebody wrote it into the database, or changed it."""

    kind = Kind.GRANT_UNVERIFIED
    status = 403
    message = _("A training could not be verified, so it opened nothing. Tell your administrator.")


class TrainingIncomplete(Refusal):
    """A training that cannot have been, or that nobody could look up."""

    kind = Kind.TRAINING_REFUSED
    status = 409
    message = _(
        "A training ended today or before, expires after that day, and names who gave it. Nothing was saved."
    )


class TrainingOlder(Refusal):
    """An older certificate would silently end the one that counts longer."""

    kind = Kind.TRAINING_REFUSED
    status = 409
    message = _(
        "A training of this kind that counts longer is entered already. Nothing was saved. If that one is "
        "wrong, end it first."
    )


class ForgedReset(Refusal):
    """A request for a renewal does not carry our tag: somebody wrote it into the database."""

    kind = Kind.CREDENTIAL_UNVERIFIED
    status = 409
    message = _(
        "This request was written outside this system, so nothing was changed. It was recorded. Stop it, and "
        "ask who could write to the database."
    )


class ForgedCredentials(Refusal):
    """The password hash or a second factor was changed past us."""

    kind = Kind.CREDENTIAL_UNVERIFIED
    status = 403
    message = _("This account could not be verified, so nothing was changed. Tell your administrator.")


class NotInThisState(Refusal):
    """The person, link or request is not in a state in which this can be done."""

    kind = Kind.TRANSITION_REFUSED
    status = 409
    message = _("This cannot be done any more: something changed meanwhile. Nothing was changed now.")


class SecondPersonRequired(Refusal):
    """The same person cannot ask for a reset and confirm it."""

    kind = Kind.RESET_REFUSED
    status = 403
    message = _("Another administrator must confirm this. Nothing was changed.")


class LinkRefused(Refusal):
    """A one-time link that does not exist, was used, was replaced, or has expired."""

    kind = Kind.LINK_REFUSED
    status = 404
    message = _("This link does not work any more. Ask an administrator for a new one.")


class NotADemonstration(Refusal):
    """Something that exists in a demonstration only."""

    kind = Kind.ACCESS_REFUSED
    status = 404
    message = _("There is no such page.")


class NotYourOwn(Refusal):
    """An administrator acting on their own account."""

    kind = Kind.ACCESS_REFUSED
    status = 403
    message = _("You cannot do this to your own account. Ask another administrator. Nothing was changed.")


class DirectoryDoubted(Refusal):
    """The directories in the database are not those that custodians signed, or one is missing."""

    kind = Kind.DIRECTORY_REFUSED
    status = 503
    message = _(
        "The directory of custodians could not be verified, so nothing was sealed or opened. "
        "Tell your administrator: somebody may have changed the database."
    )


class DirectoryNotTaken(Refusal):
    """A directory that was handed in may not follow the one in force."""

    kind = Kind.DIRECTORY_REFUSED
    status = 409

    message = _("This directory may not follow the one in force. Nothing was changed.")

    def __init__(self, reason: str) -> None:
        super().__init__(subject="directory")
        self.reason = reason


class NoCredentials(Refusal):
    """A persona of a demonstration has no password and no factor to manage."""

    kind = Kind.ACCESS_REFUSED
    status = 403
    message = _("A persona of the demonstration has no password and no second factor. Nothing was changed.")


class DrillRefused(Refusal):
    """A drill that this person may not answer, or an answer that does not count."""

    kind = Kind.DRILL_REFUSED
    status = 409
    message = _("This answer does not count. Nothing was changed.")


class NotYourDrill(DrillRefused):
    status = 403
    message = _("This drill is for two other custodians.")


class DrillOver(DrillRefused):
    message = _("This drill has ended. The next one will be written by itself.")


class DrillAnswered(DrillRefused):
    message = _("You have answered this drill already. It counts once; now the other must answer.")


class DrillAnswerRefused(DrillRefused):
    message = _(
        "This answer does not hold: it is not one that you signed for exactly this drill, under the present "
        "directory. Nothing was counted."
    )


class ForgedDrill(DrillRefused):
    """A drill or an answer without our tag: somebody wrote it into the database."""

    message = _("This drill was changed outside this system, so nothing was opened. This was recorded.")


class RepairRefused(Refusal):
    """A file that is no part of this repair."""

    kind = Kind.REPAIR_REFUSED
    status = 409
    message = _(
        "This file does not hold: it is not what a helper or the newcomer signed for exactly this repair. "
        "Nothing was changed."
    )


class RepairOver(RepairRefused):
    message = _("This repair is over, or not that far yet. What is still owed is asked anew by itself.")


class NotYourRepair(RepairRefused):
    status = 403
    message = _("You are not in the directory of identity custodians, so this is not yours to do.")


class ForgedRepair(RepairRefused):
    """A repair without our tag: somebody wrote it into the database."""

    message = _("This repair was changed outside this system, so nothing was added. This was recorded.")


class LockedMeanwhile(Refusal):
    """The case was locked while the page was being made; of a case this room knows nothing more."""

    kind = Kind.ACCESS_REFUSED
    status = 423
    template = "locked.html"
    message = _("This case was locked in this moment. What was saved is kept; nothing more was changed.")
