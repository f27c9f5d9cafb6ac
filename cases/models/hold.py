"""Legal holds: what may not be erased, on whose word."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from cases.models.case import CaseRow
from cases.models.witness import Witness
from vault.fields import SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class LegalHold(CaseRow):
    """One authority's word that a case, or what one witness gave, is kept. Two people lift it."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "witness__sensitivity")
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "witness_id",
        "starts_at",
        "ends_at",
        "lift_asked_by_id",
        "lifted_at",
        "lifted_by_id",
    )
    handling = {
        **CaseRow.row_handling,
        "witness": plain("what is kept; empty for the whole case"),
        "starts_at": plain("nothing is erased from then on"),
        "ends_at": plain("until when, where the authority said so"),
        "lift_asked_at": plain("a lift waits for a second person"),
        "lift_asked_by": plain("the first of two people"),
        "lifted_at": plain("since when it holds nothing"),
        "lifted_by": plain("the second of two people"),
        "authority": sealed("who ordered it, and under which number"),
        "reason": sealed("why it was lifted"),
    }

    witness = models.ForeignKey(Witness, null=True, on_delete=models.PROTECT, related_name="holds")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)
    lift_asked_at = models.DateTimeField(null=True)
    lift_asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    authority = SealedText()
    reason = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_asked_by__isnull=False),
                name="hold_lifted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("lift_asked_by")),
                name="hold_lifted_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="hold_lasts"
            ),
        ]

    @classmethod
    def over(
        cls, case: UUID, witness: UUID | None = None, *, whole: bool = True
    ) -> "models.QuerySet[LegalHold]":
        """The holds that keep something now: the whole case, and one witness of it where one is named.

        Not `whole`: those over any witness of the case, too.
        """
        now = timezone.now()
        rows = cls._default_manager.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            case=case,
            starts_at__lte=now,
            lifted_at__isnull=True,
        )
        return rows.filter(Q(witness__isnull=True) | Q(witness=witness)) if whole else rows
