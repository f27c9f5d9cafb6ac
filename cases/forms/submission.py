"""What goes back with a plain question: which version, or which draft, the page with the question showed."""

from django import forms

from cases.forms.fields import Revised


class SubmissionForm(forms.Form):
    """Whether an account is handed in. Nothing to fill in: the number alone."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ForgetForm(Revised):
    """Whether a draft is forgotten: the one that was last kept, and no newer."""

    SURE = "sure"

    forget = forms.CharField(initial=SURE, widget=forms.HiddenInput)
