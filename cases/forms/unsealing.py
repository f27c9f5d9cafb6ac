"""The forms of opening a name: what is asked, what a custodian signed, and the six words."""

import base64
import binascii

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.unsealing import AccessFacts
from cases.forms.fields import Words, prose
from cases.vocabulary import IdentityField, IdentityPurpose

LONGEST_PAPER = 400_000


def _pasted(label: Words, help_text: Words, *, rows: int) -> forms.CharField:
    attrs = {"rows": rows, "dir": "ltr", "autocomplete": "off", "spellcheck": "false", "data-not-saved": ""}
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_PAPER, widget=forms.Textarea(attrs=attrs)
    )


class AskForm(forms.Form):
    """What somebody asks to see of who a witness is, and why."""

    purpose = forms.ChoiceField(
        label=_("Why the name must be opened"),
        choices=IdentityPurpose.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Where a life is in danger nothing is waited for. Else it opens one day after two custodians "
            "approved; after three days where a court has ordered it."
        ),
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("What must be shown"),
        choices=IdentityField.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what is needed."),
    )
    reason = prose(
        _("What the custodians should know"),
        rows=3,
        longest=600,
        required=True,
        help_text=_("They read it before they sign. No names."),
    )
    key = _pasted(
        _("One-time key of your own tool"),
        _(
            "Only if you open the answer with the offline tool: the content of the file that ends in .pub. "
            "Leave it empty to read the answer on a page here."
        ),
        rows=2,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["key"].required = False

    def clean_key(self) -> bytes:
        text = "".join(str(self.cleaned_data["key"]).split())
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise forms.ValidationError(_("This is not the public part of a one-time key.")) from None

    def asked(self) -> AccessFacts:
        """What was entered."""
        found = self.cleaned_data
        return AccessFacts(
            purpose=IdentityPurpose(found["purpose"]),
            fields=tuple(IdentityField(one) for one in found["fields_asked"]),
            reason=found["reason"],
            key=found["key"],
        )


class AnswerForm(forms.Form):
    """What a custodian's tool has written."""

    answer = _pasted(
        _("The answer of your tool"),
        _("Open the file that your tool wrote, select all of it, and paste it here."),
        rows=6,
    )

    def raw(self) -> bytes:
        """The paper, byte by byte; an editor may have put a line end behind it."""
        return str(self.cleaned_data["answer"]).strip().encode()


class WordsForm(forms.Form):
    """The six words that were shown when the name was asked for."""

    words = forms.CharField(
        label=_("The six words"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "data-not-saved": ""}
        ),
    )
