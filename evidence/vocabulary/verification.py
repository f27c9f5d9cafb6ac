"""Words about verification and analysis."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MethodFamily(TextChoices):
    """The three analyses that are compared with each other."""

    SOURCE = "source", _("Source")
    TECHNICAL = "technical", _("Technical")
    CONTENT = "content", _("Content")


class Method(TextChoices):
    SOURCE_PROVENANCE = "source_provenance", _("Where it comes from")
    SOURCE_CREDIBILITY = "source_credibility", _("How credible the source is")
    METADATA = "metadata", _("Metadata")
    REVERSE_SEARCH = "reverse_search", _("Search for earlier copies")
    GEOLOCATION = "geolocation", _("Place")
    CHRONOLOCATION = "chronolocation", _("Time")
    WEAPON_IDENTIFICATION = "weapon_identification", _("Weapon")
    SATELLITE_COMPARISON = "satellite_comparison", _("Comparison with satellite images")
    FORENSIC_MEDICAL = "forensic_medical", _("Forensic medicine")
    CONTENT_CONSISTENCY = "content_consistency", _("Consistency of what is shown")
    MANIPULATION_CHECK = "manipulation_check", _("Signs of manipulation")


FAMILY_OF: dict[Method, MethodFamily] = {
    Method.SOURCE_PROVENANCE: MethodFamily.SOURCE,
    Method.SOURCE_CREDIBILITY: MethodFamily.SOURCE,
    Method.METADATA: MethodFamily.TECHNICAL,
    Method.REVERSE_SEARCH: MethodFamily.SOURCE,
    Method.MANIPULATION_CHECK: MethodFamily.TECHNICAL,
    Method.GEOLOCATION: MethodFamily.CONTENT,
    Method.CHRONOLOCATION: MethodFamily.CONTENT,
    Method.WEAPON_IDENTIFICATION: MethodFamily.CONTENT,
    Method.SATELLITE_COMPARISON: MethodFamily.CONTENT,
    Method.FORENSIC_MEDICAL: MethodFamily.CONTENT,
    Method.CONTENT_CONSISTENCY: MethodFamily.CONTENT,
}


class Finding(TextChoices):
    AUTHENTIC = "authentic", _("Authentic")
    CONSISTENT = "consistent", _("Consistent")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")
    INCONSISTENT = "inconsistent", _("Inconsistent")
    MANIPULATED = "manipulated", _("Manipulated")


# Only these count towards "verified"; the others stand beside them and must be answered.
SUPPORTING = frozenset({Finding.AUTHENTIC, Finding.CONSISTENT})
CONTRARY = frozenset({Finding.INCONSISTENT, Finding.MANIPULATED})


class WeaponCategory(TextChoices):
    SMALL_ARM = "small_arm", _("Small arm")
    LIGHT_WEAPON = "light_weapon", _("Light weapon")
    AMMUNITION = "ammunition", _("Cartridge or cartridge case")
    EXPLOSIVE = "explosive", _("Explosive weapon")
    BLADE = "blade", _("Blade")
    VEHICLE = "vehicle", _("Vehicle")
    OTHER = "other", _("Other")


class Confidence(TextChoices):
    """How sure an analysis is. Nothing is ever called proved."""

    STRONG = "strong", _("Strong")
    MODERATE = "moderate", _("Moderate")
    WEAK = "weak", _("Weak")
    OPEN = "open", _("Not determined")


class TimeBasis(TextChoices):
    """From what the time of a picture or clip was worked out."""

    SHADOW = "shadow", _("Shadows and the height of the sun")
    CLOCK = "clock", _("A clock or a screen that is seen or heard")
    WEATHER = "weather", _("Weather of the day")
    LIGHT = "light", _("Daylight, moon or street light")
    SEASON = "season", _("Plants and season")
    CHANGE = "change", _("Something built, damaged or moved at a known time")
    SOUND = "sound", _("A call to prayer, a siren or a broadcast that is heard")
    SEQUENCE = "sequence", _("Its place among other pictures of known time")
    BOUNDS = "bounds", _("The earliest copy that was found")
    METADATA = "metadata", _("The clock of the device")
    OTHER = "other", _("Something else")


class Answer(TextChoices):
    """An answer to a question of a checklist."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
