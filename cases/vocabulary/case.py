"""Words of a case itself: its state, its law, its standard of proof, and how exactly a date is known."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseStatus(TextChoices):
    OPEN = "open", _("Open")
    UNDER_REVIEW = "under_review", _("Under review")
    RETURNED = "returned", _("Returned")
    FINDINGS_APPROVED = "findings_approved", _("Findings approved")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


class StandardOfProof(TextChoices):
    ALLEGATION_RECORDED = "allegation_recorded", _("Allegation recorded")
    GROUNDS_TO_SUSPECT = "reasonable_grounds_to_suspect", _("Reasonable grounds to suspect")
    GROUNDS_TO_BELIEVE = "reasonable_grounds_to_believe", _("Reasonable grounds to believe")
    CLEAR_AND_CONVINCING = "clear_and_convincing", _("Clear and convincing evidence")
    BEYOND_REASONABLE_DOUBT = "beyond_reasonable_doubt", _("Beyond reasonable doubt")


class ArmedConflict(TextChoices):
    NIAC = "NIAC", _("Non-international armed conflict")
    IAC = "IAC", _("International armed conflict")
    NONE = "none_or_below_threshold", _("None, or below the threshold")
    UNDETERMINED = "undetermined", _("Not determined")


class RetentionRule(TextChoices):
    TEN_YEARS = "ten_years", _("Ten years after closing")
    THIRTY_YEARS = "thirty_years", _("Thirty years after closing")
    PERMANENT = "permanent", _("Kept for good")


class Precision(TextChoices):
    """How exactly a date is known. A date is always (value, precision, end)."""

    EXACT_MINUTE = "exact_minute", _("To the minute")
    HOUR = "hour", _("About the hour")
    DAY = "day", _("The day")
    MONTH = "month", _("The month")
    YEAR = "year", _("The year")
    ESTIMATE = "estimate", _("An estimate")
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    BETWEEN = "between", _("Between two dates")
    UNKNOWN = "unknown", _("Not known")


class Series(TextChoices):
    """Runs of numbers that a case keeps: `BAN-WT-0001` is the first of `WT`."""

    TESTIMONY = "WT", _("Testimony")
    EXHIBIT = "EX", _("Exhibit")
