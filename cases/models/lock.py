"""The lock of a case, and what custodians said to its reopening."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cases.models.case import CaseRow
from cases.vocabulary import Permission, Verdict
from vault.fields import SealedText
from vault.handling import identity, plain, sealed
from vault.rows import TableKind
from vault.scopes import STAFF, Scope


class CaseLock(CaseRow):
    """One lock, from the moment a person locks until two custodians gave the key back.

    No tag: the row gives no power. What reopens is the secret of two custodians, whose words are verified by
    their signatures each time, and the paper they sign is digested by them, not by this row.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.CASE_LOCK
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "code", "sealed", "keys", "turned_at", "reopened_at")
    handling = {
        **CaseRow.row_handling,
        "code": plain("names the lock to custodians; random"),
        "sealed": identity("what the case's keys need, sealed to every pair of custodians"),
        "keys": plain("how many keys of the case need it"),
        "epochs": plain("which epochs must be over before no older copy opens; random"),
        "turned_at": plain("since when none is left"),
        "edition": plain("counts the times that its reopening was asked for"),
        "asked_by": plain("who asked that it be reopened"),
        "asked_at": plain("when"),
        "expires_at": plain("until when custodians may answer"),
        "digest": plain("of the paper; what is said counts for exactly this paper"),
        "paper": sealed("says what is asked, why, and under which one-time key"),
        "held_key": identity("the one-time key, under six words that its requester alone was shown"),
        "reopened_at": plain("when the case got its key back"),
        "reopened_by": plain("who brought the words"),
    }

    code = models.CharField(max_length=16)
    sealed = models.BinaryField()
    keys = models.PositiveIntegerField()
    epochs = ArrayField(models.UUIDField())
    turned_at = models.DateTimeField(null=True)
    edition = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    digest = models.BinaryField(max_length=32, null=True)
    paper = SealedText(null=True)
    held_key = models.BinaryField(null=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened_at__isnull=True), name="one_lock_a_case"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True)
                | Q(reopened_at__isnull=False, reopened_by__isnull=False),
                name="lock_reopened_by_somebody",
            ),
        ]

    def scope(self) -> Scope:
        """The case's own key is what is not there: the paper lies under the staff's."""
        return STAFF

    @property
    def is_asked(self) -> bool:
        """Custodians may answer now."""
        return self.expires_at is not None and self.reopened_at is None and timezone.now() < self.expires_at

    @property
    def final_from(self) -> datetime | None:
        """From when on no backup of the keystore from before the lock is left either."""
        if self.turned_at is None:
            return None
        return self.turned_at + timedelta(days=settings.KEYSTORE_BACKUP_DAYS)


class LockWord(CaseRow):
    """One custodian's signed word on one paper that asks to reopen. Never changed, and counted once."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.CASE_LOCK
    deciding: ClassVar[tuple[str, ...]] = ("lock_id", "member", "verdict", "digest")
    handling = {
        **CaseRow.row_handling,
        "lock": plain("of which lock"),
        "member": plain("who signed it; random"),
        "verdict": plain("approval, stop, or the lifting of one"),
        "digest": plain("of the paper that was signed"),
        "paper": sealed("the signed paper, with halves encrypted to the one-time key"),
    }

    lock = models.ForeignKey(CaseLock, on_delete=models.PROTECT, related_name="words")
    member = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    digest = models.BinaryField(max_length=32)
    paper = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lock", "digest", "member", "verdict"], name="one_word_a_custodian_on_a_lock"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="lock_verdict_is_known"),
        ]

    def scope(self) -> Scope:
        """As the paper it is about."""
        return STAFF
