"""Accounts that cannot be written, handed in or relied on as they stand."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.errors.common import EditedMeanwhile, Incomplete


class WitnessNotReady(Refusal):
    """A testimony is approved only for a witness who has consented, is active or is protected."""

    kind = Kind.TESTIMONY_REFUSED
    status = 409
    message = _("In the witness's present state this cannot be done with their account. Nothing was changed.")


class TextEmpty(Incomplete):
    kind = Kind.TESTIMONY_REFUSED
    message = _("There is no text yet. Nothing was saved.")


class TextTooLong(Incomplete):
    kind = Kind.TESTIMONY_REFUSED
    message = _("The text is longer than one testimony can hold. It was not saved and is still in the form.")


class ReadOnly(Refusal):
    """What is final stays as it is; a correction is a new testimony that replaces it."""

    kind = Kind.TESTIMONY_REFUSED
    status = 409
    message = _("This testimony is not open for writing. Nothing was changed.")


class AnotherVersion(EditedMeanwhile):
    message = _("A newer version was saved meanwhile, so nothing was handed in. Read it, then hand it in.")
