"""Words about exhibits and their files."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemType(TextChoices):
    DOCUMENT = "document", _("Document")
    PHOTO = "photo", _("Photo")
    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Audio recording")
    SATELLITE_IMAGE = "satellite_image", _("Satellite image")
    SOCIAL_MEDIA_POST = "social_media_post", _("Post on social media")
    MEDICAL_RECORD = "medical_record", _("Medical record")
    PHYSICAL_OBJECT = "physical_object", _("Physical object")
    WEAPON_REMNANT = "weapon_remnant", _("Weapon or remnant")
    MAP = "map", _("Map")
    EXPERT_REPORT = "expert_report", _("Expert report")
    DATASET = "dataset", _("Data set")


# What exists without a file: a photograph of it may follow as a file of its own.
MAY_HAVE_NO_FILE = frozenset({ItemType.PHYSICAL_OBJECT, ItemType.WEAPON_REMNANT})

# What is data and was never anything else: there is no object of it.
BORN_DIGITAL = frozenset({ItemType.SATELLITE_IMAGE, ItemType.SOCIAL_MEDIA_POST, ItemType.DATASET})


class EvidenceRole(TextChoices):
    CRIME_BASE = "crime_base", _("What was done")
    LINKAGE = "linkage", _("Who was involved")
    CONTEXTUAL = "contextual", _("Context")
    NOTICE = "notice", _("Who was told, and when")
    EXCULPATORY = "exculpatory", _("Speaks against an allegation")


class DepictedConsent(TextChoices):
    """Whether the people who can be seen or heard agreed to that."""

    OBTAINED = "obtained", _("Obtained")
    NOT_POSSIBLE = "not_possible", _("Could not be asked")
    REFUSED = "refused", _("Refused")
    NOT_APPLICABLE = "not_applicable", _("Nobody can be recognised")


class ItemStatus(TextChoices):
    REGISTERED = "registered", _("Registered")
    IN_VERIFICATION = "in_verification", _("In verification")
    VERIFIED = "verified", _("Verified")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")
    REJECTED = "rejected", _("Rejected")


DECIDED = frozenset({ItemStatus.VERIFIED, ItemStatus.INCONCLUSIVE, ItemStatus.REJECTED})
ITEM_STEPS: dict[ItemStatus, frozenset[ItemStatus]] = {
    ItemStatus.REGISTERED: frozenset({ItemStatus.IN_VERIFICATION}),
    ItemStatus.IN_VERIFICATION: DECIDED,
    # Reopening asks for a reason; the action sees to that.
    ItemStatus.VERIFIED: frozenset({ItemStatus.IN_VERIFICATION}),
    ItemStatus.INCONCLUSIVE: frozenset({ItemStatus.IN_VERIFICATION}),
    ItemStatus.REJECTED: frozenset({ItemStatus.IN_VERIFICATION}),
}


class CopyKind(TextChoices):
    EVIDENTIARY = "evidentiary", _("As received")
    WORKING = "working", _("Working copy")
    REDACTED = "redacted", _("Redacted copy")
    TRANSCRIPT = "transcript", _("Transcript")
    TRANSLATION = "translation", _("Translation")
    THUMBNAIL = "thumbnail", _("Preview")
    OVERVIEW = "overview", _("Frames or waveform")
    RECEIPT = "receipt", _("Signed receipt")


# What we draw ourselves to look at: no evidence, no file that anybody sent, listed nowhere beside those.
DRAWN = frozenset({CopyKind.THUMBNAIL, CopyKind.OVERVIEW})
# A file that came from outside, and was made from no other.
FROM_OUTSIDE = (CopyKind.EVIDENTIARY, CopyKind.RECEIPT)


class FileState(TextChoices):
    """How far the checks of a received file have come."""

    STORED = "stored", _("Stored")
    HASHED = "hashed", _("Hashed again")
    CHECKED = "checked", _("Checked")
    FLAGGED = "flagged", _("Flagged")


class FileFlag(TextChoices):
    """Why a file was flagged. The file itself is kept as it came: it may be evidence all the same."""

    BROKEN = "broken", _("The file is broken or cut short; no program could read it")
    DAMAGED = "damaged", _("The stored bytes are not those that arrived")
    DISGUISED = "disguised", _("The file is not what it says it is")
    INFECTED = "infected", _("The virus scanner found something in the file")
    OVERSIZED = "oversized", _("Opening the file would need too much memory")
    SLOW = "slow", _("Reading the file took too long")
    UNKNOWN = "unknown", _("The type of the file is not one we open")
    UNSCANNED = "unscanned", _("The virus scanner does not take a file of this size")
    UNSAFE = "unsafe", _("The archive names files outside itself, or would unpack without end")
