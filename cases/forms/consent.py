"""Forms of consent: the talk about it, and one answer for each purpose and kind of recipient."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.facts import ConsentFacts, ScopeAnswer
from cases.forms.fields import Once, choice, prose, words
from cases.forms.witnesses import several
from cases.vocabulary import (
    ConsentMethod,
    ConsentPurpose,
    Decision,
    IdentityLevel,
    Material,
    Reached,
    RecipientClass,
    TextLanguage,
)

# To whom something could go for each purpose. What is not asked is not covered.
OFFERED: Mapping[ConsentPurpose, tuple[RecipientClass, ...]] = {
    ConsentPurpose.INTERNAL_ANALYSIS: (RecipientClass.OWN_ORGANISATION,),
    ConsentPurpose.CRIMINAL_INTERNATIONAL: (RecipientClass.ICC_OTP, RecipientClass.UN_IIIM),
    ConsentPurpose.CRIMINAL_NATIONAL: (
        RecipientClass.NATIONAL_AUTHORITY,
        RecipientClass.EUROJUST_VIA_NATIONAL,
    ),
    ConsentPurpose.HUMAN_RIGHTS_MECHANISM: (RecipientClass.UN_COI_OR_FFM, RecipientClass.UN_IIIM),
    ConsentPurpose.TRUTH_OR_FACTFINDING: (RecipientClass.FACTFINDING_COMMITTEE, RecipientClass.UN_COI_OR_FFM),
    ConsentPurpose.ADVOCACY_PUBLICATION: (RecipientClass.PUBLIC, RecipientClass.NGO_PARTNER),
    ConsentPurpose.ARCHIVE: (RecipientClass.ARCHIVE,),
}
# Of these some belong to the State that the account may be about: agreed to only where that was said.
STATE_BODIES = frozenset(
    {
        RecipientClass.NATIONAL_AUTHORITY,
        RecipientClass.EUROJUST_VIA_NATIONAL,
        RecipientClass.FACTFINDING_COMMITTEE,
    }
)
Use = tuple[ConsentPurpose, RecipientClass]


class TalkForm(forms.Form):
    """What was said before the first answer."""

    limits_explained = forms.BooleanField(
        label=_("I explained what we can keep secret, and what we cannot."),
        error_messages={"required": _("Explain the limits first: no consent counts before.")},
    )
    language_understood = forms.BooleanField(
        label=_("We spoke in a language that the person understands well."),
        error_messages={"required": _("Without a language that the person understands no consent counts.")},
    )
    capacity_confirmed = forms.BooleanField(
        label=_("The person could understand this and decide freely."),
        error_messages={"required": _("If the person cannot decide freely now, stop here.")},
    )
    language = choice(_("Language of the talk"), TextLanguage)
    interpreter = words(_("Interpreter"), longest=60, help_text=_("A code or a role, never a name."))
    method = choice(_("How the person consented"), ConsentMethod)
    sheet_version = words(
        _("Information sheet"), longest=20, required=True, help_text=_("The version on its last line.")
    )
    given_on = forms.DateField(
        label=_("Day of the consent"),
        required=False,
        help_text=_("Leave it empty for today."),
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day. Leave it empty for as long as it is not withdrawn."),
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}),
    )
    is_minor = forms.BooleanField(label=_("The person is under 18."), required=False)
    guardian_consented = forms.BooleanField(label=_("A guardian consents."), required=False)
    child_assented = forms.BooleanField(label=_("The child wants it, too."), required=False)
    best_interest_note = prose(
        _("Why this is in the child's best interest"),
        rows=3,
        longest=2000,
        help_text=_("Only for a minor. No names."),
    )

    def clean_given_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["given_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean_valid_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["valid_until"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return day

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        if found.get("is_minor"):
            for name in ("guardian_consented", "child_assented", "best_interest_note"):
                if not found.get(name):
                    self.add_error(name, _("For a minor this is needed."))
        return found

    def given_at(self) -> dt.datetime | None:
        """When it was given; nothing for now."""
        day: dt.date | None = self.cleaned_data["given_on"]
        if day is None or day == timezone.localdate():
            return None
        return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))

    def ends_at(self) -> dt.datetime | None:
        """The end of the last day."""
        day: dt.date | None = self.cleaned_data["valid_until"]
        if day is None:
            return None
        return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


class NewTalkForm(TalkForm, Once):
    """The same on a page of its own: a new consent of a witness who is here already."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question as the page shows it."""

    title: str
    decision: BoundField
    materials: BoundField
    level: BoundField
    recontact: BoundField
    state_body: BoundField | None
    conditions: BoundField


class UsesForm(forms.Form):
    """One row for each purpose and kind of recipient; every row is answered."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        for use in _uses():
            self._ask(use)

    def _ask(self, use: Use) -> None:
        row = f"{use[0].label} · {use[1].label}"
        self.fields[field_of(use, "decision")] = forms.ChoiceField(
            label=row,
            choices=Decision.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Say whether this was agreed, refused, or is to be asked again.")},
        )
        materials = several(row, Material)
        self.fields[field_of(use, "materials")] = materials
        level = choice(_("How much of the person may be known"), IdentityLevel)
        level.initial, level.required = IdentityLevel.PSEUDONYM, False
        self.fields[field_of(use, "level")] = level
        self.fields[field_of(use, "recontact")] = forms.BooleanField(
            label=_("The person wants to be asked before each use."), required=False
        )
        if use[1] in STATE_BODIES:
            self.fields[field_of(use, "state_body")] = forms.BooleanField(
                label=_("I named the bodies of the State among them, and the person agrees to those too."),
                required=False,
            )
        self.fields[field_of(use, "conditions")] = words(_("Conditions, in the person's words"), longest=500)

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        for use in _uses():
            granted = found.get(field_of(use, "decision")) == Decision.GRANTED
            if granted and not found.get(field_of(use, "materials")):
                self.add_error(field_of(use, "materials"), _("Tick what may be used."))
            if granted and not found.get(field_of(use, "level")):
                self.add_error(field_of(use, "level"), _("Say how much of the person may be known."))
        return found

    def groups(self) -> Iterator[tuple[ConsentPurpose, list[Row]]]:
        """The rows by purpose, as the page shows them."""
        for purpose, recipients in OFFERED.items():
            yield purpose, [self._row((purpose, recipient)) for recipient in recipients]

    def _row(self, use: Use) -> Row:
        state_body = field_of(use, "state_body")
        return Row(
            title=str(use[1].label),
            decision=self[field_of(use, "decision")],
            materials=self[field_of(use, "materials")],
            level=self[field_of(use, "level")],
            recontact=self[field_of(use, "recontact")],
            state_body=self[state_body] if state_body in self.fields else None,
            conditions=self[field_of(use, "conditions")],
        )

    def answers(self) -> tuple[ScopeAnswer, ...]:
        """What was answered. What was not ticked in an agreed row was refused."""
        return tuple(answer for use in _uses() for answer in self._answers_to(use))

    def _answers_to(self, use: Use) -> Iterator[ScopeAnswer]:
        def said(part: str) -> object:
            return self.cleaned_data.get(field_of(use, part))

        decision = Decision(str(said("decision")))
        chosen = said("materials") if decision == Decision.GRANTED else list(Material)
        ticked = tuple(Material(value) for value in chosen) if isinstance(chosen, list) else ()
        yield ScopeAnswer(
            purpose=use[0],
            decision=decision,
            materials=ticked,
            recipient_classes=(use[1],),
            identity_level=IdentityLevel(str(said("level") or IdentityLevel.NONE)),
            names_state_body=bool(said("state_body")),
            recontact_before_use=bool(said("recontact")),
            conditions=str(said("conditions") or ""),
        )
        others = tuple(material for material in Material if material not in ticked)
        if others:
            yield ScopeAnswer(
                purpose=use[0], decision=Decision.REFUSED, materials=others, recipient_classes=(use[1],)
            )


class WithdrawalForm(forms.Form):
    """The witness's word that they no longer agree."""

    purpose = forms.ChoiceField(label=_("What is taken back"), required=False, widget=forms.RadioSelect)
    channel = words(
        _("How the witness said it"), longest=200, help_text=_("For example: by telephone. Sealed.")
    )
    note = prose(_("Note"), rows=3, longest=2000, help_text=_("Sealed. No names."))

    def offer(self, purposes: list[ConsentPurpose]) -> None:
        """Offer the whole consent first, then each purpose for which something is still agreed."""
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        field.choices = [("", _("The whole consent")), *((one.value, one.label) for one in purposes)]

    def chosen(self) -> ConsentPurpose | None:
        """The one purpose, or nothing for the whole."""
        value = self.cleaned_data["purpose"]
        return ConsentPurpose(value) if value else None


class RecontactForm(forms.Form):
    """What came of asking the person again."""

    purpose = forms.ChoiceField(label=_("For which use"), widget=forms.RadioSelect)
    reached = forms.ChoiceField(label=_("What came of it"), choices=Reached.choices, widget=forms.RadioSelect)
    channel = words(
        _("How the person was reached"), longest=200, help_text=_("For example: by telephone. Sealed.")
    )
    note = prose(_("Note"), rows=3, longest=2000, help_text=_("Sealed. No names."))

    def offer(self, purposes: list[ConsentPurpose]) -> None:
        """Offer the purposes for which the person wants to be asked."""
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        field.choices = [(one.value, one.label) for one in purposes]


def consent_facts(talk: TalkForm, uses: UsesForm) -> ConsentFacts:
    """Both forms as one value."""
    found = talk.cleaned_data
    return ConsentFacts(
        method=ConsentMethod(found["method"]),
        language=TextLanguage(found["language"]),
        sheet_version=found["sheet_version"],
        limits_explained=found["limits_explained"],
        language_understood=found["language_understood"],
        capacity_confirmed=found["capacity_confirmed"],
        answers=uses.answers(),
        interpreter=found["interpreter"],
        given_at=talk.given_at(),
        valid_until=talk.ends_at(),
        guardian_consented=found["guardian_consented"],
        child_assented=found["child_assented"],
        best_interest_note=found["best_interest_note"],
    )


def field_of(use: Use, part: str) -> str:
    """The name of one field of one row."""
    return f"{use[0].value}-{use[1].value}-{part}"


def _uses() -> Iterator[Use]:
    for purpose, recipients in OFFERED.items():
        for recipient in recipients:
            yield purpose, recipient
