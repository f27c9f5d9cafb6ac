"""What is taken out of a file: one row for each box or span, by pointer or by numbers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import Words, prose, words
from evidence.decoding.burning.regions import MOST_REGIONS, WHOLE, Unsound, boxed, spanned
from evidence.decoding.kinds import Family
from evidence.facts import RedactionFacts, RegionFacts
from evidence.vocabulary import RedactionReason, RegionKind

FEWEST_ROWS = 3
MORE_ROWS = 5
PLACES = ("left", "top", "width", "height")
TIMES = ("start", "end")
FIELDS = {
    Family.PICTURE: (*PLACES, "reason", "note"),
    Family.PAPER: ("page", *PLACES, "reason", "note"),
    Family.MOVING: ("kind", *TIMES, *PLACES, "reason", "note"),
    Family.SOUND: ("kind", *TIMES, "reason", "note"),
}


def _number(label: Words, *, most: float) -> forms.FloatField:
    typed = {"step": "any", "dir": "ltr", "autocomplete": "off", "inputmode": "decimal"}
    return forms.FloatField(
        label=label, required=False, max_value=most, widget=forms.NumberInput(attrs=typed)
    )


class RegionForm(forms.Form):
    """One row. A row in which nothing stands is none."""

    kind = forms.ChoiceField(label=_("What becomes of it"))
    page = forms.IntegerField(label=_("Page"), min_value=1, widget=forms.NumberInput(attrs={"dir": "ltr"}))
    start = _number(_("From (seconds)"), most=86_400)
    end = _number(_("To (seconds)"), most=86_400)
    left = _number(_("From the left (%)"), most=WHOLE)
    top = _number(_("From the top (%)"), most=WHOLE)
    width = _number(_("Width (%)"), most=2 * WHOLE)
    height = _number(_("Height (%)"), most=2 * WHOLE)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *RedactionReason.choices])
    note = words(_("Note"), longest=500)

    def __init__(self, family: Family, posted: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(posted, empty_permitted=True, use_required_attribute=False, **kwargs)
        for name in list(self.fields):
            if name not in FIELDS[family]:
                del self.fields[name]
        if "kind" in self.fields:
            field = self.fields["kind"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
            sounds = [one for one in RegionKind.choices if one[0] != RegionKind.BOX]
            field.choices = [("", _("Choose")), *(RegionKind.choices if family is Family.MOVING else sounds)]
        self.order_fields(FIELDS[family])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        try:
            if "start" in self.fields:
                spanned(self._given("start"), self._given("end"))
            if "left" in self.fields and found.get("kind", RegionKind.BOX) == RegionKind.BOX:
                boxed(*(self._given(name) for name in PLACES))
        except Unsound as unsound:
            self.add_error(unsound.field, _("This cannot be: look at where it begins and how large it is."))
        return found

    def facts(self) -> RegionFacts:
        """What was entered."""
        found = self.cleaned_data
        numbers = {name: float(found.get(name) or 0) for name in (*PLACES, *TIMES)}
        return RegionFacts(
            kind=RegionKind(found.get("kind") or RegionKind.BOX),
            page=int(found.get("page") or 0),
            reason=RedactionReason(found["reason"]),
            note=found["note"],
            **numbers,
        )

    def _given(self, name: str) -> float:
        value = self.cleaned_data.get(name)
        if value is None:
            raise Unsound(name)
        return float(value)


class RedactionForm(forms.Form):
    """What the copy is for, and how many rows the page had."""

    rows = forms.IntegerField(min_value=1, max_value=MOST_REGIONS, widget=forms.HiddenInput)
    note = prose(_("What the copy is for"), rows=2, longest=4000)


class Drawing:
    """The whole page: what the copy is for, and its rows."""

    def __init__(
        self, family: Family, posted: Mapping[str, Any] | None, initial: list[dict[str, object]]
    ) -> None:
        self.family = family
        if posted is not None and "more" in posted:
            # More rows were asked for: what stands in the others is shown again, and not judged yet.
            count = min(MOST_REGIONS, _count(posted) + MORE_ROWS)
            initial = [_typed(posted, family, number) for number in range(count)]
            self.form = RedactionForm(initial={"note": posted.get("note", ""), "rows": count})
            self.rows = [self._row(number, None, one) for number, one in enumerate(initial)]
            return
        count = _count(posted) if posted is not None else max(FEWEST_ROWS, len(initial) + 1)
        count = min(MOST_REGIONS, count)
        self.form = RedactionForm(posted, initial={"rows": count})
        told = initial + [{}] * (count - len(initial))
        self.rows = [
            self._row(number, posted, None if posted is not None else told[number]) for number in range(count)
        ]

    @property
    def blank(self) -> RegionForm:
        """An empty row, for the script to copy."""
        return RegionForm(self.family, prefix="__")

    def is_valid(self) -> bool:
        """Judge all of it, and say on top in which row something must be mended."""
        if not self.form.is_valid():
            return False
        wrong = [number for number, row in enumerate(self.rows, start=1) if not row.is_valid()]
        for number in wrong:
            self.form.add_error(None, _("Row %(number)s has something to mend.") % {"number": number})
        if not wrong and not any(row.has_changed() for row in self.rows):
            self.form.add_error(None, _("Nothing is taken out yet: draw a box, or fill in a row."))
            return False
        return not wrong

    def facts(self) -> RedactionFacts:
        """What was entered."""
        regions = tuple(row.facts() for row in self.rows if row.has_changed())
        return RedactionFacts(regions=regions, note=self.form.cleaned_data["note"])

    def _row(
        self, number: int, posted: Mapping[str, Any] | None, initial: dict[str, object] | None
    ) -> RegionForm:
        return RegionForm(self.family, posted, initial=initial, prefix=f"r{number}")


def _count(posted: Mapping[str, Any]) -> int:
    told = str(posted.get("rows", ""))
    return max(1, min(MOST_REGIONS, int(told))) if told.isascii() and told.isdigit() else FEWEST_ROWS


def _typed(posted: Mapping[str, Any], family: Family, number: int) -> dict[str, object]:
    return {name: posted.get(f"r{number}-{name}", "") for name in FIELDS[family]}


class ReturnForm(forms.Form):
    """Why a copy goes back to whoever drew it."""

    reason = prose(_("What must be drawn otherwise?"), rows=4, longest=4000, required=True)
