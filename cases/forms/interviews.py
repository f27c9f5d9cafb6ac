"""Forms of interviews."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.specialists import NOBODY
from cases.facts import InterviewFacts
from cases.forms.events import Pointing
from cases.forms.fields import Revised, choice, lines, prose, words
from cases.vocabulary import InterviewMode, InterviewType, PlaceType, Recording, TextLanguage

UNSAID = (("", _("Not known yet")),)
BETWEEN = (*UNSAID, (NOBODY, _("Nobody: both speak the same language")))


class Seats(forms.Form):
    """Who is to hear the person, of those who may; the action asks again."""

    def offer_seats(self, interviewers: Sequence[str], interpreters: Sequence[str]) -> None:
        """Fill the choices with staff codes; who was named before and has left since stays among them."""
        for name, codes in (("interviewer", interviewers), ("interpreter", interpreters)):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
                named = str(self.initial.get(name) or "")
                left = [] if named in (*codes, "", NOBODY) else [named]
                first = UNSAID if name == "interviewer" else BETWEEN
                field.choices = [*first, *((one, one) for one in (*codes, *left))]


class InterviewForm(Seats, Revised):
    """A meeting with a witness."""

    type = choice(_("Kind of interview"), InterviewType)
    added_value = prose(
        _("What this account adds"),
        rows=3,
        longest=2000,
        required=True,
        help_text=_("If it adds nothing, it is not taken."),
    )
    planned_at = forms.DateTimeField(
        label=_("Planned for"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format="%Y-%m-%dT%H:%M"),
    )
    mode = choice(_("How"), InterviewMode)
    recording = choice(_("Recording"), Recording)
    place_type = choice(_("Kind of place"), PlaceType, optional=True)
    place = words(_("Place"), help_text=_("Sealed under the witness's key."))
    language = choice(_("Language"), TextLanguage, optional=True)
    dialect = words(_("Dialect"))
    interviewer = forms.ChoiceField(label=_("Who interviews"), choices=UNSAID, required=False)
    interpreter = forms.ChoiceField(
        label=_("Who interprets"),
        choices=BETWEEN,
        required=False,
        help_text=_(
            "Children, survivors of sexual violence and people in acute trauma need both trained for it."
        ),
    )
    participants = prose(
        _("Who is present"), rows=3, longest=1000, help_text=_("Codes or roles, one to a line; never names.")
    )
    breaks = words(_("Breaks"), longest=400)

    def facts(self) -> InterviewFacts:
        """What was entered."""
        found = self.cleaned_data
        return InterviewFacts(
            type=InterviewType(found["type"]),
            mode=InterviewMode(found["mode"]),
            recording=Recording(found["recording"]),
            added_value=found["added_value"],
            planned_at=found.get("planned_at"),
            place_type=PlaceType(found["place_type"]) if found["place_type"] else None,
            place=found["place"],
            language=TextLanguage(found["language"]) if found["language"] else None,
            dialect=found["dialect"],
            interviewer=found.get("interviewer", ""),
            interpreter=found["interpreter"],
            participants=lines(found["participants"]),
            breaks=found["breaks"],
        )


class NewInterviewForm(Pointing, InterviewForm):
    """A meeting with one of the witnesses of the case."""

    field_order = ("witness", "type")
    witness = forms.ChoiceField(label=_("Witness"))


class NoteForm(forms.Form):
    """Why."""

    note = prose(_("Note"), rows=4, longest=4000, required=True)


class RightsForm(forms.Form):
    """Before the first question."""

    rights_explained = forms.BooleanField(
        label=_("The person knows that they may say no, leave a question out, pause and stop at any time."),
        required=True,
    )
