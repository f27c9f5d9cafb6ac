"""Rules of contact that name somebody, and contacts that cannot have been."""

from django.utils.translation import gettext_lazy as _

from audit.vocabulary import Kind
from cases.errors.common import Incomplete


class ContactNames(Incomplete):
    """A number or an address names its owner to whoever holds the list of a telephone company."""

    kind = Kind.CONTACT_REFUSED
    message = _(
        "A telephone number, an e-mail address or an account stands here. Such things name the person: they "
        "belong to the sealed identity alone. Take it out; nothing was saved."
    )


class ContactIncomplete(Incomplete):
    """Rules that rule nothing, or a contact of a time to come."""

    kind = Kind.CONTACT_REFUSED
    message = _(
        "Rules need at least one way in which the person may be reached, or what must never be done; a "
        "contact lies in the past. Nothing was saved."
    )
