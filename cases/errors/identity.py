"""Identities that were not sealed: nothing of them is kept anywhere."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind


class IdentityNotKept(Refusal):
    """An identity that was not sealed is nowhere: not in a row, not in a draft, not on the page."""

    kind = Kind.IDENTITY_REFUSED
    status = 409
    message = _("The identity was not sealed, and nothing of it was kept.")


class IdentitySealed(IdentityNotKept):
    message = _("The identity of this witness is sealed already. Nothing of what was typed was kept.")


class IdentityWithoutConsent(IdentityNotKept):
    message = _("The witness has no consent in force, so no identity was sealed and nothing was kept.")


class IdentityEmpty(IdentityNotKept):
    message = _("Type at least one name. Nothing was sealed or kept.")


class IdentityTooLong(IdentityNotKept):
    """All identities have one length; what is longer would be told apart."""

    message = _("This is more than an identity can hold. Nothing was sealed or kept; type it shorter.")


class PseudonymTells(IdentityNotKept):
    message = _(
        "The witness's pseudonym is, or sounds like, one of these names. Nothing was sealed or kept: correct "
        "the pseudonym first, then seal the identity."
    )


class IdentityNotSealedHere(IdentityNotKept):
    """Without custodians an identity could only be sealed to the server, which is no protection."""

    message = _(
        "There are no identity custodians here yet, so no name was taken or kept. The custodians must be "
        "founded first."
    )


class CustodianSealsNothing(IdentityNotKept):
    """Whoever opens names does not write them."""

    message = _(
        "You are an identity custodian. Somebody else must take this identity; nothing of what was typed was "
        "kept."
    )


class IdentityNotSealed(IdentityNotKept):
    message = _("There is no sealed identity to add to yet. Nothing of what was typed was kept.")
