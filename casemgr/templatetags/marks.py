"""Template tags of the house: how machine values, sealed values, states, dates and hashes are printed.

{% machine value %}                       a code, hash, coordinate, phone: never scrambled by right-to-left
{% state value label %}                   a state: its word with a shape; give the label of a stored value
{% dated opened.dates %}                  a date with what is known of it: "about 10:00", "March 2025"; also
                                          {% dated value precision end %}, with ISO text or a date
{% moment value %}                        a time of the system, to the minute
{% digest value %}                        a hash (hex or bytes), shortened, to be copied whole
{% sealed label url verb %}               a sealed value: a lock and a word, and the verb that opens it
{% icon name %}                           one of the signs in `icons.py`, beside words
"""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casemgr.templatetags.dates import dated as dated_words
from casemgr.templatetags.dates import moment as moment_words
from casemgr.templatetags.icons import drawn

register = template.Library()

# What a state means for whoever reads it. The word is said by the state itself; this gives shape and colour.
_MEANINGS = {
    "begun": "draft owed proposed prospective requested reported alleged scheduled asked invited",
    "live": (
        "agreed preparing open active engaged consented running in_progress in_force granted current received"
    ),
    "waiting": "carried_out submitted in_review under_review pending queued building checking ask_again",
    "caution": (
        "look"
        " returned partly_withdrawn expired unverified unreachable contested inconclusive superseded_by_newer"
        " ready_with_gaps held hold read_only not_covered unresolved"
    ),
    "done": (
        "approved final done completed verified findings_approved confirmed acknowledged delivered downloaded"
        " sealed intact passed signed built ready corroborated available matched"
        " compared clear"
    ),
    "danger": (
        "block failed refused rejected frozen damaged locked missing revoked mismatch flagged refuted overdue"
    ),
    "ended": "withdrawn superseded closed archived deceased cancelled ended destroyed unknown none",
}
_ONE_LINE = 28
MEANING_OF = {word: meaning for meaning, words in _MEANINGS.items() for word in words.split()}


@register.simple_tag
def machine(value: object) -> SafeString:
    """Print a code, hash, coordinate, phone or time so that a right-to-left page cannot scramble it."""
    shown = str(value)
    # A code stays on one line; what is longer than a narrow page may break anywhere.
    length = " machine-long" if len(shown) > _ONE_LINE else ""
    return format_html('<bdi dir="ltr" class="machine{}">{}</bdi>', length, shown)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one of the signs of the house."""
    return drawn(name)


@register.simple_tag
def state(value: object, label: object = "", meaning: str = "") -> SafeString:
    """Print a state as a word with a shape. `meaning` overrides what the word usually means."""
    word = str(getattr(value, "value", value))
    shown = label or getattr(value, "label", "") or word.replace("_", " ")
    kind = meaning or MEANING_OF.get(word.lower(), "begun")
    return format_html('<span class="state state-{}">{}<span>{}</span></span>', kind, drawn(kind), shown)


@register.simple_tag
def dated(value: object, precision: object = "", end: object = "") -> SafeString:
    """Print a date as exactly as it is known, and no more exactly; a sealed date is given whole."""
    return dated_words(value, precision, end)


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """Print a time that the system took: to the minute, with its zone."""
    return moment_words(value)


@register.simple_tag
def digest(value: bytes | memoryview | str | None) -> SafeString:
    """Print a hash by its first and last eight digits; the button copies the whole, print shows the whole."""
    if not value:
        return format_html('<span class="quiet">{}</span>', _("not computed yet"))
    whole = value if isinstance(value, str) else bytes(value).hex()
    short = whole if len(whole) <= 20 else f"{whole[:8]}…{whole[-8:]}"
    return format_html(
        '<span class="digest"><bdi dir="ltr" class="machine" title="{0}" data-whole="{0}">{1}</bdi>'
        '<button type="button" class="copy needs-script" data-copy="{0}">{2}<span>{3}</span></button></span>',
        whole,
        short,
        drawn("copy"),
        _("Copy"),
    )


@register.simple_tag
def sealed(label: object, url: str = "", verb: object = "") -> SafeString:
    """Print a chip for a value that stays sealed; the verb goes to where a purpose is asked."""
    chip = format_html(
        '<span class="chip">{}<span><span class="visually-hidden">{}: </span>{}</span></span>',
        drawn("lock"),
        _("Sealed"),
        label,
    )
    if not url:
        return chip
    words = verb or pgettext("verb", "Open")
    return format_html('{} <a class="chip-verb" href="{}">{}</a>', chip, url, words)
