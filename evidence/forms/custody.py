"""What somebody did with an exhibit, handing it over, and the answer to an alert."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.events import Pointing
from cases.forms.fields import prose, words
from evidence.forms.parts import Day, Part, Parted
from evidence.models import FileObject
from evidence.vocabulary import BY_HAND


class CircumstancesForm(Pointing, Parted):
    """When and where something was done with an exhibit, what for, in which condition."""

    days = {"when": Day(_("When it happened"), _("If that is not now."))}
    layout: tuple[Part, ...] = (
        Part(_("When and where"), ("when", "place", "purpose")),
        Part(_("In which state"), ("condition", "seal_no")),
    )
    file = forms.ChoiceField(
        label=_("Which file"), required=False, help_text=_("Leave it open for the exhibit as a whole.")
    )
    purpose = words(_("What for"), longest=500)
    place = words(_("Where"), longest=300)
    condition = prose(_("Condition"), rows=3, longest=4000)
    seal_no = forms.CharField(
        label=_("Number on the seal"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def told(self) -> dict[str, str]:
        """The texts that were entered."""
        return {name: self.cleaned_data[name] for name in ("place", "purpose", "condition", "seal_no")}

    def chosen(self, files: list[tuple[FileObject, str]], name: str = "file") -> FileObject | None:
        """The file that was chosen among those that were offered."""
        return next((file for file, _name in files if str(file.pk) == self.cleaned_data[name]), None)


class CustodyForm(CircumstancesForm):
    """An entry of custody that somebody writes by hand."""

    layout = (Part(_("What was done"), ("event", "file")), *CircumstancesForm.layout)
    event = forms.ChoiceField(
        label=_("Event"),
        choices=[("", _("Choose")), *((one.value, one.label) for one in BY_HAND)],
        help_text=_("“Came back” says that you have now what somebody outside this system had."),
    )


class HandOverForm(CircumstancesForm):
    """To whom an exhibit is handed."""

    layout = (Part(_("What passes, and to whom"), ("to", "file")), *CircumstancesForm.layout)
    to = forms.ChoiceField(
        label=_("Who shall have it"),
        help_text=_("Members of this case who may take evidence into custody. They must confirm it."),
    )

    def offer_people(self, people: Iterable[User]) -> None:
        """Fill the choice of the receiver and make none: nobody is handed anything by passing over it."""
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        codes = sorted((one.staff_code, str(one.pk)) for one in people)
        field.choices = [("", _("Choose")), *((pk, code) for code, pk in codes)]


class OutsideForm(CircumstancesForm):
    """To whom outside this system an exhibit was handed."""

    layout = (
        Part(_("What passed, and to whom"), ("outside", "file")),
        Part(
            _("The signed receipt"),
            ("reference", "receipt"),
            _("Nobody outside can confirm here, so a receipt that they signed stands for their word."),
        ),
        *CircumstancesForm.layout,
    )
    outside = words(
        _("Who has it now"), longest=300, required=True, help_text=_("The court, laboratory or other body.")
    )
    reference = words(_("Number of the receipt"), longest=200)
    receipt = forms.ChoiceField(
        label=_("The receipt as a file"),
        required=False,
        help_text=_("Add it to the exhibit's files first, as a receipt. The number or the file is needed."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not cleaned.get("reference") and not cleaned.get("receipt"):
            self.add_error("reference", _("Give the number of the signed receipt, or choose its file."))
        return cleaned


class ReceiptForm(forms.Form):
    """What the receiver says of an exhibit as they take it over."""

    condition = prose(
        _("Condition in which you received it"),
        rows=3,
        longest=4000,
        help_text=_("Seal, wrapping, damage: what you see. It stays beside the entry."),
    )


class DeclineForm(forms.Form):
    """Why an exhibit is not taken over."""

    reason = prose(_("Why you decline it"), rows=4, longest=4000, required=True)


class AsideForm(forms.Form):
    """Why nobody waits any more for a file that is lost."""

    reason = prose(
        _("Why it is set aside"),
        rows=5,
        longest=4000,
        required=True,
        help_text=_("Say what was tried, and whether the same content came again. It stays on record."),
    )


class AnswerForm(forms.Form):
    """What was found out about an alert."""

    answer = prose(
        _("What was found out, and what was done"),
        rows=5,
        longest=4000,
        required=True,
        help_text=_("It stays beside the alert for good. The file is checked once more after it."),
    )
