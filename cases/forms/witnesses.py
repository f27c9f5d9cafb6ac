"""Forms of a witness: what is known of the person without naming them."""

from typing import TYPE_CHECKING

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.facts import WitnessFacts
from cases.forms.fields import Revised, Words, choice, prose, words
from cases.vocabulary import (
    AgeBand,
    ProtectiveMeasure,
    RiskLevel,
    Sensitivity,
    Sex,
    TextLanguage,
    Vulnerability,
    WitnessCategory,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PSEUDONYM = 60


def several(
    label: Words, kind: type[TextChoices], *, required: bool = False, help_text: Words = ""
) -> forms.MultipleChoiceField:
    """Any number out of one of the fixed lists, as boxes to tick."""
    return forms.MultipleChoiceField(
        label=label,
        choices=kind.choices,
        required=required,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class WitnessForm(Revised):
    """Who may be spoken of, and under which care; no name belongs here."""

    public_pseudonym = words(
        _("Pseudonym"),
        longest=LONGEST_PSEUDONYM,
        required=True,
        help_text=_("A name that is not the person's, nor a relative's, and that nobody here has had."),
    )
    category = several(_("How the person came to know"), WitnessCategory, required=True)
    sex = choice(_("Sex"), Sex)
    age_band = choice(_("Age"), AgeBand)
    languages = several(_("Languages"), TextLanguage)
    role_summary = prose(
        _("Who the person is to the events"),
        rows=3,
        longest=2000,
        help_text=_("As little as is needed. Codes and roles, never names."),
    )
    vulnerability = several(
        _("What care is owed"), Vulnerability, help_text=_("Leave all open where none was identified.")
    )
    risk_level = choice(_("Risk to the person"), RiskLevel)
    protective_measures = several(_("Protective measures"), ProtectiveMeasure)
    sensitivity = choice(
        _("Who may read it"),
        Sensitivity,
        help_text=_("What is strictly confidential is seen only by members with a grant for it."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        # The careful value stands first, for who changes nothing.
        usual: Mapping[str, object] = {
            "sex": Sex.UNKNOWN,
            "age_band": AgeBand.UNKNOWN,
            "risk_level": RiskLevel.HIGH,
            "protective_measures": [ProtectiveMeasure.PSEUDONYM],
            "sensitivity": Sensitivity.CONFIDENTIAL,
        }
        for name, value in usual.items():
            self.initial.setdefault(name, value)

    def leave_out_strict(self) -> None:
        """Whoever may not read what is strictly confidential could not go on with such a witness."""
        field = self.fields["sensitivity"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        field.choices = [one for one in Sensitivity.choices if one[0] != Sensitivity.STRICTLY_CONFIDENTIAL]

    def clean_vulnerability(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["vulnerability"]
        if Vulnerability.NONE_IDENTIFIED in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("“None identified” and another answer exclude each other."))
        return chosen or [Vulnerability.NONE_IDENTIFIED]

    def facts(self) -> WitnessFacts:
        """What was entered."""
        found = self.cleaned_data
        return WitnessFacts(
            public_pseudonym=found["public_pseudonym"],
            category=tuple(WitnessCategory(value) for value in found["category"]),
            sex=Sex(found["sex"]),
            age_band=AgeBand(found["age_band"]),
            role_summary=found["role_summary"],
            languages=tuple(TextLanguage(value) for value in found["languages"]),
            vulnerability=tuple(Vulnerability(value) for value in found["vulnerability"]),
            protective_measures=tuple(ProtectiveMeasure(value) for value in found["protective_measures"]),
            risk_level=RiskLevel(found["risk_level"]),
            sensitivity=Sensitivity(found["sensitivity"]),
        )
