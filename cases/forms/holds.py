"""What is typed on the pages of holds."""

import datetime as dt
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import RowChoice, prose, words


class HoldForm(forms.Form):
    """An authority's word."""

    authority = words(
        _("Which authority ordered it, and under which number"),
        longest=400,
        required=True,
        help_text=_("Sealed."),
    )
    witness = RowChoice(
        label=_("What is kept"), required=False, help_text=_("The whole case, or what one witness gave.")
    )
    ends_on = forms.DateField(
        label=_("Until, if the authority said so"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def offer(self, witnesses: list[tuple[str, str]]) -> None:
        """Offer the case first, then its witnesses by their codes."""
        field = self.fields["witness"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        field.choices = [("", _("The whole case")), *witnesses]

    def ends_at(self) -> datetime | None:
        """The end of the day that was named."""
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day, dt.time.max))


class LiftForm(forms.Form):
    """Why a hold is lifted."""

    reason = prose(_("Why it is lifted"), rows=3, longest=2000, required=True, help_text=_("Sealed."))
