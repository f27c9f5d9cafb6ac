"""Erasing what a witness gave: who asked, who confirmed, how far it has come, and from when it is final."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from accounts.owed import OwedWork
from cases.models import CaseRow, Witness
from cases.vocabulary import Permission
from exports.vocabulary import DestructionMethod, DestructionState
from vault.fields import SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class Destruction(CaseRow):
    """One witness's erasure. It names nobody: codes that are random, days, and counts."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.WITNESS_READ
    strict_by: ClassVar[tuple[str, ...]] = ("sensitivity", "witness__sensitivity")
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "number",
        "witness_id",
        "method",
        "state",
        "created_by_id",
        "confirmed_by_id",
        "keys",
        "keys_gone_at",
        "turned_at",
    )
    handling = {
        **CaseRow.row_handling,
        "number": plain("names the certificate; random", keep="for ever"),
        "witness": plain("whose keys; random", keep="for ever"),
        "method": plain("how it was destroyed", keep="for ever"),
        "state": plain("decides which steps are open", keep="for ever"),
        "state_at": plain("since when", keep="for ever"),
        "confirmed_at": plain("when the second person agreed", keep="for ever"),
        "confirmed_by": plain("the second person, never the first", keep="for ever"),
        "keys": plain("how many keys were destroyed", keep="for ever"),
        "keys_gone_at": plain("when the keys were deleted", keep="for ever"),
        "epochs": plain("which epochs must be over before it is final; random", keep="for ever"),
        "turned_at": plain("when they were over", keep="for ever"),
        "reason": sealed("why it was asked for, or declined"),
    }

    number = models.CharField(max_length=16, unique=True)
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="destructions")
    method = models.CharField(
        max_length=12, choices=DestructionMethod.choices, default=DestructionMethod.CRYPTO_SHRED
    )
    state = models.CharField(max_length=9, choices=DestructionState.choices, default=DestructionState.ASKED)
    state_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    keys = models.PositiveIntegerField(default=0)
    keys_gone_at = models.DateTimeField(null=True)
    epochs = ArrayField(models.UUIDField(), default=list)
    turned_at = models.DateTimeField(null=True)
    reason = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["witness"],
                condition=~Q(state=DestructionState.DECLINED),
                name="one_erasure_a_witness",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DestructionState.values), name="destruction_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^DES-[0-9]{4}-[0-9]{6}$"), name="destruction_number_form"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DestructionState.ASKED, DestructionState.DECLINED])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="destruction_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("created_by")),
                name="destruction_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DestructionState.KEYS_GONE, DestructionState.TURNED])
                | Q(keys_gone_at__isnull=False),
                name="destruction_keys_gone_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=DestructionState.TURNED, turned_at__isnull=False)
                | (~Q(state=DestructionState.TURNED) & Q(turned_at__isnull=True)),
                name="destruction_turned_at_a_time",
            ),
        ]

    @property
    def final_from(self) -> datetime | None:
        """When the last copy of the keystore from before has expired; None as long as it is not known."""
        if self.turned_at is None:
            return None
        return self.turned_at + timedelta(days=settings.KEYSTORE_BACKUP_DAYS)

    @property
    def is_final(self) -> bool:
        """Nothing can open it any more, no backup either: only now is the word "erased" true."""
        return self.final_from is not None and timezone.now() >= self.final_from


class ErasureJob(OwedWork):
    """An erasure that two people agreed to is owed its carrying out."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {**OwedWork.owed_handling, "destruction": plain("which erasure; random")}

    destruction = models.OneToOneField(Destruction, on_delete=models.PROTECT, related_name="job")
