"""Words about witnesses, interviews and consent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WitnessStatus(TextChoices):
    PROSPECTIVE = "prospective", _("Prospective")
    ENGAGED = "engaged", _("In contact")
    CONSENTED = "consented", _("Consent given")
    ACTIVE = "active", _("Active")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    WITHDRAWN = "withdrawn", pgettext_lazy("witness", "Withdrawn")
    DECEASED = "deceased", _("Deceased")
    PROTECTED = "protected", _("Under protection")


class WitnessCategory(TextChoices):
    DIRECT_VICTIM = "direct_victim", _("Direct victim")
    EYEWITNESS = "eyewitness", _("Eyewitness")
    RELATIVE = "relative", _("Relative")
    FIRST_RESPONDER = "first_responder", _("First responder")
    MEDICAL_STAFF = "medical_staff", _("Medical staff")
    BURIAL_PARTICIPANT = "burial_participant", _("Took part in a burial")
    INSIDER = "insider", _("Insider")
    EXPERT = "expert", _("Expert")
    HEARSAY = "hearsay", _("Reports what others told")


class Vulnerability(TextChoices):
    MINOR = "minor", _("Minor")
    ELDERLY = "elderly", _("Elderly")
    DISABILITY_PHYSICAL = "disability_physical", _("Physical disability")
    DISABILITY_INTELLECTUAL = "disability_intellectual", _("Intellectual disability")
    DISABILITY_PSYCHOSOCIAL = "disability_psychosocial", _("Psychosocial disability")
    SGBV_SURVIVOR = "sgbv_survivor", _("Survivor of sexual or gender-based violence")
    ACUTE_TRAUMA = "acute_trauma", _("Acute trauma")
    ILLITERATE = "illiterate", _("Does not read or write")
    LANGUAGE_BARRIER = "language_barrier", _("Language barrier")
    MINORITY = "minority", _("Member of a minority")
    DISPLACED = "displaced", _("Displaced")
    DETAINED = "detained", _("Detained")
    DEPENDENT = "dependent_on_authority", _("Depends on an authority")
    NONE_IDENTIFIED = "none_identified", _("None identified")


class ProtectiveMeasure(TextChoices):
    PSEUDONYM = "pseudonym", _("Pseudonym")
    IDENTITY_REDACTION = "identity_redaction", _("Identity redacted")
    FACE_DISTORTION = "face_distortion", _("Face distorted")
    VOICE_DISTORTION = "voice_distortion", _("Voice distorted")
    LOCATION_GENERALISED = "location_generalised", _("Place generalised")
    NO_CONTACT = "no_contact", _("No contact")
    RECIPIENT_RESTRICTION = "recipient_restriction", _("Certain recipients only")
    RELOCATION_REFERRED = "relocation_referred", _("Referred for relocation")


class RiskLevel(TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    EXTREME = "extreme", _("Extreme")


class Sex(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known")


class AgeBand(TextChoices):
    INFANT = "infant", _("Infant")
    AGE_0_4 = "0-4", _("0-4")
    AGE_5_11 = "5-11", _("5-11")
    AGE_12_17 = "12-17", _("12-17")
    AGE_18_24 = "18-24", _("18-24")
    AGE_25_34 = "25-34", _("25-34")
    AGE_35_44 = "35-44", _("35-44")
    AGE_45_59 = "45-59", _("45-59")
    AGE_60_69 = "60-69", _("60-69")
    AGE_70 = "70+", _("70 or older")
    ADULT_UNKNOWN = "adult_unknown", _("Adult, age not known")
    CHILD_UNKNOWN = "child_unknown", _("Child, age not known")
    UNKNOWN = "unknown", _("Not known")


MINOR_BANDS = frozenset(
    {AgeBand.INFANT, AgeBand.AGE_0_4, AgeBand.AGE_5_11, AgeBand.AGE_12_17, AgeBand.CHILD_UNKNOWN}
)


class InterviewType(TextChoices):
    FIRST_ACCOUNT = "first_account", _("First account")
    FULL_ACCOUNT = "full_account", _("Full account")
    CLARIFICATION = "clarification", _("Clarification")
    RECONTACT = "recontact", _("Renewed contact")


class InterviewMode(TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By telephone")
    SECURE_VIDEO = "secure_video", _("By secure video")
    WRITTEN = "written", _("In writing")


class Recording(TextChoices):
    NONE = "none", _("None")
    NOTES = "notes", _("Notes")
    AUDIO = "audio", _("Audio")
    VIDEO = "video", _("Video")


class InterviewStatus(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    RISK_CLEARED = "risk_cleared", _("Risk assessed")
    SCHEDULED = "scheduled", _("Scheduled")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    STOPPED_BY_WITNESS = "stopped_by_witness", _("Stopped by the witness")
    ABORTED = "aborted", _("Broken off")
    NOT_TAKEN = "not_taken", _("Not taken")


# Meetings that are still to be held, or are going on.
UNENDED = (
    InterviewStatus.PROPOSED,
    InterviewStatus.RISK_CLEARED,
    InterviewStatus.SCHEDULED,
    InterviewStatus.IN_PROGRESS,
)
# What was told so far can be written down while it goes on, and however it ended.
TOLD = (
    InterviewStatus.IN_PROGRESS,
    InterviewStatus.COMPLETED,
    InterviewStatus.STOPPED_BY_WITNESS,
    InterviewStatus.ABORTED,
)
