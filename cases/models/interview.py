"""A meeting with a witness, from the first plan to its end."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.witness import WitnessRow
from cases.vocabulary import InterviewStatus, InterviewType
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class Interview(WitnessRow):
    """Times are those of our own work, in clear; where and with whom is sealed."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "witness_id", "type", "status")
    handling = {
        **WitnessRow.row_handling,
        "type": plain("decides which checks are asked"),
        "status": plain("decides which steps are open"),
        "planned_at": plain("our own work; leaves as a day only"),
        "started_at": plain("our own work; leaves as a day only"),
        "ended_at": plain("our own work; leaves as a day only"),
        "rights_explained": plain("nothing starts before it"),
        "revision": plain("two people who edit at once are noticed"),
        "place_type": sealed("tells where people meet us"),
        "place": sealed("tells where people meet us"),
        "mode": sealed("describes the meeting"),
        "recording": sealed("describes the meeting"),
        "language": sealed("narrows down who it is"),
        "dialect": sealed("narrows down who it is"),
        "interviewer": sealed("who asks, as a staff code; decides whether some people may be met"),
        "interpreter": sealed("who interprets, as a staff code; decides the same"),
        "participants": sealed("who was present, as codes or roles"),
        "breaks": sealed("describes the meeting"),
        "added_value": sealed("why this account is needed"),
        "earlier_accounts": sealed("what was told before, in interviews older than the register of it"),
        "risk_note": sealed("what was weighed, in interviews before there were assessments"),
        "not_taken_reason": sealed("why no account was taken"),
    }

    type = models.CharField(max_length=16, choices=InterviewType.choices)
    status = models.CharField(
        max_length=20, choices=InterviewStatus.choices, default=InterviewStatus.PROPOSED
    )
    planned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rights_explained = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    place_type = SealedText(null=True)
    place = SealedText(null=True)
    mode = SealedText()
    recording = SealedText()
    language = SealedText(null=True)
    dialect = SealedText(null=True)
    interviewer = SealedText(null=True)
    interpreter = SealedText(null=True)
    participants = SealedJSON(null=True)
    breaks = SealedText(null=True)
    added_value = SealedText()
    earlier_accounts = SealedText(null=True)
    risk_note = SealedText(null=True)
    not_taken_reason = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=InterviewType.values), name="interview_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=InterviewStatus.values), name="interview_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False),
                name="interview_ends_after_a_start",
            ),
        ]
