"""What is typed on the pages of a lock."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import prose


class ReopenForm(forms.Form):
    """Why a locked case should be reopened."""

    reason = prose(
        _("What the custodians should know"),
        rows=3,
        longest=600,
        required=True,
        help_text=_("They read it before they sign. No names."),
    )
