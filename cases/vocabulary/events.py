"""Words of incidents, places, victims, acts and actors."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ViolationStatus(TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    LIKELY = "likely", _("Likely")
    POSSIBLE = "possible", _("Possible")
    UNLIKELY = "unlikely", _("Unlikely")
    NOT_A_VIOLATION = "not_a_violation", _("Not a violation")
    UNKNOWN = "unknown", _("Not known")


class ChainLink(TextChoices):
    PRECEDES = "precedes", _("Comes before")
    ENCOMPASSES = "encompasses", _("Includes")
    CAUSES = "causes", _("Leads to")
    PARALLEL = "parallel", _("At the same time as")


class PlaceType(TextChoices):
    HOME = "home", _("Home")
    STREET = "street", _("Street")
    ROADSIDE_CHECKPOINT = "roadside_checkpoint", _("Roadside checkpoint")
    HOSPITAL = "hospital", _("Hospital")
    MORGUE = "morgue", _("Morgue")
    CEMETERY = "cemetery", _("Cemetery")
    MASS_GRAVE = "mass_grave", _("Mass grave")
    RELIGIOUS_SITE = "religious_site", _("Religious site")
    SCHOOL = "school", _("School")
    WORKPLACE = "workplace", _("Workplace")
    MILITARY_SITE = "military_site", _("Military site")
    OTHER = "other", _("Other")


class DisclosedLevel(TextChoices):
    """How exactly a place may be told to others."""

    EXACT = "exact", _("Exact place")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")
    TOWN = "town", _("Town")
    REGION = "region", _("Region")
    NONE = "none", _("Not told")


class CountingUnit(TextChoices):
    INDIVIDUAL = "individual", _("One person")
    FAMILY = "family", _("Family")
    GROUP = "group", _("Group or organisation")
    COMMUNITY = "community", _("Community")


class Outcome(TextChoices):
    KILLED = "killed", _("Killed")
    INJURED = "injured", _("Injured")
    MISSING = "missing", _("Missing")
    DISAPPEARED = "disappeared", _("Disappeared")
    DETAINED = "detained", _("Detained")
    TORTURED = "tortured", _("Tortured")
    DISPLACED = "displaced", _("Displaced")
    PROPERTY_LOSS = "property_loss", _("Lost property")


class CivilianStatus(TextChoices):
    CIVILIAN = "civilian", _("Civilian")
    HORS_DE_COMBAT = "hors_de_combat", _("Out of combat")
    MEDICAL = "medical", _("Medical personnel")
    RELIGIOUS = "religious", _("Religious personnel")
    COMBATANT = "combatant", _("Combatant")
    FORMER_COMBATANT = "former_combatant", _("Former combatant")
    UNDETERMINED = "undetermined", _("Not determined")


class CountClass(TextChoices):
    UNNAMED_REPORTED = "unnamed_reported", _("Unnamed, reported")
    UNNAMED_VERIFIED = "unnamed_verified", _("Unnamed, verified")
    NAMED_REPORTED = "named_reported", _("Named, reported")
    NAMED_VERIFIED = "named_verified", _("Named, verified")
    DUPLICATE = "duplicate", _("Counted elsewhere")
    REJECTED = "rejected", _("Rejected")


class DeathMethod(TextChoices):
    SHOOTING = "shooting", _("Shooting")
    BLADE = "blade", _("Blade")
    BEATING = "beating", _("Beating")
    BURNING = "burning", _("Burning")
    EXPLOSION = "explosion", _("Explosion")
    ASPHYXIATION = "asphyxiation", _("Asphyxiation")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known")


class Consistency(TextChoices):
    """Degrees of consistency of the Istanbul Protocol (2022)."""

    NOT_CONSISTENT = "not_consistent", _("Not consistent with")
    CONSISTENT = "consistent", _("Consistent with")
    HIGHLY_CONSISTENT = "highly_consistent", _("Highly consistent with")
    TYPICAL = "typical", _("Typical of")
    DIAGNOSTIC = "diagnostic", _("Diagnostic of")
    NOT_ASSESSED = "not_assessed", _("Not assessed")


class Rites(TextChoices):
    FULL = "full", _("In full")
    PARTIAL = "partial", _("In part")
    DENIED = "denied", _("Denied")
    UNKNOWN = "unknown", _("Not known")


class Autopsy(TextChoices):
    PROFESSIONAL = "professional", _("Professional")
    INFORMAL = "informal", _("Informal examination")
    NONE = "none", _("None")
    UNKNOWN = "unknown", _("Not known")


class DeathCertificate(TextChoices):
    NONE = "none", _("None")
    NOT_AVAILABLE = "exists_not_available", _("Exists, not available")
    SEEN = "exists_seen", _("Exists, seen by a reliable witness")
    AVAILABLE = "available", _("Available")
    UNKNOWN = "unknown", _("Not known")


class ActType(TextChoices):
    MURDER = "murder", _("Murder")
    EXTRAJUDICIAL_EXECUTION = "extrajudicial_execution", _("Extrajudicial execution")
    ATTEMPTED_KILLING = "attempted_killing", _("Attempted killing")
    TORTURE = "torture", _("Torture")
    ILL_TREATMENT = "ill_treatment", _("Ill-treatment")
    OUTRAGE_ON_DIGNITY = "outrage_on_dignity", _("Outrage upon dignity")
    DENIAL_OF_BURIAL_RITES = "denial_of_burial_rites", _("Denial of burial rites")
    FORCED_MASS_BURIAL = "forced_mass_burial", _("Forced mass burial")
    PILLAGE = "pillage", _("Pillage")
    ARSON = "arson", _("Arson")
    PROPERTY_DESTRUCTION = "property_destruction", _("Destruction of property")
    THREAT = "threat", _("Threat")
    FORCED_DISPLACEMENT = "forced_displacement", _("Forced displacement")
    ENFORCED_DISAPPEARANCE = "enforced_disappearance", _("Enforced disappearance")
    ABDUCTION = "abduction", _("Abduction")
    HOSTAGE_TAKING = "hostage_taking", _("Hostage-taking")
    SEXUAL_VIOLENCE = "sexual_violence", _("Sexual violence")
    PERSECUTION = "persecution", _("Persecution")
    ATTACK_ON_MEDICAL = "attack_on_medical", _("Attack on medical care")
    ARBITRARY_DETENTION = "arbitrary_detention", _("Arbitrary detention")
    OTHER = "other", _("Other")


class ActorKind(TextChoices):
    INDIVIDUAL = "individual", _("One person")
    ARMED_GROUP = "armed_group", _("Armed group")
    UNIT = "unit", _("Unit")
    STATE_BODY = "state_body", _("Body of the State")
    UNKNOWN_GROUP = "unknown_group", _("Unknown group")


class IdentificationStrength(TextChoices):
    NAMED_BY_VICTIM = "named_by_victim", _("Named by a victim")
    RECOGNISED = "recognised", _("Recognised")
    DESCRIBED_ONLY = "described_only", _("Described only")
    INSIGNIA_ONLY = "insignia_only", _("By insignia only")
    INFERRED = "inferred", _("Inferred")


class Degree(TextChoices):
    DIRECTLY_CARRIED_OUT = "directly_carried_out", _("Reported to have carried it out")
    ORDERED = "ordered", _("Reported to have ordered it")
    PLANNED = "planned", _("Reported to have planned it")
    INCITED = "incited", _("Reported to have incited it")
    ASSISTED = "assisted", _("Reported to have assisted")
    COMMON_PURPOSE = "common_purpose", _("Reported to have shared a common purpose")
    PRESENT = "present", _("Reported present")
    PASSIVE_ACCOMPLICE = "passive_accomplice", _("Reported to have stood by")
    FAILED_TO_PREVENT = "failed_to_prevent", _("Reported to have failed to prevent it")
    FAILED_TO_PUNISH = "failed_to_punish", _("Reported to have failed to punish it")
    SUSPECTED = "suspected", _("Suspected")
    UNKNOWN = "unknown", _("Not known")


class InvolvementStatus(TextChoices):
    ALLEGED = "alleged", _("Alleged")
    CORROBORATED = "corroborated", _("Corroborated")
    CONTESTED = "contested", _("Contested")
    UNRESOLVED = "unresolved", _("Unresolved")
    REFUTED = "refuted", _("Refuted")
