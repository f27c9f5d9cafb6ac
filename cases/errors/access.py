"""Who may not see or do something, and who cannot become or stay a member."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class NotVisible(Refusal):
    """The reader may not know whether it exists: they are told what they would be told of nothing."""

    kind = Kind.ACCESS_REFUSED
    status = 404
    message = _("There is nothing here that you can see.")


class NotAllowed(Refusal):
    """The reader sees the case, and their role in it does not include this."""

    kind = Kind.ACCESS_REFUSED
    status = 403
    message = _(
        "Your role in this case does not include this step. The case lead can tell you who may do it."
    )


class ForgedMembership(Refusal):
    """A membership without our tag: somebody wrote it into the database."""

    kind = Kind.GRANT_UNVERIFIED
    status = 404
    message = _("There is nothing here that you can see.")


class AlreadyMember(Refusal):
    """One person, one membership at a time."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("This person is in the case already. End that membership first, or change its role.")


class MemberUnfit(Refusal):
    """The person's own role does not carry this role in a case, or their account is closed."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("This person cannot be given that role: their account is closed or their own role differs.")


class OwnMembership(Refusal):
    """Nobody gives themselves powers, or takes back a reset of their own credentials."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("You cannot change your own membership. Another lead can do it.")


class MembershipWithoutTime(Incomplete):
    """A membership that ends before it begins."""

    kind = Kind.MEMBER_REFUSED
    message = _("The end must come after the beginning. Nothing was saved.")


class LastLead(Refusal):
    """A case without a lead could not be joined by anybody any more."""

    kind = Kind.MEMBER_REFUSED
    status = 409
    message = _("A case needs at least one lead. Name another lead first.")
