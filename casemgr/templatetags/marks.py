"""Template tags of the house: how machine values, sealed values and states are printed."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def machine(value: object) -> SafeString:
    """Print a code, hash, coordinate, phone or time so that a right-to-left page cannot scramble it."""
    return format_html('<bdi dir="ltr" class="machine">{}</bdi>', value)
