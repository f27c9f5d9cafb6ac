"""Reviews that this person, or nobody, may decide like this."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class AuthorMayNotReview(Refusal):
    """Whoever wrote any version of a text does not judge it."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("You wrote a part of this testimony, so another person must review it.")


class NotTheReviewer(Refusal):
    """A review in progress is held by one person."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("Another person is reviewing this testimony.")


class ReviewedMeanwhile(Refusal):
    """The page was left open from an earlier round: what it shows is not what would be decided about."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _(
        "The review that this page showed has ended, and another one has begun. Nothing was decided; your "
        "words are still in the form. Read the present text, then decide."
    )


class AttestationMissing(Refusal):
    """The text was not read back to the witness, and no reason is given."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("The text was not read back to the witness. Say why it should be approved all the same.")


class ChecklistOpen(Refusal):
    """Approval means that each point was looked at."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("Confirm each point of the checklist before approving.")


class CommentMissing(Refusal):
    """A text that comes back without a word cannot be mended."""

    kind = Kind.REVIEW_REFUSED
    status = 409
    message = _("Say what should be mended: the author sees your comment.")
