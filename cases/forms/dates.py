"""A date as exactly as it is known: how exactly, the date itself, and an end where there is one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.facts import Dated
from cases.vocabulary import Precision

# People type what their keyboard gives: Arabic digits, strokes, a space before the time.
_SEPARATED = str.maketrans("٠١٢٣٤٥٦٧٨٩/ ", "0123456789-T")


class DatedForm(forms.Form):
    """The three fields of a date. `dated()` gives what was entered; `initial_of` fills the fields again."""

    date_precision = forms.ChoiceField(
        label=_("How exactly is the date known?"),
        choices=Precision.choices,
        initial=Precision.UNKNOWN,
    )
    date_value = forms.CharField(
        label=_("Date"),
        required=False,
        max_length=20,
        help_text=_("As far as it is known: 2025, 2025-03, 2025-03-09 or 2025-03-09 10:00."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    date_end = forms.CharField(
        label=_("Until"),
        required=False,
        max_length=20,
        help_text=_("Only for a time between two dates."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def dated(self) -> Dated:
        """Return what was entered; call it after the form was found valid."""
        return Dated(
            self.cleaned_data["date_value"],
            Precision(self.cleaned_data["date_precision"]),
            self.cleaned_data["date_end"],
        )

    def clean_date_value(self) -> str:
        return str(self.cleaned_data["date_value"]).strip().translate(_SEPARATED)

    def clean_date_end(self) -> str:
        return str(self.cleaned_data["date_end"]).strip().translate(_SEPARATED)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if {"date_value", "date_precision", "date_end"} <= cleaned.keys() and not self.dated().is_sound():
            self.add_error("date_value", _("This date and how exactly it is known do not fit together."))
        return cleaned

    @staticmethod
    def initial_of(cell: object) -> dict[str, str]:
        """Fill the fields from a sealed date that was opened."""
        if not isinstance(cell, dict):
            return {}
        return {
            "date_value": str(cell.get("value", "")).replace("T", " "),
            "date_precision": str(cell.get("precision", Precision.UNKNOWN)),
            "date_end": str(cell.get("end", "")).replace("T", " "),
        }
