"""What goes back with the question whether an account is handed in: which version the page showed."""

from django import forms


class SubmissionForm(forms.Form):
    """Nothing to fill in: the number alone."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
