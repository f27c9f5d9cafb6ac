"""Refusals of a hand-over: each says what happened, what was kept, and what to do next."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class HandOverRefused(Refusal):
    """What every refusal of a hand-over has in common: the exhibit stays with whoever has it."""

    kind = Kind.CUSTODY_REFUSED
    status = 409
    message = _("This hand-over is not possible. Nothing was changed; look at the page again.")


class HandOverIncomplete(HandOverRefused):
    """A hand-over to nobody, to oneself, without a receipt, or on a day that cannot be."""

    message = _("Something is missing or not valid. Nothing was saved; look at the marked fields.")


class NotYourHandOver(HandOverRefused):
    """Only the receiver confirms or declines, and only the giver takes back."""

    status = 403
    message = _(
        "This step belongs to the other side: only the receiver confirms or declines a hand-over, and only "
        "whoever proposed it takes it back. Nothing was changed."
    )


class NotTheHolder(HandOverRefused):
    """Whoever hands over has it, by the chain."""

    message = _(
        "By its chain of custody you do not have this, so you cannot hand it over. Where the person who has "
        "it can no longer act in this case, an evidence custodian hands it over in their place. Nothing was "
        "changed."
    )


class PartElsewhere(HandOverRefused):
    """An exhibit is handed over whole, or by its files."""

    message = _(
        "One file of this exhibit is in other hands by its chain of custody, so the exhibit cannot be handed "
        "over as a whole. Nothing was changed."
    )


class NothingLeft(HandOverRefused):
    """The thing was destroyed, and nothing of it was ever received as a file."""

    message = _(
        "By its chain of custody this was destroyed, and there is no file of it: there is nothing that could "
        "be handed over. Nothing was changed."
    )


class HandOverOpen(HandOverRefused):
    """Two open hand-overs of one exhibit could both be confirmed."""

    message = _(
        "A hand-over of this exhibit waits for its receiver already. It must be confirmed, declined or taken "
        "back first. Nothing was changed."
    )


class HandOverEnded(HandOverRefused):
    """A hand-over is answered once."""

    message = _("This hand-over was answered or taken back already. Nothing was changed.")


class HandOverExpired(HandOverRefused):
    """What was proposed long ago may no longer be so."""

    message = _(
        "This hand-over has lapsed: nobody confirmed it in time, or whoever proposed it can no longer hand "
        "the exhibit over. Nothing was changed; it must be proposed again."
    )
