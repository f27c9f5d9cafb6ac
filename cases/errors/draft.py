"""Drafts that are not kept: what was typed stays on the page."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.consent import ConsentMissing


class IntakeChanged(Refusal):
    """What was confirmed is not what was read: another window went on writing."""

    kind = Kind.DRAFT_REFUSED
    status = 409
    message = _(
        "The answers were changed in another window after you read them. Nothing was taken in, and nothing "
        "was lost: read them again, then confirm."
    )


class DraftOutdated(Refusal):
    """An older text may not replace a newer one."""

    kind = Kind.DRAFT_REFUSED
    status = 409
    message = _(
        "A newer draft was saved in another window. This one was not saved; what you typed is still on the "
        "page."
    )


class DraftTooLong(Refusal):
    """A form that holds more than any of its fields may is not kept in passing."""

    kind = Kind.DRAFT_REFUSED
    status = 409
    message = _(
        "This is longer than a draft can be, so it was not kept. What you typed is still on the page."
    )


class DraftWithoutConsent(ConsentMissing):
    """Nor is a draft of an account begun without it."""

    kind = Kind.DRAFT_REFUSED
    message = _(
        "The witness has no consent in force for our own analysis, so no draft is kept. What you typed is "
        "still on the page: copy it before you leave, and record consent."
    )
