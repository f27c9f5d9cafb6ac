"""Words of consent: for what, which material, for whom, and how much of the person may be known."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ConsentPurpose(TextChoices):
    INTERNAL_ANALYSIS = "internal_analysis", _("Our own analysis")
    ADVOCACY_PUBLICATION = "advocacy_publication", _("Publication and advocacy")
    HUMAN_RIGHTS_MECHANISM = "human_rights_mechanism", _("Human-rights mechanism")
    CRIMINAL_NATIONAL = "criminal_national", _("Criminal proceedings before a national court")
    CRIMINAL_INTERNATIONAL = "criminal_international", _("Criminal proceedings before an international court")
    TRUTH_OR_FACTFINDING = "truth_or_factfinding_body", _("Truth or fact-finding body")
    ARCHIVE = "archive", _("Archive")


class Material(TextChoices):
    ACCOUNT_TEXT = "account_text", _("The account in writing")
    AUDIO = "audio", _("Audio recordings")
    VIDEO = "video", _("Video recordings")
    PHOTO_OF_PERSON = "photo_of_person", _("Photographs of the person")
    DOCUMENTS = "documents", _("Documents")
    CONTACT_DETAILS = "contact_details", _("Contact details")


class RecipientClass(TextChoices):
    OWN_ORGANISATION = "own_organisation", _("This organisation alone")
    ICC_OTP = "icc_otp", _("International Criminal Court, Office of the Prosecutor")
    UN_IIIM = "un_iiim", _("UN mechanism for Syria (IIIM)")
    UN_COI_OR_FFM = "un_coi_or_ffm", _("UN commission of inquiry or fact-finding mission")
    NATIONAL_AUTHORITY = "national_authority", _("National prosecuting authority")
    EUROJUST_VIA_NATIONAL = "eurojust_via_national", _("Eurojust, through a national authority")
    FACTFINDING_COMMITTEE = "factfinding_committee", _("National fact-finding committee")
    NGO_PARTNER = "ngo_partner", _("Partner organisation")
    ARCHIVE = "archive", _("Archive")
    PUBLIC = "public", _("The public")


class IdentityLevel(TextChoices):
    NONE = "none", _("Nothing about the person")
    PSEUDONYM = "pseudonym", _("A pseudonym")
    CONFIDENTIAL_IDENTITY = "confidential_identity", _("The identity, in confidence")
    FULL_IDENTITY = "full_identity", _("The identity")


IDENTITY_ORDER: tuple[IdentityLevel, ...] = (
    IdentityLevel.NONE,
    IdentityLevel.PSEUDONYM,
    IdentityLevel.CONFIDENTIAL_IDENTITY,
    IdentityLevel.FULL_IDENTITY,
)


class Decision(TextChoices):
    GRANTED = "granted", _("Agreed")
    REFUSED = "refused", _("Refused")
    ASK_AGAIN = "ask_again", _("Ask again first")


class ConsentMethod(TextChoices):
    SIGNED = "signed", _("Signed")
    THUMBPRINT = "thumbprint", _("Thumbprint")
    AUDIO = "audio", _("On an audio recording")
    VIDEO = "video", _("On a video recording")
    ORAL_WITNESSED = "oral_witnessed", _("Spoken, before a second person")


class ConsentState(TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In force")
    SUPERSEDED = "superseded", _("Replaced by a newer consent")
    EXPIRED = "expired", _("Expired")
    PARTLY_WITHDRAWN = "partly_withdrawn", _("Partly withdrawn")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentEventKind(TextChoices):
    GIVEN = "given", _("Given")
    RENEWED = "renewed", _("Renewed")
    NARROWED = "narrowed", _("Narrowed")
    WIDENED = "widened", _("Widened")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    WITHDRAWAL_CONFIRMED = "withdrawal_confirmed", _("Withdrawal confirmed to the witness")
    RECONTACT_ATTEMPT = "recontact_attempt", _("Attempt to reach the witness again")


class Reached(TextChoices):
    """What came of asking the person again before a use."""

    AGREED = "agreed", _("Reached, and agreed")
    REFUSED = "refused", _("Reached, and did not agree")
    NOT_REACHED = "not_reached", _("Not reached")


class Gap(TextChoices):
    """Why consent does not cover a use."""

    NO_CONSENT = "no_consent", _("No consent in force")
    WITHDRAWN = "withdrawn", _("Consent was withdrawn")
    EXPIRED = "expired", _("Consent has expired")
    NOT_YET = "not_yet", _("Consent is not yet in force")
    NOT_ASKED = "not_asked", _("Not agreed for this use")
    REFUSED = "refused", _("Refused for this use")
    ASK_AGAIN = "ask_again", _("The witness asked to be asked again first")
    IDENTITY_LEVEL = "identity_level", _("More of the person than was agreed")
    STATE_BODY = "state_body", _("Not agreed for a body of the State")
    NOT_AUTHENTIC = "not_authentic", _("The consent record could not be verified")
