"""Forms of victims, the dead and actors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.facts import ActorFacts, BodyStep, Dated, DeathFacts, VictimFacts
from cases.forms.dates import DatedForm
from cases.forms.events import Pointing
from cases.forms.fields import Revised, choice, lines, prose, words
from cases.vocabulary import (
    ActorKind,
    AgeBand,
    Autopsy,
    CivilianStatus,
    Consistency,
    CountClass,
    CountingUnit,
    DeathCertificate,
    DeathMethod,
    IdentificationStrength,
    Outcome,
    Rites,
    Sex,
)

_YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


class VictimForm(Pointing, DatedForm, Revised):
    """A person, or a group counted as one, to whom something was done."""

    field_order = ("known_as", "outcome", "incident", "date_precision", "date_value", "date_end")
    known_as = words(
        _("How accounts speak of the person"),
        help_text=_("For example: a neighbour's husband. Names belong into the sealed identity."),
    )
    outcome = choice(_("What happened to the person"), Outcome)
    incident = forms.ChoiceField(label=_("Incident"), required=False)
    counting_unit = choice(_("Counted as"), CountingUnit)
    sex = choice(_("Sex"), Sex)
    age_band = choice(_("Age at the time"), AgeBand)
    civilian_status = choice(_("Status in the conflict"), CivilianStatus)
    group_targeted = prose(
        _("Why the person is thought to have been chosen"),
        rows=2,
        longest=1000,
        help_text=_("One to a line."),
    )
    family_consent_to_name = forms.ChoiceField(
        label=_("The family agreed to a name being used"), choices=_YES_NO, required=False
    )

    def facts(self) -> VictimFacts:
        """What was entered."""
        found = self.cleaned_data
        return VictimFacts(
            outcome=Outcome(found["outcome"]),
            counting_unit=CountingUnit(found["counting_unit"]),
            sex=Sex(found["sex"]),
            age_band=AgeBand(found["age_band"]),
            civilian_status=CivilianStatus(found["civilian_status"]),
            group_targeted=lines(found["group_targeted"]),
            known_as=found["known_as"],
            family_consent_to_name={"yes": True, "no": False}.get(found["family_consent_to_name"]),
            dates=self.dated(),
        )


class NewVictimForm(VictimForm):
    """A victim is first reported; verified is a later step."""

    is_named = forms.BooleanField(label=_("The person is named in a source"), required=False)

    def count_class(self) -> CountClass:
        """How the victim is counted at first."""
        named = self.cleaned_data["is_named"]
        return CountClass.NAMED_REPORTED if named else CountClass.UNNAMED_REPORTED


class CountForm(Pointing):
    """Move a victim to another class of counting."""

    to = forms.ChoiceField(label=_("Count as"))
    duplicate_of = forms.ChoiceField(
        label=_("The row that counts instead"), required=False, help_text=_("Only for a duplicate.")
    )

    def __init__(self, *args: object, steps: list[CountClass], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy what the class body says
        field.choices = [(step.value, step.label) for step in steps]


class DeathForm(DatedForm, Revised):
    """How somebody died, as reported, and the way of the body."""

    place = words(_("Where"), longest=400)
    method = choice(_("How"), DeathMethod)
    cause_basis = prose(_("On what this rests"), rows=2, longest=2000)
    body_condition = words(_("Condition of the body"), longest=400)
    wounds = prose(_("Wounds, as described"), rows=3, longest=4000)
    consistency = choice(_("Wounds and account"), Consistency)
    autopsy = choice(_("Autopsy"), Autopsy)
    certificate = choice(_("Death certificate"), DeathCertificate)
    chain = prose(
        _("The way of the body"),
        rows=4,
        longest=4000,
        help_text=_("One step to a line: found, moved, hospital, morgue, burial; place and by whom."),
    )
    grave_ref = words(_("Grave"))
    burial_ordered_by = words(_("Burial ordered by"))
    rites = choice(_("Rites permitted"), Rites)

    def facts(self) -> DeathFacts:
        """What was entered."""
        found = self.cleaned_data
        return DeathFacts(
            dates=self.dated(),
            place=found["place"],
            method=DeathMethod(found["method"]),
            cause_basis=found["cause_basis"],
            body_condition=found["body_condition"],
            wounds=found["wounds"],
            consistency=Consistency(found["consistency"]),
            autopsy=Autopsy(found["autopsy"]),
            certificate=DeathCertificate(found["certificate"]),
            chain=tuple(BodyStep(step=line, at=Dated()) for line in lines(found["chain"])),
            grave_ref=found["grave_ref"],
            burial_ordered_by=found["burial_ordered_by"],
            rites=Rites(found["rites"]),
        )


class ActorForm(Pointing, Revised):
    """Somebody who is said to have taken part."""

    kind = choice(_("Kind"), ActorKind)
    name = words(_("Name"), help_text=_("As sources give it. Sealed."))
    aliases = prose(_("Other names"), rows=2, longest=1000, help_text=_("One to a line."))
    unit_of = forms.ChoiceField(label=_("Part of"), required=False)
    side = words(_("Side"))
    rank_or_position = words(_("Rank or position"))
    description = prose(_("Insignia, uniform, vehicle, dialect"), rows=4, longest=4000)
    identification_strength = choice(_("How the actor is known"), IdentificationStrength)

    def facts(self) -> ActorFacts:
        """What was entered."""
        found = self.cleaned_data
        return ActorFacts(
            kind=ActorKind(found["kind"]),
            identification_strength=IdentificationStrength(found["identification_strength"]),
            name=found["name"],
            aliases=lines(found["aliases"]),
            side=found["side"],
            rank_or_position=found["rank_or_position"],
            description=found["description"],
        )
