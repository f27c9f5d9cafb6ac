"""Refusals of this room: each says what happened, what was kept, and what to do next."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class ClaimIncomplete(Refusal):
    """A figure without its scope would be read as another figure."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _("A figure needs its organisation, area, period and persons counted. Nothing was saved.")


class FiguresTurned(Refusal):
    """The lower figure is above the higher one."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _("The lower figure is above the higher one. Nothing was saved.")


class AssertionEmpty(Refusal):
    """A fact without words, or without anything it rests on."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _("Write what is asserted, and choose at least one thing it rests on. Nothing was saved.")


class ContraryUnanswered(Refusal):
    """What speaks against a fact must be answered before the fact counts as corroborated."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _(
        "Something contradicts this fact, or too little that is independent supports it. Corroborated needs "
        "two supports from different groups of sources that count, and nothing against it. Nothing was "
        "changed."
    )


class LinkTakenBack(Refusal):
    """A link is taken back once; why it was stands beside it."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _(
        "This was taken back already. Nothing was changed; who did it and why stands beside the fact."
    )


class RetractionUnexplained(Refusal):
    """What others relied on does not vanish without a word."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _("Write why it is taken back. Nothing was changed.")


class ExhibitFrozen(Refusal):
    """A frozen exhibit is used for nothing."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _(
        "This exhibit is frozen: one of its files failed an integrity check, so nothing may rest on it. "
        "Nothing was saved; an evidence custodian must answer the alert first."
    )


class ExhibitRejected(Refusal):
    """What was found not to be what it is said to be shows nothing."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _(
        "This exhibit was rejected in its verification, so nothing may rest on it. Nothing was saved; read "
        "the decision on its page, or choose something else."
    )


class AccountWithdrawn(Refusal):
    """An account that was withdrawn is used for nothing more."""

    kind = Kind.FINDING_REFUSED
    status = 409
    message = _("This account was withdrawn, so nothing may rest on it. Nothing was saved.")
