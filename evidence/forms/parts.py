"""Forms of this room: laid out in parts, with several dates, each as exactly as it is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import TextChoices
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.facts import Dated
from cases.forms.fields import Words
from cases.vocabulary import Precision

# People type what their keyboard gives: Arabic digits, strokes, a space before the time.
_SEPARATED = str.maketrans("٠١٢٣٤٥٦٧٨٩/ ", "0123456789-T")
# How exactly a date is known that was written so far, where nothing else is said.
_BY_LENGTH = {
    4: Precision.YEAR,
    7: Precision.MONTH,
    10: Precision.DAY,
    13: Precision.HOUR,
    16: Precision.EXACT_MINUTE,
}
_AS_WRITTEN = [
    ("", _("As it is written")),
    *((one.value, one.label) for one in Precision if one is not Precision.UNKNOWN),
]


@dataclass(frozen=True, slots=True)
class Day:
    """A date that a form asks for."""

    label: Words
    help_text: Words = ""
    required: bool = False


def asked(label: Words, kind: type[TextChoices], *, help_text: Words = "") -> forms.ChoiceField:
    """A choice that nobody makes by passing over it: the first of a list would be said unmeant."""
    choices = [("", _("Choose")), *kind.choices]
    return forms.ChoiceField(label=label, choices=choices, help_text=help_text)


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together, under one heading. A date is named once and brings its three fields.

    `form` names how they lie: `is-paired` puts two and two side by side.
    """

    legend: Words
    names: tuple[str, ...]
    text: Words = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field, or the three of a date with their name."""

    fields: tuple[BoundField, ...]
    legend: str | Promise = ""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part as a template shows it."""

    legend: str | Promise
    text: str | Promise
    lines: tuple[Line, ...]
    form: str = ""


class Parted(forms.Form):
    """A form in parts. `dated(name)` gives a date; its field of that name holds the date itself."""

    days: ClassVar[Mapping[str, Day]] = {}
    layout: tuple[Part, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= self.further()
        for name, day in self.days.items():
            self.fields |= _fields(name, day)
        self.order_fields(
            [field for part in self.layout for name in part.names for field in self._three(name)]
        )

    def further(self) -> dict[str, forms.Field]:
        """Return fields of this form that no class names: several of a kind."""
        return {}

    def parts(self) -> Iterator[ShownPart]:
        """Yield the parts in their order, for the template."""
        for part in self.layout:
            lines = tuple(
                Line(
                    tuple(self[field] for field in self._three(name)),
                    self.days[name].label if name in self.days else "",
                )
                for name in part.names
                if name in self.fields
            )
            yield ShownPart(part.legend, part.text, lines, part.form)

    def dated(self, name: str) -> Dated:
        """Return a date as it was entered; call it after the form was found valid."""
        value = str(self.cleaned_data[name])
        chosen = str(self.cleaned_data[f"{name}_precision"])
        end = str(self.cleaned_data[f"{name}_end"])
        if chosen:
            return Dated(value, Precision(chosen), end)
        return Dated(value, _BY_LENGTH.get(len(value), Precision.UNKNOWN), end)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for name in self.days:
            for field in (name, f"{name}_end"):
                if field in cleaned:
                    cleaned[field] = str(cleaned[field]).strip().translate(_SEPARATED)
            self.cleaned_data = cleaned
            if set(self._three(name)) <= cleaned.keys() and not self.dated(name).is_sound():
                self.add_error(name, _("This date and how exactly it is known do not fit together."))
        return cleaned

    def _three(self, name: str) -> tuple[str, ...]:
        return (name, f"{name}_precision", f"{name}_end") if name in self.days else (name,)


def initial_of(name: str, cell: object) -> dict[str, str]:
    """Fill the fields of a date again from a sealed date that was opened."""
    if not isinstance(cell, dict) or not cell.get("value"):
        return {}
    return {
        name: str(cell["value"]).replace("T", " "),
        f"{name}_precision": str(cell.get("precision", "")),
        f"{name}_end": str(cell.get("end", "")).replace("T", " "),
    }


def _fields(name: str, day: Day) -> dict[str, forms.Field]:
    typed = {"dir": "ltr", "autocomplete": "off", "class": "date-typed"}
    return {
        name: forms.CharField(
            label=day.label,
            required=day.required,
            max_length=20,
            help_text=day.help_text,
            widget=forms.TextInput(attrs=typed | {"placeholder": "2025-03-09"}),
        ),
        f"{name}_precision": forms.ChoiceField(
            label=_("How exactly it is known"), required=False, choices=_AS_WRITTEN
        ),
        f"{name}_end": forms.CharField(
            label=_("Until, if between two dates"),
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs=typed),
        ),
    }
