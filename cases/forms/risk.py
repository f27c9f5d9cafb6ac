"""Forms of what a meeting risks and of what was told before; the intake asks the same on one of its pages."""

from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.facts import PriorFacts, RiskFacts
from cases.forms.fields import Once, prose, question, words
from cases.vocabulary import Impact, Likelihood, PriorForm, RiskDecision

if TYPE_CHECKING:
    from cases.forms.fields import Words

ABOUT_PEOPLE = _("Codes and roles, never names.")
TO_WHOM = _("Say to whom the person told it.")
NOBODY = _("With “none” nobody, no day, no signature and no copy can stand.")


def day(label: "Words", *, help_text: "Words" = "") -> forms.DateField:
    """A day of our own work."""
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}, format="%Y-%m-%d"),
    )


class RiskFields(forms.Form):
    """What is weighed before each meeting."""

    threats = prose(
        _("What threatens the person, and from whom"),
        rows=3,
        longest=4000,
        required=True,
        help_text=ABOUT_PEOPLE,
    )
    likelihood = question(_("How likely harm is"), Likelihood)
    impact = question(_("How grave it would be"), Impact)
    mitigations = prose(_("What is done about it"), rows=3, longest=4000, required=True)
    residual = prose(_("What danger is left"), rows=2, longest=2000, required=True)
    decision = question(_("What follows"), RiskDecision)

    def risk(self) -> RiskFacts:
        """What was entered."""
        found = self.cleaned_data
        return RiskFacts(
            threats=found["threats"],
            likelihood=Likelihood(found["likelihood"]),
            impact=Impact(found["impact"]),
            mitigations=found["mitigations"],
            residual=found["residual"],
            decision=RiskDecision(found["decision"]),
            assessed_on=found.get("assessed_on"),
            review_due=found.get("review_due"),
        )


class PriorFields(forms.Form):
    """Whom the person told before. The question has no answer until somebody gives it."""

    prior_form = forms.ChoiceField(
        label=_("Has the person told it before, and how"),
        choices=[("", _("Ask, then choose")), *PriorForm.choices],
        help_text=_("Nobody should have to tell it twice."),
    )
    prior_organisation = words(_("To whom"), help_text=_("The organisation, authority or medium."))
    prior_told_on = words(_("When"), longest=60, help_text=_("As exactly as the person remembers."))
    prior_is_signed = forms.BooleanField(label=_("The person signed it."), required=False)
    prior_is_copy_held = forms.BooleanField(label=_("We hold a copy."), required=False)

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        further = ("prior_organisation", "prior_told_on", "prior_is_signed", "prior_is_copy_held")
        if found.get("prior_form") == PriorForm.NONE and any(found.get(name) for name in further):
            self.add_error("prior_form", NOBODY)
        if found.get("prior_form") not in ("", None, PriorForm.NONE) and not found.get("prior_organisation"):
            self.add_error("prior_organisation", TO_WHOM)
        return found

    def prior(self) -> PriorFacts:
        """What was entered."""
        found = self.cleaned_data
        return PriorFacts(
            form=PriorForm(found["prior_form"]),
            organisation=found["prior_organisation"],
            told_on=found["prior_told_on"],
            is_signed=found["prior_is_signed"],
            is_copy_held=found["prior_is_copy_held"],
        )


class RiskForm(RiskFields, Once):
    """An assessment by itself, with its days."""

    assessed_on = day(_("Assessed on"), help_text=_("It counts for 30 days."))
    review_due = day(_("To be weighed anew by"), help_text=_("Left open: after 30 days."))

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        on, due = found.get("assessed_on") or timezone.localdate(), found.get("review_due")
        if on > timezone.localdate():
            self.add_error("assessed_on", _("This day has not come yet."))
        if due and due < on:
            self.add_error("review_due", _("It cannot be weighed anew before it was weighed."))
        return found


class PriorAccountForm(PriorFields, Once):
    """One telling before ours."""


class RepetitionForm(forms.Form):
    """Why a full account is taken again."""

    reason = prose(
        _("Why the person is asked all of it again"),
        rows=4,
        longest=4000,
        required=True,
        help_text=_("What the earlier statement lacks, and why it cannot be had otherwise."),
    )
