"""The words of this room: states of an export, tiers, and why something is left out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.vocabulary import Role
from cases.vocabulary import ConsentPurpose, Gap, Material, RecipientClass
from evidence.vocabulary import ItemType


class ExportState(TextChoices):
    REQUESTED = "requested", _("Requested")
    SCOPE_CHECKED = "scope_checked", _("Consent checked")
    REDACTION = "redaction", _("In redaction")
    RISK_CHECKED = "risk_checked", _("Risk checked")
    APPROVED = "approved", _("Approved")
    BUILT = "built", _("Built")
    VERIFIED = "verified", _("Verified")
    DELIVERED = "delivered", _("Delivered")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RECALLED = "recalled", _("Recalled")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")


_OPEN = frozenset({ExportState.REFUSED, ExportState.CANCELLED})
# Redaction and risk check stand between consent and approval once their rooms are built.
EXPORT_STEPS: dict[ExportState, frozenset[ExportState]] = {
    ExportState.REQUESTED: frozenset({ExportState.SCOPE_CHECKED, ExportState.CANCELLED}),
    ExportState.SCOPE_CHECKED: _OPEN | {ExportState.APPROVED, ExportState.SCOPE_CHECKED},
    ExportState.APPROVED: frozenset({ExportState.BUILT, ExportState.CANCELLED}),
    ExportState.BUILT: frozenset({ExportState.VERIFIED, ExportState.CANCELLED}),
    ExportState.VERIFIED: frozenset({ExportState.DELIVERED, ExportState.CANCELLED}),
    ExportState.DELIVERED: frozenset({ExportState.ACKNOWLEDGED, ExportState.RECALLED}),
    ExportState.ACKNOWLEDGED: frozenset({ExportState.RECALLED}),
}
# Whoever an export was delivered to holds it, whatever was asked of them since.
HELD = (ExportState.DELIVERED, ExportState.ACKNOWLEDGED, ExportState.RECALLED)
DELIVERABLE = frozenset({ExportState.VERIFIED, ExportState.DELIVERED, ExportState.ACKNOWLEDGED})


class Tier(TextChoices):
    PUBLIC = "T0", _("T0 public")
    RESTRICTED = "T1", _("T1 restricted")
    CONFIDENTIAL = "T2", _("T2 confidential")
    JUDICIAL = "T3", _("T3 judicial, sealed")


class RecallState(TextChoices):
    """What became of a request to give something up. `no_answer` is a person's finding after reminders."""

    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Received")
    COMPLIED = "complied", _("Complied")
    REFUSED = "refused", _("Refused")
    NO_ANSWER = "no_answer", _("No answer")


_ANSWERS = frozenset({RecallState.COMPLIED, RecallState.REFUSED, RecallState.NO_ANSWER})
RECALL_STEPS: dict[RecallState, frozenset[RecallState]] = {
    RecallState.SENT: _ANSWERS | {RecallState.ACKNOWLEDGED},
    RecallState.ACKNOWLEDGED: _ANSWERS,
    RecallState.NO_ANSWER: frozenset({RecallState.ACKNOWLEDGED, RecallState.COMPLIED, RecallState.REFUSED}),
}
# These wait for the recipient: after a while somebody must remind it.
RECALL_OPEN = (RecallState.SENT, RecallState.ACKNOWLEDGED)


class SecondKeyEnd(TextChoices):
    """How a second key ended. Either way its words are gone."""

    USED = "used", _("Used for a hand-over")
    REVOKED = "revoked", _("Given up")


class DestructionMethod(TextChoices):
    """How something ends. The first ends what lies here; the others are done by people, outside."""

    CRYPTO_SHRED = "crypto_shred", _("Destruction of the keys")
    SECURE_ERASE = "secure_erase", _("Overwritten, so that nothing on it can be read")
    PHYSICAL = "physical", _("Physically destroyed")
    GIVEN_BACK = "given_back", _("Given back, not destroyed")


class Thing(TextChoices):
    """What lies outside this system and ends by hand."""

    EXHIBIT = "exhibit", _("An exhibit")
    CONSENT_FORM = "consent_form", _("A consent form on paper")
    PRINTED = "printed", _("A printed sheet")
    MEDIUM = "medium", _("A medium that holds data")


_BY_HAND = frozenset({DestructionMethod.PHYSICAL, DestructionMethod.GIVEN_BACK})
METHODS: dict[Thing, frozenset[DestructionMethod]] = {
    Thing.EXHIBIT: _BY_HAND,
    Thing.CONSENT_FORM: _BY_HAND,
    Thing.PRINTED: _BY_HAND,
    Thing.MEDIUM: _BY_HAND | {DestructionMethod.SECURE_ERASE},
}


class DisposalState(TextChoices):
    """How far it has come. It is called destroyed once a second person says that they saw it."""

    ASKED = "asked", _("Asked for")
    DECLINED = "declined", _("Declined")
    AGREED = "agreed", _("Agreed, to be carried out")
    CARRIED_OUT = "carried_out", _("Carried out, to be confirmed by a second person")
    CONFIRMED = "confirmed", _("Confirmed by two people")


DISPOSAL_OPEN = (DisposalState.ASKED, DisposalState.AGREED, DisposalState.CARRIED_OUT)


class DestructionState(TextChoices):
    """How far an erasure has come. None of these words is "erased": that is true from a day on."""

    ASKED = "asked", _("Asked for")
    DECLINED = "declined", _("Declined")
    CONFIRMED = "confirmed", _("Confirmed, being carried out")
    KEYS_GONE = "keys_gone", _("Keys deleted, their wrapping being replaced")
    TURNED = "turned", _("Unreadable here; old copies of the keystore expire")


class Inclusion(TextChoices):
    INCLUDED = "included", _("Included")
    LEFT_OUT = "left_out", _("Left out")


class Reason(TextChoices):
    """Why an object is left out: what consent does not cover, and what is not ready or not free."""

    CONSENT_MISSING = "no_consent", Gap.NO_CONSENT.label
    CONSENT_WITHDRAWN = "withdrawn", Gap.WITHDRAWN.label
    CONSENT_EXPIRED = "expired", Gap.EXPIRED.label
    CONSENT_NOT_YET = "not_yet", Gap.NOT_YET.label
    CONSENT_NOT_ASKED = "not_asked", Gap.NOT_ASKED.label
    CONSENT_REFUSED = "refused", Gap.REFUSED.label
    CONSENT_ASK_AGAIN = "ask_again", Gap.ASK_AGAIN.label
    CONSENT_IDENTITY = "identity_level", Gap.IDENTITY_LEVEL.label
    CONSENT_STATE_BODY = "state_body", Gap.STATE_BODY.label
    CONSENT_NOT_AUTHENTIC = "not_authentic", Gap.NOT_AUTHENTIC.label
    NOT_APPROVED = "not_approved", _("The testimony is not approved yet")
    NOT_VERIFIED = "not_verified", _("The exhibit is not verified")
    FROZEN = "frozen", _("The exhibit is frozen")
    FLAGGED = "flagged", _("A file of the exhibit was flagged, or is still being checked")
    DEPICTED = "depicted", _("A person shown did not agree, or could not be asked")
    PROVIDER = "provider", _("Whoever gave it restricted its use")
    GONE = "gone", _("It is no longer yours to send")
    TIER = "tier", _("This tier takes redacted copies only, and there is none")


class ObjectKind(TextChoices):
    TESTIMONY = "testimony", _("Testimony")
    EVIDENCE = "evidence", _("Exhibit")


class PseudonymKind(TextChoices):
    """What gets a code of its own for each recipient."""

    WITNESS = "witness", _("Witness")
    STAFF = "staff", _("Staff member")
    EXHIBIT = "exhibit", _("Exhibit")
    VICTIM = "victim", _("Victim")


PSEUDONYM_PREFIX = {
    PseudonymKind.WITNESS: "W",
    PseudonymKind.STAFF: "S",
    PseudonymKind.EXHIBIT: "E",
    PseudonymKind.VICTIM: "V",
}


class ApprovalDecision(TextChoices):
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class ReceiptKind(TextChoices):
    DOWNLOADED = "downloaded", _("Downloaded")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")


class Channel(TextChoices):
    """How a key's fingerprint was compared. The page of the recipient or an e-mail is no comparison."""

    IN_PERSON = "in_person", _("In person")
    VOICE = "voice", _("By voice, on a known number")
    VIDEO = "video", _("By video, face known")
    LETTER = "letter", _("By signed letter")


# Who keeps recipients and their keys.
KEEPERS = (Role.DISCLOSURE_OFFICER,)
KEY_CHECKERS = (Role.DISCLOSURE_OFFICER, Role.SUPERVISOR, Role.LEGAL_REVIEWER)
RECIPIENT_READERS = (*KEY_CHECKERS, Role.AUDITOR)

# For what an export may be asked, by the kind of body that receives it; the first is offered first.
PURPOSES: dict[RecipientClass, tuple[ConsentPurpose, ...]] = {
    RecipientClass.ICC_OTP: (ConsentPurpose.CRIMINAL_INTERNATIONAL,),
    RecipientClass.UN_IIIM: (ConsentPurpose.CRIMINAL_INTERNATIONAL, ConsentPurpose.HUMAN_RIGHTS_MECHANISM),
    RecipientClass.UN_COI_OR_FFM: (ConsentPurpose.HUMAN_RIGHTS_MECHANISM,),
    RecipientClass.NATIONAL_AUTHORITY: (ConsentPurpose.CRIMINAL_NATIONAL,),
    RecipientClass.EUROJUST_VIA_NATIONAL: (
        ConsentPurpose.CRIMINAL_NATIONAL,
        ConsentPurpose.CRIMINAL_INTERNATIONAL,
    ),
    RecipientClass.FACTFINDING_COMMITTEE: (ConsentPurpose.TRUTH_OR_FACTFINDING,),
    RecipientClass.NGO_PARTNER: (
        ConsentPurpose.HUMAN_RIGHTS_MECHANISM,
        ConsentPurpose.ADVOCACY_PUBLICATION,
        ConsentPurpose.ARCHIVE,
    ),
    RecipientClass.ARCHIVE: (ConsentPurpose.ARCHIVE,),
    RecipientClass.PUBLIC: (ConsentPurpose.ADVOCACY_PUBLICATION,),
}

# Under which answer of a consent each type of exhibit falls.
MATERIAL_OF: dict[ItemType, Material] = {
    ItemType.AUDIO: Material.AUDIO,
    ItemType.VIDEO: Material.VIDEO,
    ItemType.PHOTO: Material.PHOTO_OF_PERSON,
}
