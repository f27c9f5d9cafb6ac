"""Dates as exactly as they are known. Months are named as people in Syria name them; digits never change.

The words of precision are those of `cases.vocabulary.Precision`.
"""

from datetime import date, datetime, time

from babel.dates import format_date, format_time
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

_LOCALES = {"ar": "ar_SY", "en": "en_GB"}
_PATTERNS = {"month": "MMMM y", "year": "y"}
_FRAMES: dict[str, Promise | str] = {
    "estimate": gettext_lazy("about %(date)s"),
    "before": gettext_lazy("before %(date)s"),
    "after": gettext_lazy("after %(date)s"),
}


def _locale() -> str:
    return _LOCALES.get((get_language() or "en").split("-")[0], "en_GB")


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _day(value: date, pattern: str = "d MMMM y") -> str:
    return format_date(value, pattern, locale=_locale())


def _clock(value: date | datetime) -> str:
    moment = value.time() if isinstance(value, datetime) else time(0)
    return format_time(moment, "HH:mm", locale="en_GB")


def _isolated(words: str) -> SafeString:
    return format_html('<bdi dir="ltr" class="machine">{}</bdi>', words)


def dated(value: date | datetime | None, precision: str, end: date | datetime | None = None) -> SafeString:
    """Print a date with its precision; an unknown one says so."""
    if value is None or precision == "unknown":
        return format_html('<span class="quiet">{}</span>', _("date not known"))
    value = _local(value)
    shown = _day(value, _PATTERNS.get(precision, "d MMMM y"))
    if precision == "exact_minute":
        return _time_tag(value, format_html(_("{}, {}"), _spaced(shown), _isolated(_clock(value))))
    if precision == "hour":
        return _time_tag(value, format_html(_("{}, about {}"), _spaced(shown), _isolated(_clock(value))))
    if precision == "between" and end is not None:
        return format_html(
            '<span class="dated">{}</span>',
            _("between %(first)s and %(last)s") % {"first": shown, "last": _day(_local(end))},
        )
    framed = str(_FRAMES[precision]) % {"date": shown} if precision in _FRAMES else shown
    return _time_tag(value, _spaced(framed), exact=precision == "day")


def _spaced(words: str) -> SafeString:
    """Isolate the words of a date from what stands around them, in their own direction."""
    return format_html("<bdi>{}</bdi>", words)


def _time_tag(value: date | datetime, shown: SafeString, *, exact: bool = True) -> SafeString:
    # Only what is known to the day or better gets a machine-readable date: it would claim more than is known.
    if exact:
        return format_html('<time class="dated" datetime="{}">{}</time>', value.isoformat(), shown)
    return format_html('<span class="dated">{}</span>', shown)


def moment(value: datetime | None) -> SafeString:
    """Print a time of the system's own clock, to the minute, with its zone."""
    if value is None:
        return format_html('<span class="quiet">{}</span>', _("not yet"))
    value = timezone.localtime(value) if timezone.is_aware(value) else value
    zone = value.strftime("%Z") or "UTC"
    return format_html(
        '<time class="dated" datetime="{}">{} {}</time>',
        value.isoformat(),
        _spaced(_day(value, "d MMM y")),
        _isolated(f"{_clock(value)} {zone}"),
    )
