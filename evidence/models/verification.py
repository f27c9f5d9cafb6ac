"""Whether an exhibit is what it is said to be: methods and findings, checklists, decisions."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from cases.models import GivenRow
from cases.vocabulary import Permission
from evidence.models.item import EvidenceItem, OfItem
from evidence.vocabulary import ItemStatus, Method, MethodFamily
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class Verification(OfItem):
    """One method applied by one person; it counts once a second person has confirmed it."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "method", "created_by_id", "reviewed_by_id")
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "method": plain("verified needs methods of two families"),
        "reviewed_by": plain("the second person, never the first"),
        "reviewed_at": plain("and when"),
        "finding": sealed("what was found"),
        "notes": sealed("on what it rests"),
        "references": sealed("addresses and exhibits that were compared"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="verifications")
    method = models.CharField(max_length=24, choices=Method.choices)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = SealedText()
    notes = SealedText()
    references = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(method__in=Method.values), name="verification_is_known"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("created_by")),
                name="verification_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="verification_reviewed_by_somebody",
            ),
        ]


class Decision(OfItem):
    """One step in the state of an exhibit, by whom and why. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "before", "to", "created_by_id")
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "before": plain("the state it was in"),
        "to": plain("the state it came into"),
        "reason": sealed("answers what speaks against the exhibit"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="decisions")
    before = models.CharField(max_length=16, choices=ItemStatus.choices)
    to = models.CharField(max_length=16, choices=ItemStatus.choices)
    reason = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(before__in=ItemStatus.values, to__in=ItemStatus.values),
                name="decision_between_known_states",
            )
        ]


class Checklist(OfItem):
    """Answers to the questions of one analysis. Each saving is a row of its own; the newest counts."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "item_id", "family", "number")
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "family": plain("source, technical or content: says nothing of the exhibit"),
        "number": plain("later answers stand beside the first"),
        "answers": sealed("what was asked of the exhibit, and answered"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="checklists")
    family = models.CharField(max_length=12, choices=MethodFamily.choices)
    number = models.PositiveSmallIntegerField()
    answers = SealedJSON()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "family", "number"], name="checklists_are_numbered"),
            models.CheckConstraint(condition=Q(family__in=MethodFamily.values), name="checklist_is_known"),
        ]
