"""What somebody did with an exhibit, and the answer to an alert."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.events import Pointing
from cases.forms.fields import prose, words
from evidence.forms.parts import Day, Part, Parted
from evidence.vocabulary import BY_HAND, CustodyKind


class CustodyForm(Pointing, Parted):
    """An entry of custody that somebody writes by hand."""

    days = {"when": Day(_("When it happened"), _("If that is not now."))}
    layout = (
        Part(_("What was done"), ("event", "to", "file", "purpose")),
        Part(_("When and where"), ("when", "place")),
        Part(_("In which state"), ("condition", "seal_no")),
    )
    event = forms.ChoiceField(
        label=_("Event"), choices=[("", _("Choose")), *((one.value, one.label) for one in BY_HAND)]
    )
    to = forms.ChoiceField(
        label=_("Who has it now"),
        required=False,
        help_text=_("Needed for a hand-over. Only members of this case who may see evidence are listed."),
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

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("event") == CustodyKind.MOVED and not cleaned.get("to"):
            self.add_error("to", _("Say to whom it was handed over."))
        return cleaned


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
