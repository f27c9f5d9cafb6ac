"""The few signs of the house, drawn here so that no picture file is asked for. Icons stand beside words."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Paths on a grid of 16; strokes take the colour of the words beside them.
_STROKES = {
    "copy": "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
    "down": "M4 6l4 4 4-4",
    "eye": "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 100 4 2 2 0 000-4z",
    "half": "M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 2.5v11",
    "key": "M9.5 6.5L14 2M11.5 4.5l2 2M6.5 6.5a3.5 3.5 0 100 5 3.5 3.5 0 000-5z",
    "lock": "M3.5 7.5h9v6h-9zM5.5 7.5v-2a2.5 2.5 0 015 0v2",
    "menu": "M2 4h12M2 8h12M2 12h12",
    "next": "M6 3.5L10.5 8 6 12.5",
    "out": "M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3",
    "person": "M8 8a2.8 2.8 0 100-5.6A2.8 2.8 0 008 8zM2.5 14c.6-3 2.7-4.5 5.5-4.5s4.9 1.5 5.5 4.5",
    "search": "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3l3.7 3.7",
    "words": "M1.5 4h8M5.5 2V4M8 4c-1 3-3 5-6 6M3.6 6.2c1 1.8 2.4 3 4.4 3.8M8.2 14l3-7.5 3 7.5M9.2 11.6h4",
}
# Shapes of states: told apart without colour.
_SHAPES = {
    "begun": "M8 3a5 5 0 100 10A5 5 0 008 3z",
    "waiting": "M8 3a5 5 0 100 10A5 5 0 008 3zM8 5.2V8l2 1.4",
    "caution": "M8 2.8L14 13H2zM8 6.5v3M8 11.2v.2",
    "done": "M2.8 8.4l3.4 3.4 7-7.4",
    "danger": "M5.5 2.5h5l3 3v5l-3 3h-5l-3-3v-5zM8 5v3.6M8 10.8v.2",
    "ended": "M3.5 8h9",
    "live": "M8 3.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM8 6.4a1.6 1.6 0 100 3.2 1.6 1.6 0 000-3.2z",
}
STROKES = _STROKES | _SHAPES


def drawn(name: str) -> SafeString:
    """Return the sign as markup that no screen reader reads; an unknown name is a KeyError."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        mark_safe(STROKES[name]),  # noqa: S308  # a constant of this file
    )
