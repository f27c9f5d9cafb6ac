"""What a recipient who holds something was asked to give up, and what it said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import CaseRow
from cases.vocabulary import Permission
from exports.models.export import Export, ExportItem
from exports.vocabulary import RecallState
from vault.fields import SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class RecallNotice(CaseRow):
    """One letter to one recipient about one export: what in it is no longer covered by consent."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "export_id", "state", "asked_at", "reminders")
    handling = {
        **CaseRow.row_handling,
        "export": plain("to whom, and what it holds"),
        "state": plain("whether somebody must go on with it"),
        "state_at": plain("since when"),
        "asked_at": plain("who does not answer is reminded"),
        "reminders": plain("how often it was reminded"),
        "note": sealed("how the letter went, and to whom there"),
        "answer": sealed("what the recipient said"),
    }

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="recalls")
    state = models.CharField(max_length=12, choices=RecallState.choices, default=RecallState.SENT)
    state_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    reminders = models.PositiveSmallIntegerField(default=0)
    note = SealedText(null=True)
    answer = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RecallState.values), name="recall_state_is_known"),
        ]


class RecalledItem(CaseRow):
    """One object that a notice names. What was called back once is not called back again."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = ("notice_id", "item_id")
    handling = {
        **CaseRow.row_handling,
        "notice": plain("in which letter"),
        "item": plain("what is called back"),
    }

    notice = models.ForeignKey(RecallNotice, on_delete=models.PROTECT, related_name="items")
    item = models.OneToOneField(ExportItem, on_delete=models.PROTECT, related_name="recalled")
