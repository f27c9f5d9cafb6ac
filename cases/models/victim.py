"""People to whom it was done, how they are counted, and what happened to the dead."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.case import CaseRow
from cases.models.events import OF_ACT, Act, Incident, Record
from cases.vocabulary import CountClass, Permission
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class Victim(Record):
    """Counted by what is known, never by adding claims; every change of class can be taken back."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "code", "count_class", "count_class_before", "revision")
    handling = {
        **Record.row_handling,
        "code": plain("joins and shows the victim; random"),
        "count_class": plain("decides how the victim is counted"),
        "count_class_before": plain("a rejection can be taken back"),
        "duplicate_of": plain("which row counts instead"),
        "incident": plain("joins"),
        "counting_unit": sealed("describes the victim"),
        "outcome": sealed("says what happened"),
        "sex": sealed("narrows down who it is"),
        "age_band": sealed("narrows down who it is"),
        "civilian_status": sealed("describes the victim"),
        "group_targeted": sealed("why the victim is thought to have been chosen"),
        "known_as": sealed("how accounts speak of the victim"),
        "family_consent_to_name": sealed("whether the family agreed to a name"),
        "dates": sealed("when, and how exactly that is known"),
    }

    code = models.CharField(max_length=8, unique=True)
    count_class = models.CharField(
        max_length=20, choices=CountClass.choices, default=CountClass.UNNAMED_REPORTED
    )
    count_class_before = models.CharField(max_length=20, choices=CountClass.choices, blank=True)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="victims")
    counting_unit = SealedText()
    outcome = SealedText()
    sex = SealedText()
    age_band = SealedText()
    civilian_status = SealedText()
    group_targeted = SealedJSON(null=True)
    known_as = SealedText(null=True)
    family_consent_to_name = SealedText(null=True)
    dates = SealedJSON(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(count_class__in=CountClass.values), name="count_class_is_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(count_class__in=[CountClass.DUPLICATE, CountClass.REJECTED]) & ~Q(count_class_before="")
                )
                | (
                    ~Q(count_class__in=[CountClass.DUPLICATE, CountClass.REJECTED]) & Q(count_class_before="")
                ),
                name="count_class_can_be_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | Q(count_class=CountClass.DUPLICATE),
                name="only_a_duplicate_counts_elsewhere",
            ),
        ]


class Death(Record):
    """How somebody died, as reported, and the way of the body to its grave."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "victim__sensitivity")
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "victim_id", "revision")
    handling = {
        **Record.row_handling,
        "victim": plain("joins"),
        "dates": sealed("when, and how exactly that is known"),
        "circumstances": sealed("where, method, cause and on what that rests"),
        "body": sealed("condition, wounds, degree of consistency, autopsy, certificate"),
        "handling_chain": sealed("found, moved, hospital, morgue, burial: when, where, by whom"),
        "burial": sealed("grave, who ordered it, which rites were permitted"),
    }

    victim = models.OneToOneField(Victim, on_delete=models.PROTECT, related_name="death")
    dates = SealedJSON()
    circumstances = SealedJSON()
    body = SealedJSON(null=True)
    handling_chain = SealedJSON(null=True)
    burial = SealedJSON(null=True)


class ActVictim(CaseRow):
    """To whom an act was done."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = (*OF_ACT, "victim__sensitivity")
    read_permission: ClassVar[Permission] = Permission.INCIDENT_READ
    handling = {
        **CaseRow.row_handling,
        "act": plain("joins"),
        "victim": plain("joins"),
        "retracted_at": plain("a link may be taken back"),
    }

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="victim_links")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="act_links")
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "victim"], condition=Q(retracted_at__isnull=True), name="victim_once_an_act"
            )
        ]
