"""The words of opening a name: why, what of it, and how far a request has come."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IdentityField(TextChoices):
    """What an identity holds, in the order of the page that asks for it."""

    GIVEN = "given", _("Given name")
    FATHER = "father", _("Father's name")
    GRANDFATHER = "grandfather", _("Grandfather's name")
    FAMILY = "family", _("Family name")
    KUNYA = "kunya", _("Kunya")
    LAQAB = "laqab", _("Laqab")
    MOTHER = "mother", _("Mother's name")
    LATIN_FORMS = "latin_forms", _("The name in Latin letters")
    BORN = "born", _("Born")
    PAPERS = "papers", _("Papers and their numbers")
    PHONES = "phones", _("Telephone numbers")
    ADDRESSES = "addresses", _("Addresses")
    ACCOUNTS = "accounts", _("Accounts in social networks")
    COMMUNITY = "community", _("Community, if it puts the person at risk")
    RELATIVES = "relatives", _("Relatives who could be recognised")
    SAFE_CONTACT = "safe_contact", _("How the person may be reached safely")


# What says who the person is. Named one by one: a field that is added later leaves only once it stands here.
NAMING_FIELDS = (
    IdentityField.GIVEN,
    IdentityField.FATHER,
    IdentityField.GRANDFATHER,
    IdentityField.FAMILY,
    IdentityField.KUNYA,
    IdentityField.LAQAB,
    IdentityField.MOTHER,
    IdentityField.LATIN_FORMS,
    IdentityField.BORN,
    IdentityField.PAPERS,
    IdentityField.COMMUNITY,
)
# What goes to nobody outside without an answer of its own. Relatives never go: nobody asked them.
CONTACT_FIELDS = (
    IdentityField.PHONES,
    IdentityField.ADDRESSES,
    IdentityField.ACCOUNTS,
    IdentityField.SAFE_CONTACT,
)


class IdentityPurpose(TextChoices):
    """Why a name may be opened. Each has its delay, in which a custodian can stop it."""

    LIFE_IN_DANGER = "life_in_danger", _("The witness's life is in danger")
    SAFE_CONTACT = "safe_contact", _("To reach the witness safely")
    WITNESS_ASKED = "witness_asked", _("The witness asked for it")
    COURT_ORDER = "court_order", _("A court or mechanism has ordered it")


DELAYS = {
    IdentityPurpose.LIFE_IN_DANGER: timedelta(0),
    IdentityPurpose.SAFE_CONTACT: timedelta(hours=24),
    IdentityPurpose.WITNESS_ASKED: timedelta(hours=24),
    IdentityPurpose.COURT_ORDER: timedelta(hours=72),
}
REQUEST_LIFE = timedelta(days=7)
SHOWN_FOR = timedelta(minutes=5)
MOST_REQUESTS_A_DAY = 3
MOST_WRONG_WORDS = 5


class AccessState(TextChoices):
    """How far a request to open a name has come."""

    REQUESTED = "requested", _("Waits for two custodians")
    APPROVED_1 = "approved_1", _("Waits for a second custodian")
    APPROVED_2 = "approved_2", _("Approved by two custodians")
    OPEN = "open", _("Opened once")
    CLOSED = "closed", _("Closed")
    DENIED = "denied", _("Stopped by a custodian")
    EXPIRED = "expired", _("Expired")


UNFINISHED_ACCESS = (
    AccessState.REQUESTED,
    AccessState.APPROVED_1,
    AccessState.APPROVED_2,
    AccessState.DENIED,
)


class Verdict(TextChoices):
    """What a custodian said. The values are those of the signed papers."""

    APPROVE = "approve", _("A custodian approved")
    VETO = "veto", _("A custodian stopped it")
    LIFT = "lift-veto", _("A custodian lifted the stop")
