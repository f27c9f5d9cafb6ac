"""Sealed identities, in the schema `identity`: `app` inserts and cannot read."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

from vault.handling import TableKind, identity, plain


class SealedIdentity(models.Model):
    """One sealed version of who a witness is. A later version is a new row with a key of its own."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    handling = {
        "scope_id": plain("the case; random"),
        "subject": plain("the witness; random"),
        "version": plain("the newest counts"),
        "sealed": identity("names the witness"),
        "wrapped_key": identity("the identity's key under the server's share and the custodians' secret"),
        "share_id": plain("names the server's share in the keystore"),
        "directory_number": plain("which custodians"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    scope_id = models.UUIDField()
    subject = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    wrapped_key = models.BinaryField()
    share_id = models.UUIDField()
    directory_number = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "sealed_identity"
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="identity_version_once"),
        ]

    def __str__(self) -> str:
        return f"SealedIdentity {self.pk}"


class IdentityHalf(models.Model):
    """For one pair of custodians, what each of them can open: half of the secret, encrypted to them."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        "identity": plain("which identity"),
        "custodian": plain("who can open it; random"),
        "partner": plain("whose half completes it; random"),
        "side": plain("the first half is the random one"),
        "encrypted": identity("half of a secret"),
        "digest": plain("a false half is named"),
        "directory_number": plain("under which directory it was made"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    identity = models.ForeignKey(SealedIdentity, on_delete=models.PROTECT, related_name="halves")
    custodian = models.UUIDField()
    partner = models.UUIDField()
    side = models.PositiveSmallIntegerField()
    encrypted = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    directory_number = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "identity_half"
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "custodian", "partner", "directory_number"], name="identity_half_once"
            ),
            models.CheckConstraint(condition=models.Q(side__in=(0, 1)), name="identity_half_has_a_side"),
            models.CheckConstraint(
                condition=~models.Q(custodian=models.F("partner")), name="identity_half_of_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"IdentityHalf {self.pk}"
