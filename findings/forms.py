"""What is typed on the pages of this room."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.facts import Dated
from cases.forms.fields import prose
from cases.models import Testimony
from cases.vocabulary import Precision
from evidence.models import EvidenceItem
from findings.actions.assertions import LinkFacts
from findings.actions.claims import ClaimFacts
from findings.vocabulary import FactState, FigureMethod, Happening, Stance, VictimScope

Source = Testimony | EvidenceItem


class ClaimForm(forms.Form):
    """One figure with everything without which it must not be read."""

    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    figure_min = forms.IntegerField(label=_("Figure, or the lower one"), min_value=0, max_value=10**9)
    figure_max = forms.IntegerField(
        label=_("The higher figure, if it gives two"), min_value=0, max_value=10**9, required=False
    )
    is_at_least = forms.BooleanField(label=_("It says “at least”, “over” or “about”"), required=False)
    happening = forms.ChoiceField(label=_("What it counts"), choices=Happening.choices)
    victim_scope = forms.ChoiceField(label=_("Persons counted"), choices=VictimScope.choices)
    area = forms.CharField(label=_("Area"), max_length=200)
    period = forms.CharField(label=_("Period"), max_length=200)
    as_of = forms.DateField(
        label=_("Published on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    method = forms.ChoiceField(label=_("How it was reached"), choices=FigureMethod.choices)
    wording = forms.CharField(
        label=_("In its own words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    item = forms.ChoiceField(
        label=_("Exhibit in which it stands"),
        required=False,
        help_text=_(
            "The report, picture or page that gives the figure, where it is an exhibit of this case."
        ),
    )

    def __init__(self, data: Any = None, *, exhibits: Sequence[tuple[EvidenceItem, str]]) -> None:
        super().__init__(data)
        self._exhibits = {str(item.pk): item for item, _told in exhibits}
        choices = [("", _("No exhibit")), *((str(item.pk), told) for item, told in exhibits)]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]  # the stub knows Field only

    def clean(self) -> dict[str, Any]:
        """Two figures stand in order."""
        data = super().clean() or {}
        low, high = data.get("figure_min"), data.get("figure_max")
        if low is not None and high is not None and high < low:
            self.add_error("figure_max", _("The higher figure is below the lower one."))
        return data

    def facts(self) -> ClaimFacts:
        """Return what was typed as a value."""
        data = dict(self.cleaned_data)
        day = data.pop("as_of")
        del data["item"]
        as_of = Dated(day.isoformat(), Precision.DAY) if day else Dated()
        data |= {
            "happening": Happening(data["happening"]),
            "victim_scope": VictimScope(data["victim_scope"]),
            "method": FigureMethod(data["method"]),
        }
        return ClaimFacts(**data, as_of=as_of)

    def exhibit(self) -> EvidenceItem | None:
        """Return the exhibit that was chosen, if one was."""
        return self._exhibits.get(self.cleaned_data["item"])


class LinkForm(forms.Form):
    """One thing that speaks for or against a fact."""

    target = forms.ChoiceField(label=_("Testimony or exhibit"))
    stance = forms.ChoiceField(
        label=_("What it does to the fact"), choices=Stance.choices, widget=forms.RadioSelect
    )
    independence_group = forms.CharField(
        label=_("Source that it goes back to"),
        max_length=200,
        help_text=_("Sources that come from one another carry the same word, and count once."),
    )
    passage = forms.CharField(
        label=_("Which words or which part"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, sources: Sequence[tuple[Source, str]]) -> None:
        super().__init__(data)
        self._targets = {str(source.pk): source for source, _told in sources}
        choices = [("", _("Choose")), *((str(source.pk), told) for source, told in sources)]
        self.fields["target"].choices = choices  # type: ignore[attr-defined]  # the stub knows Field only

    def link(self) -> LinkFacts:
        """Return what was chosen as a value."""
        data = self.cleaned_data
        return LinkFacts(
            target=self._targets[data["target"]],
            stance=Stance(data["stance"]),
            independence_group=data["independence_group"],
            passage=data["passage"],
        )


class AssertionForm(LinkForm):
    """One fact, and the first thing that speaks for or against it."""

    text = forms.CharField(
        label=_("What is asserted, in one sentence"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("text",)


class RetractionForm(forms.Form):
    """Why a link is taken back."""

    reason = prose(_("Why is it taken back?"), rows=3, longest=4000, required=True)


class JudgementForm(forms.Form):
    """Which state a fact gets."""

    assertion = forms.UUIDField()
    revision = forms.IntegerField()
    state = forms.ChoiceField(choices=FactState.choices)

    def clean_assertion(self) -> UUID:
        """Return the id."""
        value = self.cleaned_data["assertion"]
        if not isinstance(value, UUID):
            raise ValidationError(_("There is no such fact."))
        return value
