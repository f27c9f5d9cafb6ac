"""The overview of a case: counts of what the reader may see, what is missing, what waits."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from cases.models import Attestation, Case, Consent, Testimony, Victim, Witness
from cases.models.consent import IN_FORCE
from cases.vocabulary import CountClass, Permission, TestimonyStatus, WitnessStatus
from cases.waiting import Waiting, waiting_for

LATE = (
    TestimonyStatus.SUBMITTED,
    TestimonyStatus.IN_REVIEW,
    TestimonyStatus.APPROVED,
    TestimonyStatus.FINAL,
)


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
    victims: list[Tally] = field(default_factory=list)
    verified: int = 0
    reported: int = 0
    without_consent: list[Witness] = field(default_factory=list)
    not_read_back: list[Testimony] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


def overview_of(user: User, case: Case, powers: frozenset[Permission]) -> Overview:
    """Count and list, each only where the reader holds the power to read it."""
    found = Overview(waiting=[one for one in waiting_for(user) if one.case_id == case.pk])
    if Permission.TESTIMONY_READ in powers:
        rows = Testimony.objects.visible_to(user).filter(case=case)
        labels = dict(TestimonyStatus.choices)
        found.testimonies = [
            Tally(status, str(labels[TestimonyStatus(status)]), number)
            for status, number in rows.values_list("status").annotate(Count("pk")).order_by("status")
        ]
        found.not_read_back = list(_not_read_back(rows))
    if Permission.WITNESS_READ in powers:
        found.witnesses = _count_witnesses(user, case)
        agreed = Consent.objects.filter(witness=OuterRef("pk"), state__in=IN_FORCE)
        witnesses = Witness.objects.visible_to(user).filter(~Exists(agreed), case=case)
        found.without_consent = list(witnesses.order_by("created_at")[:10])
    if Permission.INCIDENT_READ in powers:
        _count_victims(user, case, found)
    return found


def _count_witnesses(user: User, case: Case) -> list[Tally]:
    rows = Witness.objects.visible_to(user).filter(case=case)
    counted = dict(rows.values_list("status").annotate(Count("pk")))
    return [
        Tally(state.value, str(state.label), counted[state.value])
        for state in WitnessStatus
        if state.value in counted
    ]


def _count_victims(user: User, case: Case, found: Overview) -> None:
    counted = dict(
        Victim.objects.visible_to(user).filter(case=case).values_list("count_class").annotate(Count("pk"))
    )
    found.victims = [
        Tally(kind.value, str(kind.label), counted[kind.value])
        for kind in CountClass
        if kind.value in counted
    ]
    found.verified = sum(
        counted.get(kind.value, 0) for kind in (CountClass.NAMED_VERIFIED, CountClass.UNNAMED_VERIFIED)
    )
    found.reported = sum(
        counted.get(kind.value, 0) for kind in (CountClass.NAMED_REPORTED, CountClass.UNNAMED_REPORTED)
    )


def _not_read_back(rows: "QuerySet[Testimony]") -> "QuerySet[Testimony]":
    heard = Attestation.objects.filter(version=OuterRef("current"), read_back=True)
    return rows.filter(~Exists(heard), status__in=LATE).order_by("status_at")[:10]
