"""Words of this room in templates.

{{ opened.type|exhibit_word:"ItemType" }}      the label of a stored value
{{ outline.area|square_metres }}                what an outline encloses, with its unit
{% state row.status label row.status|weight %}  what a word of this room means, where the frame cannot know
"""

from django import template
from django.db.models import TextChoices

from evidence import vocabulary

register = template.Library()

_SMALL, _LARGE = 100, 100_000
_WEIGHT = {
    "in_verification": "live",
    "hashed": "live",
    "checked": "done",
    "authentic": "done",
    "consistent": "done",
    "inconsistent": "danger",
    "manipulated": "danger",
    "yes": "done",
    "no": "danger",
    "fixity_ok": "done",
    "fixity_fail": "danger",
    "set_aside": "danger",
    "owed": "live",
    "made": "live",
    "ready": "waiting",
    "proposed": "waiting",
    "declined": "caution",
    "taken_back": "ended",
    "lapsed": "ended",
    "stopped": "danger",
    "receipted": "done",
}


@register.filter
def exhibit_word(value: object, kind: str) -> str:
    """Return the label of `value` in the fixed list `kind`; what is in no list is shown as it stands."""
    words: type[TextChoices] = getattr(vocabulary, kind)
    text = str(value or "")
    return str(words(text).label) if text in words.values else text


@register.filter
def square_metres(area: float) -> str:
    """Print an area as a machine value: square metres, from a tenth of a square kilometre on those beside."""
    if area < _LARGE:
        return f"{area:,.0f} m²" if area >= _SMALL else f"{area:.1f} m²"
    return f"{area:,.0f} m² = {area / 1_000_000:,.3f} km²"


@register.filter
def weight(value: object) -> str:
    """Return what a word means for the shape of its state; nothing leaves it to the frame."""
    return _WEIGHT.get(str(value), "")
