"""Words of this room in templates: {{ opened.outcome|word:"Outcome" }} prints the label of a stored value."""

from django import template
from django.db.models import TextChoices
from django.utils.translation import ngettext

from cases import vocabulary
from cases.models.draft import DRAFT_LIFE, INTAKE_LIFE
from cases.vocabulary.testimony import RIGHT_TO_LEFT, ReviewDecision

_DECIDED = {ReviewDecision.APPROVE: "done", ReviewDecision.RETURN: "caution", ReviewDecision.REJECT: "danger"}

register = template.Library()


@register.filter
def word(value: object, kind: str) -> str:
    """Return the label of `value` in the fixed list `kind`; what is in no list is shown as it stands."""
    words: type[TextChoices] = getattr(vocabulary, kind)
    text = str(value or "")
    return str(words(text).label) if text in words.values else text


@register.filter
def each_word(values: object, kind: str) -> list[str]:
    """Return the labels of several values."""
    return [word(value, kind) for value in values] if isinstance(values, list) else []


@register.filter
def direction(language: object) -> str:
    """Return in which direction a text of that language runs."""
    return "rtl" if str(language) in RIGHT_TO_LEFT else "ltr"


@register.filter
def decided(decision: object) -> str:
    """Return what a reviewer's decision means, for the tag `state`."""
    return _DECIDED.get(ReviewDecision(str(decision)), "live")


@register.simple_tag
def draft_limit() -> str:
    """Say how long a draft is kept that nobody goes on with."""
    return ngettext(
        "A draft that you do not go on with is deleted %(days)d day after it was last kept.",
        "A draft that you do not go on with is deleted %(days)d days after it was last kept.",
        DRAFT_LIFE.days,
    ) % {"days": DRAFT_LIFE.days}


@register.simple_tag
def intake_limit() -> str:
    """Say how long an intake is kept that nobody goes on with."""
    return ngettext(
        "An intake that you do not go on with is deleted for good %(days)d day after it was last kept.",
        "An intake that you do not go on with is deleted for good %(days)d days after it was last kept.",
        INTAKE_LIFE.days,
    ) % {"days": INTAKE_LIFE.days}
