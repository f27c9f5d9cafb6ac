"""One exhibit, from one hand into another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from cases.models import GivenRow
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.item import EvidenceItem, OfItem
from evidence.vocabulary import HandOverState
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class HandOver(OfItem):
    """What one person hands to another: proposed by whoever has it, and nothing until the other confirms.

    Somebody outside this system cannot confirm here: their name stands with a receipt instead. The database
    itself holds who may answer: only the receiver confirms or declines, only the giver takes back, nobody
    hands anything to themselves, and an exhibit has one open hand-over at most.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "created_by_id",
        "item_id",
        "file_id",
        "to_id",
        "receipt_id",
        "state",
        "expires_at",
        "handed",
        "ended_by_id",
    )
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "file": plain("joins; empty for the exhibit as a whole"),
        "to": plain("who alone may confirm; empty for somebody outside"),
        "state": plain("decides who may do what next"),
        "expires_at": plain("nobody can confirm after it"),
        "handed": plain("which files pass, each with the digest of its sealed bytes when it was proposed"),
        "ended_at": plain("an open hand-over waits for somebody"),
        "ended_by": plain("who is answerable for its end"),
        "receipt": plain("which file of the exhibit is the signed receipt"),
        "when": sealed("when it happened, where that is not when it was written"),
        "place": sealed("tells where people meet us"),
        "purpose": sealed("why, in words"),
        "condition": sealed("describes the exhibit"),
        "seal_no": sealed("number on a physical seal"),
        "outside": sealed("names a person or a body outside"),
        "reference": sealed("number of the signed receipt"),
        "answer": sealed("what the receiver said of it, in words"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="hand_overs")
    file = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=HandOverState.choices)
    expires_at = models.DateTimeField()
    handed = models.JSONField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    receipt = models.ForeignKey(FileObject, null=True, on_delete=models.PROTECT, related_name="+")
    when = SealedJSON(null=True)
    place = SealedText(null=True)
    purpose = SealedText(null=True)
    condition = SealedText(null=True)
    seal_no = SealedText(null=True)
    outside = SealedText(null=True)
    reference = SealedText(null=True)
    answer = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HandOverState.values), name="hand_over_is_known"),
            models.CheckConstraint(
                condition=Q(state=HandOverState.PROPOSED, ended_at__isnull=True, ended_by__isnull=True)
                | (~Q(state=HandOverState.PROPOSED) & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="hand_over_ended_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(to=F("created_by")), name="hand_over_not_to_oneself"),
            models.CheckConstraint(
                condition=~Q(state__in=[HandOverState.CONFIRMED, HandOverState.DECLINED])
                | Q(ended_by=F("to")),
                name="hand_over_answered_by_receiver",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandOverState.TAKEN_BACK) | Q(ended_by=F("created_by")),
                name="hand_over_taken_back_by_giver",
            ),
            models.CheckConstraint(
                condition=Q(
                    to__isnull=False, outside__isnull=True, reference__isnull=True, receipt__isnull=True
                )
                & ~Q(state=HandOverState.RECEIPTED)
                | Q(to__isnull=True, outside__isnull=False)
                & Q(state__in=[HandOverState.RECEIPTED, HandOverState.STOPPED])
                & (Q(reference__isnull=False) | Q(receipt__isnull=False)),
                name="hand_over_to_somebody",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state=HandOverState.PROPOSED), name="one_open_hand_over"
            ),
        ]
        indexes = [models.Index(fields=["item", "-created_at"], name="hand_over_newest_first")]

    @property
    def is_open(self) -> bool:
        """The receiver may still confirm it, as far as time goes."""
        return self.state == HandOverState.PROPOSED and self.expires_at > timezone.now()

    @property
    def has_expired(self) -> bool:
        """Nobody answered in time; the next hand-over puts it away."""
        return self.state == HandOverState.PROPOSED and self.expires_at <= timezone.now()
