"""What is said of an exhibit, and how something was collected online."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.events import Pointing
from cases.forms.fields import Revised, Words, choice, prose, words
from cases.vocabulary import Permission, Sensitivity
from evidence.facts import ItemFacts
from evidence.forms.parts import Day, Part, Parted, asked, initial_of
from evidence.vocabulary import DepictedConsent, EvidenceRole, ItemType
from vault.opening import Opened

TEXTS = ("title", "description", "author", "provider", "original_url", "licence", "restrictions", "place")
DATES = ("recorded", "published", "obtained")


def address(label: Words, *, required: bool = False, help_text: Words = "") -> forms.CharField:
    """An address of the web: kept as it is, never followed."""
    return forms.CharField(
        label=label,
        max_length=2000,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "inputmode": "url"}),
    )


class ItemForm(Pointing, Revised, Parted):
    """An exhibit as a whole."""

    days = {
        "recorded": Day(_("When it was made"), _("The day it shows, not the day it was sent or posted.")),
        "published": Day(_("When it was published"), _("The day it first appeared anywhere, if it did.")),
        "obtained": Day(_("When we got it")),
    }
    layout = (
        Part(_("What it is"), ("type", "title", "description", "graphic")),
        Part(
            _("When"),
            DATES,
            _("As far as it is known: 2025, 2025-03 or 2025-03-09 10:00. Leave open what is not known."),
        ),
        Part(_("Where it comes from"), ("place", "provider", "author", "original_url", "licence")),
        Part(_("What it belongs to"), ("role", "incident", "witness")),
        Part(_("Care"), ("depicted", "restrictions", "sensitivity")),
    )
    type = asked(_("Type"), ItemType)
    title = words(
        _("Title"),
        longest=160,
        required=True,
        help_text=_("What can be seen or read in it. No names of witnesses: use their codes."),
    )
    description = prose(_("Description"))
    graphic = forms.BooleanField(
        label=_("Graphic: it shows a body, wounds, blood or suffering"),
        required=False,
        help_text=_("It is covered on every page until somebody asks to see it."),
    )
    place = words(_("Where it was made"), longest=300)
    provider = words(_("Who gave it to us"), longest=300, help_text=_("A code, or the name of a body."))
    author = words(_("Who made it"), longest=300)
    original_url = address(_("Address where it was found"))
    licence = words(_("Terms under which it may be used"), longest=500)
    role = choice(_("What it speaks to"), EvidenceRole)
    incident = forms.ChoiceField(label=_("Incident"), required=False)
    witness = forms.ChoiceField(
        label=_("Witness who gave it"),
        required=False,
        help_text=_("Their consent decides then where it may go, and their key seals its files."),
    )
    depicted = asked(_("Did the people shown or heard agree?"), DepictedConsent)
    restrictions = prose(_("What the provider asked for"), rows=3, longest=4000)
    sensitivity = forms.ChoiceField(
        label=_("Who may read it"), choices=Sensitivity.choices, initial=Sensitivity.CONFIDENTIAL
    )

    def limit(self, powers: Collection[Permission]) -> None:
        """Ask nothing that the person cannot see: no links, and no secrecy that would hide the exhibit."""
        if Permission.WITNESS_READ not in powers:
            del self.fields["witness"]
        if Permission.INCIDENT_READ not in powers:
            del self.fields["incident"]
        if Permission.STRICT_READ not in powers:
            field = self.fields["sensitivity"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
            strict = Sensitivity.STRICTLY_CONFIDENTIAL
            field.choices = [one for one in Sensitivity.choices if one[0] != strict]

    def facts(self) -> ItemFacts:
        """What was entered."""
        found = self.cleaned_data
        return ItemFacts(
            type=ItemType(found["type"]),
            role=EvidenceRole(found["role"]),
            graphic=found["graphic"],
            depicted=DepictedConsent(found["depicted"]),
            sensitivity=Sensitivity(found["sensitivity"]),
            recorded=self.dated("recorded"),
            published=self.dated("published"),
            obtained=self.dated("obtained"),
            **{name: found[name] for name in TEXTS},
        )

    @staticmethod
    def initial_from(opened: Opened) -> dict[str, object]:
        """Fill the fields again from an exhibit that was opened."""
        traits = opened.json("traits")
        initial: dict[str, object] = {name: opened.text(name) for name in ("type", *TEXTS)}
        for name in DATES:
            initial |= initial_of(name, opened.json(name))
        return initial | (traits if isinstance(traits, dict) else {})
