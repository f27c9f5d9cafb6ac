"""The forms of an intake, one to a page, and the one page that is never kept: who the person is."""

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cases.errors import FullAccountRepeated
from cases.facts import AccountFacts, MeetingFacts
from cases.forms.fields import Words
from cases.forms.interviews import InterviewForm
from cases.forms.risk import PriorFields, RiskFields
from cases.forms.testimonies import AccountText, long_text
from cases.forms.witnesses import WitnessForm
from cases.vocabulary import (
    LONGEST_TEXT,
    MAY_PROCEED,
    InterviewStatus,
    InterviewType,
    PriorForm,
    RiskDecision,
    TextLanguage,
    VersionKind,
)

NOTHING_YET = _("Write down what the person told, or leave the intake for later.")
OUTCOMES = (
    (InterviewStatus.COMPLETED, _("It is over")),
    (InterviewStatus.IN_PROGRESS, _("It still goes on")),
    (InterviewStatus.STOPPED_BY_WITNESS, _("The witness stopped it")),
    (InterviewStatus.ABORTED, _("It was broken off")),
)


def moment(label: Words, *, help_text: Words = "") -> forms.DateTimeField:
    """A time of our own work, to the minute."""
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format="%Y-%m-%dT%H:%M"),
    )


class PersonForm(WitnessForm):
    """The witness as the intake asks for them: nothing that could have been changed meanwhile."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]


class MeetingForm(PriorFields, RiskFields, InterviewForm):
    """The meeting in which the account is given, told when it has begun or is over.

    What was weighed before it and what was told before are asked here once, and stand in their registers.
    """

    field_order = (
        "type",
        "started_at",
        "outcome",
        "ended_at",
        "mode",
        "recording",
        "language",
        "dialect",
        "interpreter",
        "place_type",
        "place",
        "participants",
        "breaks",
        "prior_form",
        "prior_organisation",
        "prior_told_on",
        "prior_is_signed",
        "prior_is_copy_held",
        "added_value",
        "threats",
        "likelihood",
        "impact",
        "mitigations",
        "residual",
        "decision",
        "rights_explained",
    )
    started_at = moment(_("When it began"))
    outcome = forms.ChoiceField(label=_("How it stands"), choices=OUTCOMES)
    ended_at = moment(_("When it ended"), help_text=_("Only where it does not go on any more."))
    decision = forms.ChoiceField(
        label=_("What follows"),
        choices=[("", _("Choose")), *(one for one in RiskDecision.choices if one[0] in MAY_PROCEED)],
        help_text=_("Where the meeting should not go on, leave the intake for later."),
    )
    rights_explained = forms.BooleanField(
        label=_("The person knows that they may say no, leave a question out, pause and stop at any time."),
        error_messages={"required": _("Explain the person's rights before the interview begins.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        # Whoever takes the intake in is the one who asks.
        del self.fields["revision"], self.fields["planned_at"], self.fields["interviewer"]
        self.fields["started_at"].required = True
        self.initial.setdefault("type", InterviewType.FIRST_ACCOUNT)
        self.initial.setdefault("started_at", timezone.localtime())

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        begun, ended, now = found.get("started_at"), found.get("ended_at"), timezone.now()
        for name, at in (("started_at", begun), ("ended_at", ended)):
            if isinstance(at, dt.datetime) and at > now:
                self.add_error(name, _("This time has not come yet."))
        if isinstance(begun, dt.datetime) and isinstance(ended, dt.datetime) and ended < begun:
            self.add_error("ended_at", _("It cannot end before it began."))
        goes_on = found.get("outcome") == InterviewStatus.IN_PROGRESS
        if ended and goes_on:
            self.add_error("ended_at", _("What still goes on has no end yet."))
        is_full = found.get("type") == InterviewType.FULL_ACCOUNT
        if is_full and found.get("prior_form") == PriorForm.FULL_STATEMENT:
            self.add_error("type", FullAccountRepeated.message)
        if not ended and not goes_on and "ended_at" not in self.errors:
            self.add_error("ended_at", _("Say when it ended, or that it still goes on."))
        return found

    def meeting(self) -> MeetingFacts:
        """What was entered."""
        found = self.cleaned_data
        return MeetingFacts(
            interview=self.facts(),
            risk=self.risk(),
            prior=self.prior(),
            rights_explained=found["rights_explained"],
            started_at=found["started_at"],
            outcome=InterviewStatus(found["outcome"]),
            ended_at=found["ended_at"],
        )


class AccountForm(AccountText):
    """What the person told, in their own words."""

    text = long_text(
        _("The account"),
        rows=22,
        required=True,
        help_text=_(
            "The witness's own words: what they saw, heard and were told. Codes and roles, never names."
        ),
    )
    text.error_messages["required"] = NOTHING_YET
    text.validators.append(
        MaxLengthValidator(
            LONGEST_TEXT,
            ngettext_lazy(
                "An account holds %(limit_value)d character at most; this one has %(show_value)d.",
                "An account holds %(limit_value)d characters at most; this one has %(show_value)d.",
                "limit_value",
            ),
        )
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(NOTHING_YET)
        return text

    def facts(self) -> AccountFacts:
        """What was entered."""
        found = self.cleaned_data
        return AccountFacts(
            text=found["text"], language=TextLanguage(found["language"]), kind=VersionKind(found["kind"])
        )


def secret(label: Words, longest: int, *, rows: int = 0, help_text: Words = "") -> forms.CharField:
    """A field that no browser and no draft keeps: it is sent once, by the page's own button."""
    attrs = {"dir": "auto", "autocomplete": "off", "spellcheck": "false", "data-not-saved": ""}
    widget = forms.Textarea(attrs={**attrs, "rows": rows}) if rows else forms.TextInput(attrs=attrs)
    field = forms.CharField(
        label=label, max_length=longest, required=False, help_text=help_text, widget=widget
    )
    # A browser would cut off what is pasted, and nobody would notice; the server names the field instead.
    del field.widget.attrs["maxlength"]
    return field


class IdentityForm(forms.Form):
    """Who the person is. No field is required by itself: in some families nobody knows the birthday."""

    holds_names = True

    given = secret(_("Given name"), 60)
    father = secret(_("Father's name"), 60)
    grandfather = secret(_("Grandfather's name"), 60)
    family = secret(_("Family name"), 60)
    kunya = secret(_("Kunya"), 60)
    laqab = secret(_("Laqab"), 60)
    mother = secret(_("Mother's name"), 60)
    latin_forms = secret(_("The name in Latin letters"), 120, help_text=_("As in papers, if there are any."))
    born = secret(_("Born"), 40, help_text=_("As exactly as it is known."))
    papers = secret(_("Papers and their numbers"), 120)
    phones = secret(_("Telephone numbers"), 120)
    addresses = secret(_("Addresses"), 200, rows=2)
    accounts = secret(_("Accounts in social networks"), 120)
    community = secret(_("Community, if it puts the person at risk"), 80)
    relatives = secret(_("Relatives who could be recognised"), 240, rows=2)
    safe_contact = secret(
        _("How the person may be reached safely"),
        240,
        rows=2,
        help_text=_("Times, words to avoid, whom not to meet."),
    )

    def said(self) -> Mapping[str, str]:
        """What was typed."""
        return {name: str(value) for name, value in self.cleaned_data.items()}

    def blank(self) -> "IdentityForm":
        """The same faults on an empty form: what was typed is never shown again."""
        again = IdentityForm({})
        again.full_clean()
        for name, faults in self.errors.items():
            again.add_error(None if name == "__all__" else name, list(faults))
        return again
