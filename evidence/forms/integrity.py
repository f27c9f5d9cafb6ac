"""How often a case is checked, and how closely now."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evidence.models.integrity import MOST_DEEP_DAYS, MOST_ROUTINE_DAYS
from evidence.vocabulary import RunKind


class AskForm(forms.Form):
    """Which kind of check is begun now; the routine one where nothing is said."""

    kind = forms.ChoiceField(choices=RunKind.choices, required=False)


class ScheduleForm(forms.Form):
    """Two numbers of days."""

    routine_days = forms.IntegerField(
        label=_("Days between two routine checks"),
        min_value=1,
        max_value=MOST_ROUTINE_DAYS,
        help_text=_("From 1 to 30. One day is usual."),
    )
    deep_days = forms.IntegerField(
        label=_("Days between two deep checks"),
        min_value=1,
        max_value=MOST_DEEP_DAYS,
        help_text=_("From 1 to 365. It takes longer than a routine check; 30 days are usual."),
    )
