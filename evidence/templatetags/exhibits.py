"""Words of this room in templates.

{{ opened.type|exhibit_word:"ItemType" }}      the label of a stored value
{% state row.status label row.status|weight %}  what a word of this room means, where the frame cannot know
"""

from django import template
from django.db.models import TextChoices

from evidence import vocabulary

register = template.Library()

_WEIGHT = {
    "in_verification": "live",
    "hashed": "live",
    "checked": "done",
    "authentic": "done",
    "consistent": "done",
    "inconsistent": "danger",
    "manipulated": "danger",
    "fixity_ok": "done",
    "fixity_fail": "danger",
    "set_aside": "danger",
    "owed": "live",
    "made": "live",
    "ready": "waiting",
}


@register.filter
def exhibit_word(value: object, kind: str) -> str:
    """Return the label of `value` in the fixed list `kind`; what is in no list is shown as it stands."""
    words: type[TextChoices] = getattr(vocabulary, kind)
    text = str(value or "")
    return str(words(text).label) if text in words.values else text


@register.filter
def weight(value: object) -> str:
    """Return what a word means for the shape of its state; nothing leaves it to the frame."""
    return _WEIGHT.get(str(value), "")
