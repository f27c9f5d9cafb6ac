"""Analyses: two frames, a weapon, the place, the time."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import Words, prose, words
from evidence.actions.analyses import FARTHEST_OFF
from evidence.facts import Match, PlaceFacts, SatelliteFacts, TimeFacts, WeaponFacts
from evidence.forms.parts import Day, Part, Parted, asked
from evidence.geometry import (
    MOST_LATITUDE,
    MOST_LONGITUDE,
    TYPED_NUMBERS,
    Outline,
    UnsoundOutline,
    read_outline,
)
from evidence.models import FileObject
from evidence.vocabulary import Confidence, TimeBasis, WeaponCategory

ONE_TO_A_LINE = _("Addresses, exhibits, maps; one to a line.")
PAIRS = 6


class OutlineField(forms.CharField):
    """An outline on the ground, one corner to a line; where scripts run it can be drawn on a map."""

    def __init__(self, label: Words) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=20_000,
            help_text=_(
                "One corner to a line, in their order round the edge: latitude, comma, longitude. A GeoJSON "
                "polygon may be put in whole."
            ),
            widget=forms.Textarea(attrs={"dir": "ltr", "rows": 4, "spellcheck": "false", "data-outline": ""}),
        )

    def clean(self, value: Any) -> Outline | None:
        """Return the outline, or None where nothing was typed."""
        typed = str(super().clean(value) or "").strip()
        try:
            return read_outline(typed) if typed else None
        except UnsoundOutline as unsound:
            raise forms.ValidationError(str(unsound.words)) from unsound


class NumberField(forms.FloatField):
    """A number as people type it, in either kind of digits, from keyboards with another point."""

    def __init__(self, label: Words, **more: Any) -> None:
        typed = {"dir": "ltr", "autocomplete": "off", "inputmode": "decimal"}
        super().__init__(label=label, widget=forms.TextInput(attrs=typed | more.pop("attrs", {})), **more)

    def clean(self, value: Any) -> Any:
        return super().clean(value.translate(TYPED_NUMBERS) if isinstance(value, str) else value)


class SatelliteForm(Parted):
    """Two frames of one place and what changed between them."""

    days = {
        "captured_before": Day(_("When the frame before was taken"), required=True),
        "captured_after": Day(_("When the frame after was taken"), required=True),
        "event": Day(_("When the event was"), _("A frame more than 31 days away from it is marked.")),
    }
    layout = (
        Part(
            _("The frames"),
            ("before", "captured_before", "scene_before", "after", "captured_after", "scene_after", "event"),
        ),
        Part(_("The place"), ("place", "footprint", "resolution")),
        Part(_("Where the frames come from"), ("provider", "licence")),
        Part(_("What they show"), ("outline", "measured_area", "finding")),
    )
    before = forms.ChoiceField(label=_("Frame before"))
    after = forms.ChoiceField(label=_("Frame after"))
    scene_before = words(_("Scene number of the frame before"), longest=120)
    scene_after = words(_("Scene number of the frame after"), longest=120)
    place = words(_("Place"), longest=300, required=True)
    footprint = OutlineField(_("Corners of the frame"))
    resolution = words(_("Resolution"), longest=120, help_text=_("Such as 0.5 m a pixel."))
    provider = words(_("Provider"), longest=200, required=True)
    licence = words(_("Terms under which it may be used"), longest=500)
    outline = OutlineField(_("Edge of what was measured"))
    measured_area = words(
        _("What was measured"),
        longest=500,
        help_text=_(
            "Your own figure and how you came to it. The page shows beside it what the edge encloses."
        ),
    )
    finding = prose(
        _("What is said to have changed"),
        required=True,
        help_text=_("What the frames show, what they do not, and what they tend to show. Never “proves”."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("before") and cleaned.get("before") == cleaned.get("after"):
            self.add_error("after", _("Before and after must be two different files."))
        return cleaned

    def facts(self, before: FileObject, after: FileObject) -> SatelliteFacts:
        """What was entered, about two files that were asked for anew."""
        names = ("scene_before", "scene_after", "place", "footprint", "resolution")
        more = ("provider", "licence", "outline", "measured_area", "finding")
        return SatelliteFacts(
            before=before,
            after=after,
            captured_before=self.dated("captured_before"),
            captured_after=self.dated("captured_after"),
            event=self.dated("event"),
            **{name: self.cleaned_data[name] for name in (*names, *more)},
        )

    def offer_frames(self, frames: Iterable[tuple[UUID, str]]) -> None:
        """Fill both choices and make neither: which frame came first is for whoever looked to say."""
        rows = [("", _("Choose")), *((str(pk), told) for pk, told in frames)]
        for name in ("before", "after"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
            field.choices = rows


class WeaponForm(Parted):
    """What a weapon or remnant is thought to be."""

    layout = (
        Part(_("What it is thought to be"), ("category", "model", "calibre", "markings", "quantity", "seen")),
        Part(_("On what that rests"), ("basis", "references", "confidence", "users", "finding")),
    )
    category = asked(_("Kind of weapon"), WeaponCategory)
    model = words(_("Model"), longest=200)
    calibre = words(_("Calibre"), longest=80)
    markings = words(_("Markings"), longest=500, help_text=_("Stamps and numbers, as they can be read."))
    quantity = words(_("How many"), longest=80)
    seen = words(
        _("Where it is seen"),
        longest=500,
        help_text=_("Which file, which part of it, at which time of a clip."),
    )
    basis = prose(_("On what the identification rests"), rows=4, required=True)
    references = prose(_("What it was compared with"), rows=3, longest=4000, help_text=ONE_TO_A_LINE)
    confidence = asked(_("How sure this is"), Confidence)
    users = prose(_("Who is known to use it, and who else"), rows=3, longest=4000)
    finding = prose(_("What it tends to show"), rows=4, required=True)

    def facts(self) -> WeaponFacts:
        """What was entered."""
        found = self.cleaned_data
        names = (
            "model",
            "calibre",
            "markings",
            "quantity",
            "seen",
            "basis",
            "references",
            "users",
            "finding",
        )
        return WeaponFacts(
            category=WeaponCategory(found["category"]),
            confidence=Confidence(found["confidence"]),
            **{name: found[name] for name in names},
        )


class PlaceForm(Parted):
    """Where something was made: a point on a map, and what matches."""

    layout = (
        Part(
            _("The point"),
            ("place", "latitude", "longitude", "uncertainty"),
            _("Degrees with decimals, as maps and receivers print them (WGS 84)."),
        ),
        Part(
            _("What matches"),
            tuple(f"{side}_{number}" for number in range(1, PAIRS + 1) for side in ("seen", "there")),
            _("One pair for each feature: what is seen here, and what the reference shows in its place."),
            "is-paired",
        ),
        Part(_("On what that rests"), ("references", "confidence", "finding")),
    )
    place = words(_("Place"), longest=300)
    latitude = NumberField(
        _("Latitude"), min_value=-MOST_LATITUDE, max_value=MOST_LATITUDE, attrs={"data-latitude": ""}
    )
    longitude = NumberField(
        _("Longitude"), min_value=-MOST_LONGITUDE, max_value=MOST_LONGITUDE, attrs={"data-longitude": ""}
    )
    uncertainty = NumberField(
        _("How many metres it may be off"),
        min_value=1,
        max_value=FARTHEST_OFF,
        attrs={"data-uncertainty": ""},
    )
    references = prose(_("What it was compared with"), rows=3, longest=4000, help_text=ONE_TO_A_LINE)
    confidence = asked(_("How sure this is"), Confidence)
    finding = prose(_("What it tends to show"), rows=4, required=True)

    def further(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for number in range(1, PAIRS + 1):
            fields |= {
                f"seen_{number}": words(_("Seen here (%(number)s)") % {"number": number}, longest=1000),
                f"there_{number}": words(
                    _("On the reference (%(number)s)") % {"number": number}, longest=1000
                ),
            }
        return fields

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for number in range(1, PAIRS + 1):
            seen, there = (str(cleaned.get(f"{side}_{number}") or "").strip() for side in ("seen", "there"))
            if bool(seen) != bool(there):
                empty = f"there_{number}" if seen else f"seen_{number}"
                self.add_error(empty, _("A feature matches only if both sides are told."))
        if not any(cleaned.get(f"seen_{number}") for number in range(1, PAIRS + 1)):
            self.add_error("seen_1", _("Name at least one feature that matches."))
        return cleaned

    def facts(self) -> PlaceFacts:
        """What was entered."""
        found = self.cleaned_data
        pairs = ((found[f"seen_{number}"], found[f"there_{number}"]) for number in range(1, PAIRS + 1))
        return PlaceFacts(
            latitude=found["latitude"],
            longitude=found["longitude"],
            uncertainty=round(found["uncertainty"]),
            features=tuple(Match(*pair) for pair in pairs if pair[0]),
            confidence=Confidence(found["confidence"]),
            **{name: found[name] for name in ("place", "references", "finding")},
        )


class TimeForm(Parted):
    """When something was made, how exactly that is known, and from what."""

    days = {"found": Day(_("When it was made, as far as it was found"), required=True)}
    layout = (
        Part(_("The time"), ("found",)),
        Part(_("On what that rests"), ("bases", "notes", "references", "confidence", "finding")),
    )
    bases = forms.MultipleChoiceField(
        label=_("From what it was worked out"),
        choices=TimeBasis.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    notes = prose(
        _("How it was worked out"),
        required=True,
        help_text=_(
            "Angles, heights, the place assumed, the table or program used: so that others can repeat it."
        ),
    )
    references = prose(_("What it was compared with"), rows=3, longest=4000, help_text=ONE_TO_A_LINE)
    confidence = asked(_("How sure this is"), Confidence)
    finding = prose(_("What it tends to show"), rows=4, required=True)

    def facts(self) -> TimeFacts:
        """What was entered."""
        found = self.cleaned_data
        return TimeFacts(
            found=self.dated("found"),
            bases=tuple(TimeBasis(one) for one in found["bases"]),
            confidence=Confidence(found["confidence"]),
            **{name: found[name] for name in ("notes", "references", "finding")},
        )
