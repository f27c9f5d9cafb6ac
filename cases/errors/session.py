"""Names that are not compared, and reports that are not shown."""

from django.utils.translation import gettext_lazy as _

from cases.errors.unsealing import NotOpened


class NotPreparedYet(NotOpened):
    message = _("The process that will compare is being started. Look again in a moment.")


class TooFewCustodians(NotOpened):
    message = _("Two custodians besides you must decide, and there are not as many.")


class NothingToCompare(NotOpened):
    message = _("No identity is sealed in this case, so there is nothing to compare with.")


class TooManyWitnesses(NotOpened):
    message = _("More identities are sealed in this case than one session can compare.")


class TooManyTexts(NotOpened):
    message = _("These are more texts than one session compares. Choose fewer of them.")


class StreamTooLarge(NotOpened):
    message = _("One of the files is too large to be compared. Nothing was opened.")


class AuthorAsks(NotOpened):
    """Whoever writes a text could ask by writing."""

    message = _("You wrote one of these texts. Somebody else must ask about it.")


class SessionUnderWay(NotOpened):
    message = _("A session of this case is under way. It must end before another one is asked for.")


class OncePerDay(NotOpened):
    """Each session exposes all names of a case to one process, and each answer tells something."""

    message = _("The names of this case were compared within the last day. Ask again tomorrow.")


class MaterialChanged(NotOpened):
    message = _(
        "Something that was to be compared was changed since it was asked. Nothing was opened: ask anew."
    )


class NoReportYet(NotOpened):
    message = _("There is no report of this session.")


class NotForYou(NotOpened):
    status = 403
    message = _("The report goes to whoever answers for disclosure and to the custodians who approved.")


class NotForAuthors(NotOpened):
    """Whoever writes a text could ask by writing: the answer does not go to them first."""

    status = 403
    message = _("You wrote something that was compared. The report goes to others first.")


class HandoverNotPossible(NotOpened):
    message = _("This hand-over cannot go on: nobody here answers for the export. Nothing was opened.")


class NothingToHandOver(NotOpened):
    message = _("The identity of one of these witnesses is not sealed, so it cannot be handed over.")
