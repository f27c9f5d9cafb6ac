"""Forms of testimonies: the text itself, its reading back, and the steps that need a word.

No field of a text says how long it may be: a browser would cut off what is pasted, and nobody would notice.
The action refuses what is too long, and the form shows all of it again.
"""

import re
from collections.abc import Iterable

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.errors import TextEmpty
from cases.facts import AttestationFacts
from cases.forms.events import Pointing
from cases.forms.fields import Once, Revised, RowChoice, Words, choice, words
from cases.vocabulary import SignedHow, TextLanguage, VersionKind

FIRST_KINDS = (VersionKind.STATEMENT, VersionKind.ORIGINAL_NOTES, VersionKind.VERBATIM_TRANSCRIPT)
# A redacted copy is made for a recipient, never typed here.
LATER_KINDS = (*FIRST_KINDS, VersionKind.READBACK_CORRECTED, VersionKind.TRANSLATION)
LONGEST_NOTE = 20_000
# What no page shows and no package could carry, pasted along from other programs; tabs and lines stay.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class LongText(forms.CharField):
    """A text without the control characters that came with it: nobody could find them to take them out."""

    def to_python(self, value: object) -> str:
        """Leave out what cannot be seen."""
        return _UNSEEN.sub("", str(super().to_python(value) or ""))


def long_text(label: Words, *, rows: int, required: bool = False, help_text: Words = "") -> LongText:
    """A text that is neither cut, nor stripped, nor sent to a browser's dictionary on the network."""
    area = forms.Textarea(attrs={"dir": "auto", "rows": rows, "spellcheck": "false", "autocomplete": "off"})
    return LongText(label=label, strip=False, required=required, help_text=help_text, widget=area)


class AccountText(forms.Form):
    """The words of an account, with their language and kind."""

    language = choice(_("Language of the text"), TextLanguage)
    kind = forms.ChoiceField(label=_("Kind of text"))
    text = long_text(
        _("Text"),
        rows=18,
        required=True,
        help_text=_("The witness's own words. Codes and roles, never names."),
    )
    text.error_messages["required"] = TextEmpty.message

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.offer_kinds(FIRST_KINDS)

    def offer_kinds(self, kinds: Iterable[VersionKind]) -> None:
        """Offer the kinds that a text can have here."""
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        field.choices = [(kind.value, kind.label) for kind in kinds]


class TextForm(AccountText, Revised):
    """An account as it is written down. `revision` is the number of the draft that was last kept."""


class NewTextForm(Pointing, TextForm, Once):
    """The first text of an account."""

    field_order = ("interview", "language", "kind", "text")
    interview = forms.ChoiceField(label=_("Given in the interview"), required=False)


class VersionForm(TextForm):
    """The next version of an account. `based_on` is the number of the one that was read."""

    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer_kinds(LATER_KINDS)


class WitnessChoiceForm(Pointing):
    """Whose account it is."""

    witness = RowChoice(label=_("Witness"))


class AttestationForm(Once):
    """The text was read back to the witness, or why it was not confirmed."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    read_back = forms.ChoiceField(
        label=_("Was this text read back to the witness?"),
        choices=[
            ("yes", _("Yes, and the witness confirmed it.")),
            ("no", _("No, or the witness did not confirm it.")),
        ],
        widget=forms.RadioSelect,
    )
    refused_reason = words(
        _("If not: why?"), longest=2000, help_text=_("Needed where it was not read back or not confirmed.")
    )
    language = choice(_("Language of the reading"), TextLanguage)
    by_whom = words(_("Who read it"), longest=60, required=True, help_text=_("A staff code or a role."))
    corrections_count = forms.IntegerField(
        label=_("Corrections that the witness asked for"),
        min_value=0,
        max_value=9999,
        initial=0,
        help_text=_("Write corrections into a new version, and read that one back."),
    )
    signed_how = choice(_("How it was signed"), SignedHow)
    signed_at = forms.DateTimeField(
        label=_("When it was signed"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_signed_at(self) -> object:
        at = self.cleaned_data["signed_at"]
        if at is not None and at > timezone.now():
            raise forms.ValidationError(_("This time has not come yet."))
        return at

    def facts(self) -> AttestationFacts:
        """What was entered."""
        found = self.cleaned_data
        return AttestationFacts(
            read_back=found["read_back"] == "yes",
            language=TextLanguage(found["language"]),
            by_whom=found["by_whom"],
            corrections_count=found["corrections_count"],
            signed_how=SignedHow(found["signed_how"]),
            signed_at=found["signed_at"],
            refused_reason="" if found["read_back"] == "yes" else found["refused_reason"],
        )


class WithdrawnForm(forms.Form):
    """Why an account is taken out of use."""

    reason = long_text(_("Reason"), rows=4, required=True, help_text=_("Sealed with the log. No names."))
    reason.validators.append(MaxLengthValidator(LONGEST_NOTE))


class ReplacementForm(Pointing):
    """Which newer account replaces this one."""

    replacement = forms.ChoiceField(label=_("Replaced by"))
