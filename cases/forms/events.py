"""Forms of incidents, places, acts and involvements."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.facts import ActFacts, IncidentFacts, InvolvementFacts, LocationFacts, StatedReason
from cases.forms.dates import DatedForm
from cases.forms.fields import Revised, choice, lines, prose, words
from cases.vocabulary import (
    ActType,
    ChainLink,
    Degree,
    DisclosedLevel,
    InvolvementStatus,
    PlaceType,
    Sensitivity,
    TextLanguage,
    ViolationStatus,
)

Choices = Iterable[tuple[UUID, str]]


class Pointing(forms.Form):
    """A form that points to other rows of the case: only what the reader may see can be chosen."""

    def offer(self, name: str, rows: Choices) -> None:
        """Fill the choices of a field; what is not among them is refused like any other wrong value."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        several = isinstance(field, forms.MultipleChoiceField)
        first = [] if several or field.required else [("", _("None"))]
        field.choices = [*first, *((str(pk), label) for pk, label in rows)]


class LocationForm(Revised):
    """A place, and how exactly others may be told of it."""

    name_en = words(_("Name, in Latin letters"))
    name_ar = words(_("Name, in Arabic"))
    type = choice(_("Kind of place"), PlaceType)
    admin = prose(_("Region, district, subdistrict"), rows=3, longest=600, help_text=_("One to a line."))
    pcode = words(_("P-code"), longest=20)
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    precision_m = forms.IntegerField(label=_("Exact to, in metres"), required=False, min_value=0)
    disclosed_level = choice(_("How exactly may others be told?"), DisclosedLevel)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not cleaned.get("name_en") and not cleaned.get("name_ar"):
            self.add_error("name_en", _("A place needs a name in one of the two scripts."))
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("latitude", _("A point needs both latitude and longitude."))
        return cleaned

    def facts(self) -> LocationFacts:
        """What was entered."""
        found = self.cleaned_data
        return LocationFacts(
            name_en=found["name_en"],
            name_ar=found["name_ar"],
            admin=lines(found["admin"]),
            pcode=found["pcode"],
            type=PlaceType(found["type"]),
            latitude=found["latitude"],
            longitude=found["longitude"],
            precision_m=found["precision_m"],
            disclosed_level=DisclosedLevel(found["disclosed_level"]),
        )


class IncidentForm(Pointing, DatedForm, Revised):
    """An incident as a whole."""

    field_order = ("title", "date_precision", "date_value", "date_end", "location", "description")
    title = words(_("Title"), longest=160, required=True)
    location = forms.ChoiceField(label=_("Place"), required=False)
    parent = forms.ChoiceField(label=_("Part of"), required=False)
    description = prose(_("What happened, as reported"), rows=6)
    violation_status = choice(_("How sure it is"), ViolationStatus)
    sensitivity = choice(_("Who may read it"), Sensitivity)

    def facts(self) -> IncidentFacts:
        """What was entered."""
        found = self.cleaned_data
        return IncidentFacts(
            title=found["title"],
            dates=self.dated(),
            description=found["description"],
            violation_status=ViolationStatus(found["violation_status"]),
            sensitivity=Sensitivity(found["sensitivity"]),
        )


class IncidentLinkForm(Pointing):
    """How an incident stands to another."""

    kind = choice(_("This incident"), ChainLink)
    second = forms.ChoiceField(label=_("The other incident"))


class ActForm(Pointing, DatedForm, Revised):
    """One wrong within an incident, as it was told."""

    field_order = ("type", "date_precision", "date_value", "date_end", "victims", "location", "method")
    type = choice(_("What was done"), ActType)
    victims = forms.MultipleChoiceField(
        label=_("To whom"), required=False, widget=forms.CheckboxSelectMultiple
    )
    location = forms.ChoiceField(label=_("Place"), required=False)
    method = words(_("How"), longest=600)
    reason_words = prose(
        _("Words spoken"),
        rows=2,
        longest=2000,
        help_text=_(
            "For example a question about sect: the words themselves, in the language they were said in."
        ),
    )
    reason_by = words(_("Spoken by"), help_text=_("A description or a code, never a name."))
    reason_language = choice(_("Language of the words"), TextLanguage, optional=True)
    attribution = prose(_("To whom it is attributed, and by whom"), rows=2, longest=2000)
    description = prose(_("Description"), rows=5)

    def facts(self) -> ActFacts:
        """What was entered."""
        found = self.cleaned_data
        spoken = found["reason_words"].strip()
        return ActFacts(
            type=ActType(found["type"]),
            dates=self.dated(),
            method=found["method"],
            stated_reason=StatedReason(
                words=spoken, spoken_by=found["reason_by"], language=found["reason_language"]
            )
            if spoken
            else None,
            attribution=found["attribution"],
            description=found["description"],
        )


class InvolvementForm(Pointing, Revised):
    """What is reported of an actor's part in an act."""

    actor = forms.ChoiceField(label=_("Actor"))
    degree = choice(_("What is reported"), Degree)
    status = choice(_("Where it stands"), InvolvementStatus)
    note = prose(_("On what it rests"), rows=3, longest=4000)

    def facts(self) -> InvolvementFacts:
        """What was entered."""
        found = self.cleaned_data
        return InvolvementFacts(
            degree=Degree(found["degree"]),
            status=InvolvementStatus(found["status"]),
            note=found["note"],
        )
