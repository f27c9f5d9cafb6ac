"""Words about what a meeting risks, and about what a person told before."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RiskDecision(TextChoices):
    PROCEED = "proceed", _("Go on")
    PROCEED_WITH_MEASURES = "proceed_with_measures", _("Go on, with these measures")
    POSTPONE = "postpone", _("Postpone")
    DO_NOT_PROCEED = "do_not_proceed", _("Do not go on")


MAY_PROCEED = frozenset({RiskDecision.PROCEED, RiskDecision.PROCEED_WITH_MEASURES})


class Likelihood(TextChoices):
    VERY_UNLIKELY = "1", _("1: very unlikely")
    UNLIKELY = "2", _("2: unlikely")
    POSSIBLE = "3", _("3: possible")
    LIKELY = "4", _("4: likely")
    VERY_LIKELY = "5", _("5: very likely")


class Impact(TextChoices):
    SLIGHT = "1", _("1: slight")
    NOTICEABLE = "2", _("2: noticeable")
    SERIOUS = "3", _("3: serious")
    GRAVE = "4", _("4: grave")
    LIFE = "5", _("5: a life is at stake")


class PriorForm(TextChoices):
    """In which form somebody has told it before; that they have not is an answer, too."""

    NONE = "none", _("None: the person has told it to nobody who kept it")
    FIRST_ACCOUNT = "first_account", _("First account")
    FULL_STATEMENT = "full_statement", _("Full statement")
    AUDIO = "audio", _("Audio recording")
    VIDEO = "video", _("Video recording")
    MEDIA_INTERVIEW = "media_interview", _("Interview with the media")
    MEDICAL_REPORT = "medical_report", _("Medical report")
    COURT_TESTIMONY = "court_testimony", _("Testimony in court")
    UNKNOWN = "unknown", _("Not known in which form")
