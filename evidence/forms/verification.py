"""Methods and findings, checklists, and decisions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import Revised, prose
from evidence.facts import Answered, VerificationFacts
from evidence.forms.parts import Part, Parted
from evidence.vocabulary import (
    FAMILY_OF,
    Answer,
    Finding,
    ItemStatus,
    Method,
    MethodFamily,
    Question,
    questions_of,
)


class VerificationForm(Parted):
    """One method, what it found, and on what that rests."""

    layout = (Part(_("What was done and found"), ("method", "finding", "notes", "references")),)
    method = forms.ChoiceField(
        label=_("Method"),
        choices=[
            ("", _("Choose")),
            *(
                (family.label, [(one.value, one.label) for one in Method if FAMILY_OF[one] == family])
                for family in MethodFamily
            ),
        ],
        help_text=_("Verified needs methods of two of the three families."),
    )
    finding = forms.ChoiceField(label=_("Finding"), choices=Finding.choices, widget=forms.RadioSelect)
    notes = prose(_("On what it rests"), rows=6, required=True)
    references = prose(
        _("What it was compared with"), rows=3, help_text=_("Addresses, exhibits, maps; one to a line.")
    )

    def facts(self) -> VerificationFacts:
        """What was entered."""
        found = self.cleaned_data
        return VerificationFacts(
            method=Method(found["method"]),
            finding=Finding(found["finding"]),
            notes=found["notes"],
            references=found["references"],
        )


class DecisionForm(forms.Form):
    """What an exhibit is decided to be, out of the states that are open now."""

    to = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = prose(
        _("Reason"),
        rows=4,
        help_text=_("Needed for everything but “verified”, and there too where a finding speaks against it."),
    )

    def limit(self, states: Iterable[ItemStatus]) -> None:
        """Offer these states."""
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        field.choices = [(one.value, one.label) for one in states]


class ReopeningForm(forms.Form):
    """Why a decided exhibit is looked at again."""

    reason = prose(_("Why is it looked at again?"), rows=4, longest=4000, required=True)


class ChecklistForm(Parted, Revised):
    """The questions of one analysis, each under its method; `revision` is the number that was read."""

    def __init__(self, *args: Any, family: MethodFamily, **kwargs: Any) -> None:
        self.questions = questions_of(family)
        methods = dict.fromkeys(question.method for question in self.questions)
        self.layout = tuple(Part(method.label, tuple(self._names(method))) for method in methods)
        super().__init__(*args, **kwargs)

    @staticmethod
    def initial_from(answers: Mapping[str, Mapping[str, str]], number: int) -> dict[str, object]:
        """Fill the form again with what was answered last."""
        found: dict[str, object] = {"revision": number or ""}
        for code, answered in answers.items():
            found |= {code: answered["answer"], f"{code}_note": answered["note"]}
        return found

    def further(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for question in self.questions:
            fields |= _asking(question)
        return fields

    def answers(self) -> dict[str, Answered]:
        """What was answered; a question that nobody answered is not there."""
        found = self.cleaned_data
        return {
            one.code: Answered(Answer(found[one.code]), found[f"{one.code}_note"])
            for one in self.questions
            if found[one.code]
        }

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for one in self.questions:
            answer, note = cleaned.get(one.code), str(cleaned.get(f"{one.code}_note") or "").strip()
            if answer == Answer.NO and not note:
                self.add_error(
                    f"{one.code}_note", _("A “no” needs words: what is missing, or speaks against it?")
                )
            if note and not answer:
                self.add_error(one.code, _("Answer the question to which you wrote a note."))
        if not self.errors and not any(cleaned.get(one.code) for one in self.questions):
            self.add_error(None, _("Nothing is answered yet."))
        return cleaned

    def _names(self, method: Method) -> Iterable[str]:
        for question in self.questions:
            if question.method == method:
                yield from (question.code, f"{question.code}_note")


def _asking(question: Question) -> dict[str, forms.Field]:
    return {
        question.code: forms.ChoiceField(
            label=str(question.words), choices=Answer.choices, widget=forms.RadioSelect, required=False
        ),
        f"{question.code}_note": prose(_("Note"), rows=2, longest=2000),
    }
