"""What a locked case declines, and what does not reopen it."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class CaseLocked(Refusal):
    """Nothing of the case opens here: two custodians hold its key. Work that was owed waits."""

    status = 423
    template = "locked.html"
    message = _(
        "This case is locked: two custodians hold its key, and nothing of it opens here. What was saved is "
        "kept, and work that was under way goes on once it is reopened."
    )


class NotLocked(Refusal):
    """A lock that does not come about, or does not end."""

    kind = Kind.CASE_LOCK_REFUSED
    status = 409
    message = _("Nothing was changed.")


class LockedAlready(NotLocked):
    message = _("Somebody else has locked this case in this moment. It is locked.")


class NobodyToReopen(NotLocked):
    message = _(
        "There are not two custodians here who could open this case again, so it was not locked. Nothing was "
        "changed."
    )


class IsOpen(NotLocked):
    message = _("This case is not locked.")


class NobodyAsked(NotLocked):
    message = _("Nobody has asked that this case be reopened, or that has expired. Ask anew.")


class NotReopenedYet(NotLocked):
    message = _("Two custodians have not agreed yet. The case stays locked.")


class NotYoursToReopen(NotLocked):
    status = 403
    message = _("Only the person who asked was shown the six words. Ask anew to be shown your own.")


class WordsMisread(NotLocked):
    message = _("These are not the six words that were shown to you. The case stays locked.")


class AnswerMisread(NotLocked):
    message = _(
        "This answer does not hold: it is not one that was signed for exactly this, by you, under the "
        "present directory. Nothing was counted."
    )


class NotItsKey(NotLocked):
    """What custodians gave back does not open what was sealed: the log names whose half was false."""

    message = _(
        "What was given back does not open this case, so it stays locked. The log says why. Tell the "
        "custodians, and ask anew."
    )
