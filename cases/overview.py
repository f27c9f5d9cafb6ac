"""What this room adds to the overview of a case: counts of what the reader may see, and what is missing."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone

from accounts.models import User
from cases.models import Attestation, Case, Consent, RiskAssessment, Testimony, Victim, Witness
from cases.models.consent import IN_FORCE
from cases.models.risk import COUNTS_FOR
from cases.vocabulary import CountClass, Permission, TestimonyStatus, WitnessStatus

LATE = (
    TestimonyStatus.SUBMITTED,
    TestimonyStatus.IN_REVIEW,
    TestimonyStatus.APPROVED,
    TestimonyStatus.FINAL,
)
NOT_MET = (WitnessStatus.WITHDRAWN, WitnessStatus.DECEASED)
VERIFIED = (CountClass.NAMED_VERIFIED, CountClass.UNNAMED_VERIFIED)
REPORTED = (CountClass.NAMED_REPORTED, CountClass.UNNAMED_REPORTED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows are in one state."""

    state: str
    label: str
    number: int


@dataclass(slots=True)
class Overview:
    """What the page shows. Lists are empty where the reader may not see the rows."""

    witnesses: list[Tally] = field(default_factory=list)
    testimonies: list[Tally] = field(default_factory=list)
    verified: int = 0
    reported: int = 0
    without_consent: list[Witness] = field(default_factory=list)
    not_read_back: list[Testimony] = field(default_factory=list)
    not_weighed: list[Witness] = field(default_factory=list)


def tallies(rows: "QuerySet[Any]", column: str, words: type[TextChoices]) -> list[Tally]:
    """Count rows by a column of states, in the order of its words."""
    counted = dict(rows.order_by().values_list(column).annotate(Count("pk")))
    return [Tally(one.value, str(one.label), counted[one]) for one in words if one in counted]


def overview_of(user: User, case: Case, powers: frozenset[Permission]) -> Overview:
    """Count and list, each only where the reader holds the power to read it."""
    found = Overview()
    if Permission.TESTIMONY_READ in powers:
        rows = Testimony.objects.visible_to(user).filter(case=case)
        found.testimonies = tallies(rows, "status", TestimonyStatus)
        found.not_read_back = list(_not_read_back(rows))
    if Permission.WITNESS_READ in powers:
        everybody = Witness.objects.visible_to(user).filter(case=case)
        found.witnesses = tallies(everybody, "status", WitnessStatus)
        agreed = Consent.objects.filter(witness=OuterRef("pk"), state__in=IN_FORCE)
        found.without_consent = list(everybody.filter(~Exists(agreed)).order_by("created_at")[:10])
        found.not_weighed = list(_not_weighed(everybody))
    if Permission.INCIDENT_READ in powers:
        victims = tallies(Victim.objects.visible_to(user).filter(case=case), "count_class", CountClass)
        found.verified = sum(one.number for one in victims if one.state in VERIFIED)
        found.reported = sum(one.number for one in victims if one.state in REPORTED)
    return found


def _not_weighed(rows: "QuerySet[Witness]") -> "QuerySet[Witness]":
    """Witnesses who may still be met, but stand on no assessment of the risk that counts today."""
    today = timezone.localdate()
    later = Q(assessed_on__gt=OuterRef("assessed_on"))
    of_that_day = Q(assessed_on=OuterRef("assessed_on"), number__gt=OuterRef("number"))
    newer = RiskAssessment.objects.filter(later | of_that_day, witness=OuterRef("witness"))
    fresh = RiskAssessment.objects.filter(
        ~Exists(newer),
        witness=OuterRef("pk"),
        assessed_on__range=(today - COUNTS_FOR, today),
        review_due__gte=today,
    )
    asked_anew = Q(risk_raised_at__isnull=False) | ~Exists(fresh)
    return rows.exclude(status__in=NOT_MET).filter(asked_anew).order_by("created_at")[:10]


def _not_read_back(rows: "QuerySet[Testimony]") -> "QuerySet[Testimony]":
    heard = Attestation.objects.filter(version=OuterRef("current"), read_back=True)
    return rows.filter(~Exists(heard), status__in=LATE).order_by("status_at")[:10]
