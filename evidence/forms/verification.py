"""Methods and findings, decisions, and analyses of frames and weapons."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import prose, words
from evidence.facts import SatelliteFacts, VerificationFacts, WeaponFacts
from evidence.forms.parts import Day, Part, Parted, asked
from evidence.models import FileObject
from evidence.vocabulary import (
    FAMILY_OF,
    Finding,
    ItemStatus,
    Method,
    MethodFamily,
    WeaponCategory,
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
        Part(_("What they show"), ("measured_area", "finding")),
    )
    before = forms.ChoiceField(label=_("Frame before"))
    after = forms.ChoiceField(label=_("Frame after"))
    scene_before = words(_("Scene number of the frame before"), longest=120)
    scene_after = words(_("Scene number of the frame after"), longest=120)
    place = words(_("Place"), longest=300, required=True)
    footprint = words(_("Corners of the frame"), longest=500, help_text=_("Coordinates, if they are known."))
    resolution = words(_("Resolution"), longest=120, help_text=_("Such as 0.5 m a pixel."))
    provider = words(_("Provider"), longest=200, required=True)
    licence = words(_("Terms under which it may be used"), longest=500)
    measured_area = words(_("What was measured"), longest=500)
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
        more = ("provider", "licence", "measured_area", "finding")
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
        Part(_("What it is thought to be"), ("category", "model", "calibre", "markings", "quantity")),
        Part(_("On what that rests"), ("basis", "users", "finding")),
    )
    category = asked(_("Kind of weapon"), WeaponCategory)
    model = words(_("Model"), longest=200)
    calibre = words(_("Calibre"), longest=80)
    markings = words(_("Markings"), longest=500, help_text=_("Stamps and numbers, as they can be read."))
    quantity = words(_("How many"), longest=80)
    basis = prose(_("On what the identification rests"), rows=4, required=True)
    users = prose(_("Who is known to use it, and who else"), rows=3, longest=4000)
    finding = prose(_("What it tends to show"), rows=4, required=True)

    def facts(self) -> WeaponFacts:
        """What was entered."""
        found = self.cleaned_data
        names = ("model", "calibre", "markings", "quantity", "basis", "users", "finding")
        return WeaponFacts(
            category=WeaponCategory(found["category"]), **{name: found[name] for name in names}
        )
