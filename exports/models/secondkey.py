"""The second key of a recipient: ten words on paper, for the identities of one export."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from exports.models.recipient import Recipient, RecipientRow, TaggedRow
from exports.vocabulary import SecondKeyEnd
from vault.fields import SealedJSON
from vault.handling import index, plain, sealed
from vault.rows import TableKind
from vault.scopes import RECIPIENTS, Scope


class SecondKey(TaggedRow):
    """Made by one person, given by hand, confirmed by another; it serves once, and is destroyed with that.

    The words lie under a key of their own in the keystore. Once that is gone, and the epochs under which it
    lay, nothing on the server opens what was encrypted to them; a backup of the keystore from before, with
    its epochs, does until it has expired.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = (
        "recipient_id",
        "fingerprint",
        "confirmed_at",
        "confirmed_by_id",
        "ended_at",
        "ended_as",
        "epochs",
        "turned_at",
        "tag",
    )
    handling = {
        **RecipientRow.row_handling,
        "recipient": plain("who holds the paper", keep="recipient"),
        "fingerprint": index(
            "the salted digest of the words: what custodians sign, and no way to the words", keep="recipient"
        ),
        "confirmed_at": plain("nothing is encrypted to it before", keep="recipient"),
        "confirmed_by": plain("who is answerable: a second person", keep="recipient"),
        "ended_at": plain("nothing is encrypted to it afterwards", keep="recipient"),
        "ended_as": plain("used, or given up", keep="recipient"),
        "ended_by": plain("who is answerable", keep="recipient"),
        "epochs": plain("which epochs must be over before no copy of it opens; random", keep="recipient"),
        "turned_at": plain("when they were over", keep="recipient"),
        "secret": sealed("opens identities that were handed over; gone with its use", keep="recipient"),
        "tag": index("refuses a second key that was written into the database", keep="recipient"),
    }

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="second_keys")
    fingerprint = models.BinaryField(max_length=32)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=7, choices=SecondKeyEnd.choices, blank=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    epochs = ArrayField(models.UUIDField(), default=list)
    turned_at = models.DateTimeField(null=True)
    secret = SealedJSON(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient"], condition=Q(ended_at__isnull=True), name="one_second_key_a_recipient"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="second_key_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("created_by")),
                name="second_key_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="", secret__isnull=False)
                | Q(ended_at__isnull=False, ended_as__in=SecondKeyEnd.values, secret__isnull=True),
                name="second_key_ends_without_its_words",
            ),
        ]

    @property
    def final_from(self) -> datetime | None:
        """When the last backup that holds its key has expired; None as long as it is not known."""
        if self.turned_at is None:
            return None
        return self.turned_at + timedelta(days=settings.KEYSTORE_BACKUP_DAYS)

    @property
    def is_final(self) -> bool:
        """Nothing opens the words any more, no backup either: only now is the word "destroyed" true."""
        return self.final_from is not None and timezone.now() >= self.final_from

    def scope(self) -> Scope:
        """Under a key of its own, so that it can be destroyed alone."""
        return Scope(RECIPIENTS.kind, RECIPIENTS.id, self.id)

    def tagged_facts(self) -> bytes:
        """Row, recipient, who made it, what it is, who confirmed it, and whether it has ended."""
        recipient_id: UUID = self.recipient_id
        maker: UUID = self.created_by_id
        confirmed: UUID | None = self.confirmed_by_id
        ids = (self.id, recipient_id, maker)
        times = "|".join("" if at is None else at.isoformat() for at in (self.confirmed_at, self.ended_at))
        return (
            b"second-key"
            + b"".join(one.bytes for one in ids)
            + (bytes(16) if confirmed is None else confirmed.bytes)
            + bytes(self.fingerprint)
            + f"{times}|{self.ended_as}".encode()
        )
