"""Words of findings: who gives a figure, over whom, how it was reached; and stances on a fact."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VictimScope(TextChoices):
    """Over whom a figure speaks. Two figures of different scope are never added up nor compared."""

    ALL_PERSONS = "all_persons", _("All persons")
    CIVILIANS = "civilians", _("Civilians")
    CIVILIANS_AND_HORS_DE_COMBAT = "civilians_and_hors_de_combat", _("Civilians and people out of combat")
    NAMED_ONLY = "named_only", _("Named persons only")
    SECURITY_FORCES = "security_forces", _("Members of security forces")
    GROUP_SPECIFIC = "group_specific", _("Members of one group")


class FigureMethod(TextChoices):
    NAMES_VERIFIED = "names_verified", _("Names verified")
    CASES_INVESTIGATED = "cases_investigated", _("Cases investigated")
    DOCUMENTED = "documented", _("Documented")
    REPORTED = "reported", _("Reported")
    ESTIMATE = "estimate", _("Estimate")
    UNKNOWN = "unknown", _("Not known")


class Happening(TextChoices):
    """What the figure counts."""

    KILLED = "killed", _("killed")
    INJURED = "injured", _("injured")
    MISSING = "missing", _("missing")
    DISPLACED = "displaced", _("displaced")


class FactState(TextChoices):
    ASSERTED = "asserted", _("Asserted")
    CORROBORATED = "corroborated", _("Corroborated")
    CONTESTED = "contested", _("Contested")
    UNRESOLVED = "unresolved", _("Unresolved")
    REFUTED = "refuted", _("Refuted")


class Stance(TextChoices):
    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")
    NEUTRAL = "neutral", _("Neither")


class SetAside(TextChoices):
    """Why something that a fact rests on counts for nothing now."""

    FROZEN = (
        "frozen",
        _("It does not count: the exhibit is frozen until an alert about its files is settled."),
    )
    REJECTED = "rejected", _("It does not count: the exhibit was rejected in its verification.")
    WITHDRAWN = "withdrawn", _("It does not count: the account was withdrawn.")
    TAKEN_BACK = "taken_back", _("It does not count: it was taken back.")
