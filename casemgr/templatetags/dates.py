"""Dates as exactly as they are known. Months are named as people in Syria name them; digits never change.

A date is written as rooms keep it: ISO 8601, cut where knowledge ends (`2025-03`), with a precision and an
end; or it is a `date` or `datetime` of Python. Words of precision are those of `cases.vocabulary.Precision`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

_LOCALES = {"ar": "ar_SY", "en": "en_GB"}
# How many characters of `2025-03-09T10:00` each precision may show, and how a date of that length is written.
_AT_MOST = {"year": 4, "month": 7, "day": 10}
_PATTERNS = {4: "y", 7: "MMMM y", 10: "d MMMM y"}
_FRAMES: dict[str, Promise | str] = {
    "estimate": gettext_lazy("about %(date)s"),
    "before": gettext_lazy("before %(date)s"),
    "after": gettext_lazy("after %(date)s"),
    "between": gettext_lazy("between %(date)s and %(last)s"),
}
_CLOCKS: dict[str, Promise | str] = {
    "": gettext_lazy("%(date)s, %(time)s"),
    "exact_minute": gettext_lazy("%(date)s, %(time)s"),
    "hour": gettext_lazy("%(date)s, about %(time)s"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A date in ISO 8601, cut where knowledge ends, and how exactly it is known."""

    value: str
    precision: str
    end: str


def written(value: object, precision: object = "", end: object = "") -> Written:
    """Read a date in any of the forms in which rooms keep it."""
    if isinstance(value, Mapping):
        value, precision, end = (value.get(name) or "" for name in ("value", "precision", "end"))
    elif hasattr(value, "precision"):
        value, precision, end = value.value, value.precision, value.end  # type: ignore[attr-defined]  # a `Dated`
    return Written(_iso(value), str(getattr(precision, "value", precision) or ""), _iso(end))


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")


def _locale() -> str:
    return _LOCALES.get((get_language() or "en").split("-", maxsplit=1)[0], "en_GB")


def _day(iso: str, most: int = 10, pattern: str = "") -> str:
    """Name a day, a month or a year, whichever the value reaches."""
    length = max(fit for fit in _PATTERNS if fit <= max(4, min(len(iso), most)))
    whole = date.fromisoformat(iso[:length] + "0000-01-01"[length:])
    return format_date(whole, pattern or _PATTERNS[length], locale=_locale())


def dated(value: object, precision: object = "", end: object = "") -> SafeString:
    """Print a date with its precision; an unknown one says so."""
    known = written(value, precision, end)
    if not known.value or known.precision == "unknown":
        return format_html('<span class="quiet">{}</span>', _("date not known"))
    shown = _day(known.value, _AT_MOST.get(known.precision, 10))
    clock = known.value[11:16]
    if clock and known.precision in _CLOCKS:
        return _time_tag(known.value, str(_CLOCKS[known.precision]), shown, clock)
    if known.precision in _FRAMES:
        last = _day(known.end or known.value)
        shown = str(_FRAMES[known.precision]) % {"date": shown, "last": last}
    elif known.precision == "day":
        # Only what is known to the day gets a machine-readable date: the tag would claim more than is known.
        return format_html('<time class="dated" datetime="{}"><bdi>{}</bdi></time>', known.value[:10], shown)
    return format_html('<span class="dated"><bdi>{}</bdi></span>', shown)


def _time_tag(iso: str, frame: str, shown: str, clock: str) -> SafeString:
    """Put day and time into a sentence; the time is isolated, so that no direction turns it round."""
    before, after = frame.split("%(time)s")
    sentence = format_html(
        '{}<bdi dir="ltr" class="machine">{}</bdi>{}', before % {"date": shown}, clock, after
    )
    return format_html('<time class="dated" datetime="{}">{}</time>', iso, sentence)


def moment(value: datetime | None) -> SafeString:
    """Print a time of the system's own clock, to the minute, with its zone."""
    if value is None:
        return format_html('<span class="quiet">{}</span>', _("not yet"))
    value = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time class="dated" datetime="{}"><bdi>{}</bdi> <bdi dir="ltr" class="machine">{}</bdi></time>',
        value.isoformat(),
        _day(value.isoformat(), pattern="d MMM y"),
        f"{value:%H:%M} {value.strftime('%Z') or 'UTC'}",
    )
