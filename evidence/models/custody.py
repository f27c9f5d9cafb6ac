"""Who had an exhibit, who looked at it, and what was found at each check."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import User
from audit.models import Event
from cases.models import GivenRow
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.handover import HandOver
from evidence.models.item import EvidenceItem, OfItem
from evidence.vocabulary import HOLDING, CustodyKind
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class CustodyEvent(OfItem):
    """One link of the chain, numbered within its exhibit, never changed; each stands in the log as a leaf."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "item_id",
        "file_id",
        "seq",
        "event",
        "by_code",
        "to_code",
        "sealed_digest",
        "hand_over_id",
    )
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "file": plain("joins"),
        "seq": plain("a gap would show"),
        "event": plain("what was done with the exhibit"),
        "by_code": plain("who is answerable: a staff code or a machine"),
        "to_code": plain("to whom it was handed, as a staff code"),
        "sealed_digest": plain("BLAKE3 of the sealed bytes at that moment"),
        "hand_over": plain("on which hand-over the entry rests"),
        "leaf": plain("the same event in the log"),
        "when": sealed("when it happened, where that is not when it was written"),
        "place": sealed("tells where people meet us"),
        "purpose": sealed("why, in words"),
        "condition": sealed("describes the exhibit"),
        "seal_no": sealed("number on a physical seal"),
    }

    # A machine is no user; its code stands in `by_code`.
    created_by = models.ForeignKey(  # type: ignore[assignment]  # nobody here, where every other row names a person
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="custody")
    file = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="custody")
    seq = models.PositiveIntegerField()
    event = models.CharField(max_length=12, choices=CustodyKind.choices)
    by_code = models.CharField(max_length=40)
    to_code = models.CharField(max_length=40, blank=True)
    sealed_digest = models.BinaryField(max_length=32, null=True)
    hand_over = models.OneToOneField(HandOver, null=True, on_delete=models.PROTECT, related_name="entry")
    leaf = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    when = SealedJSON(null=True)
    place = SealedText(null=True)
    purpose = SealedText(null=True)
    condition = SealedText(null=True)
    seal_no = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "seq"], name="custody_is_numbered"),
            models.CheckConstraint(condition=Q(event__in=CustodyKind.values), name="custody_is_known"),
        ]
        indexes = [models.Index(fields=["file", "event", "-created_at"], name="custody_of_file")]

    @property
    def holder_code(self) -> str:
        """Who has the exhibit after this entry, as a staff code; empty for somebody outside this system."""
        left = (CustodyKind.MOVED, CustodyKind.GIVEN_BACK)
        return self.to_code if self.event in left else self.by_code

    @classmethod
    def holding(cls, items: Iterable[UUID]) -> "QuerySet[CustodyEvent]":
        """Of each exhibit the entry after which somebody has it as a whole."""
        rows = cls._default_manager.filter(item__in=list(items), event__in=HOLDING, file__isnull=True)
        return rows.order_by("item", "-seq").distinct("item")
