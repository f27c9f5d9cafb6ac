"""Names that are not opened, and words of custodians that do not count."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class NotOpened(Refusal):
    """A name that stays closed."""

    kind = Kind.IDENTITY_ACCESS_REFUSED
    status = 409
    message = _("Nothing was opened, and nothing was changed.")


class NoCustodians(NotOpened):
    message = _("There are no identity custodians here, so nobody can open a name.")


class NothingSealed(NotOpened):
    message = _("No identity of this witness is sealed, so there is nothing to open.")


class NothingAsked(NotOpened):
    message = _("Choose at least one thing to be shown, and say why. Nothing was asked yet.")


class OneAtATime(NotOpened):
    message = _(
        "You have asked for a name that is not decided yet. One person asks for one name at a time: close "
        "that request first."
    )


class TooManyNames(NotOpened):
    """Names are opened one by one, and seldom."""

    message = _("You have asked for as many names today as one person may. Ask again tomorrow.")


class OwnRequest(NotOpened):
    message = _("You asked for this name yourself. Two other people must decide.")


class NotYourRequest(NotOpened):
    status = 403
    message = _("Only the person who asked can do this.")


class NotACustodian(NotOpened):
    status = 403
    message = _("You are not in the directory of identity custodians, so what you say here does not count.")


class NotAnOutsideBody(NotOpened):
    message = _(
        "This is not the answer of an outside body that holds a half of the break-glass key. Nothing was "
        "counted."
    )


class BreakGlassStands(NotOpened):
    message = _(
        "The two outside bodies have agreed to this. A custodian cannot stop it. Nothing was changed."
    )


class AnswerRefused(NotOpened):
    """A paper that is none, is edited, or is about something else."""

    message = _(
        "This answer does not hold: it is not one that was signed for exactly this request, by you, under "
        "the present directory. Nothing was counted."
    )


class SaidAlready(NotOpened):
    message = _("You have said this to this request already. It counts once.")


class RequestOver(NotOpened):
    message = _("This request has ended. What is still needed must be asked anew.")


class RequestExpired(RequestOver):
    message = _("This request has expired. What is still needed must be asked anew.")


class DecidedMeanwhile(NotOpened):
    message = _("Two custodians have approved already. Nothing more is needed.")


class StandsStopped(NotOpened):
    message = _("A custodian has stopped this request. Two others can lift that.")


class NotAgreedYet(NotOpened):
    message = _("Two custodians have not approved yet.")


class NotYetTime(NotOpened):
    message = _("Two custodians have approved, and the time of waiting is not over yet.")


class SeenAlready(NotOpened):
    message = _("This was shown once, and is not shown again. What is still needed must be asked anew.")


class WrongWords(NotOpened):
    message = _("These are not the six words that were shown to you. Nothing was opened.")


class WordsExhausted(NotOpened):
    message = _("Wrong words were typed too often. Close this request and ask anew.")


class FalseHalf(NotOpened):
    """A custodian's half is not the one that was kept: the name of the custodian stands in the log."""

    message = _(
        "What one custodian gave back is not what was sealed, so nothing was opened. The log names whose it "
        "was. Tell the other custodians, and ask anew."
    )


class IdentityAltered(NotOpened):
    """The sealed identity or its halves are not those of the log."""

    kind = Kind.IDENTITY_UNVERIFIED
    message = _(
        "What is stored is not what was sealed, so nothing was opened. This was recorded as an alarm."
    )


class ForgedRequest(NotOpened):
    """A request or decision without our tag: somebody wrote it into the database."""

    kind = Kind.IDENTITY_UNVERIFIED
    message = _("This request was changed outside this system, so nothing was opened. This was recorded.")


class KeyMisread(NotOpened):
    message = _("This is not the public part of a one-time key. Nothing was asked yet.")
