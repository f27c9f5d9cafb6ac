"""A body that receives exports, the key its packages are encrypted to, and the people who fetch them."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cases.vocabulary import RecipientClass
from exports.vocabulary import Channel, Tier
from vault.fields import SealedText
from vault.handling import index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.rows import SealedRow, TableKind
from vault.scopes import RECIPIENTS, Scope


class RecipientRow(SealedRow):
    """A row about recipients: it belongs to no case and lies under the recipients' key."""

    row_handling = {"created_by": plain("who is answerable", keep="recipient")}

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def scope(self) -> Scope:
        """Recipients have a key of their own."""
        return RECIPIENTS


class TaggedRow(RecipientRow):
    """A row that gives power: without our tag it is refused."""

    tag = models.BinaryField()

    class Meta:
        abstract = True

    def tagged_facts(self) -> bytes:
        """What the tag covers; each model says it in fixed widths and enumerations."""
        raise NotImplementedError

    def put_tag(self) -> None:
        """Compute the tag; every action that changes a covered column does this before saving."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verify_tag(self) -> None:
        """Raise a vault error when the tag does not fit the row."""
        verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))


class Recipient(RecipientRow):
    """Its name is sealed: whom we work with is nobody's business who reads the database."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = (
        "recipient_class",
        "state_affiliated",
        "death_penalty_risk",
        "default_tier",
        "agreement_until",
        "revision",
    )
    handling = {
        **RecipientRow.row_handling,
        "recipient_class": plain("decides which consent covers it", keep="recipient"),
        "state_affiliated": plain("decides which consent covers it", keep="recipient"),
        "death_penalty_risk": plain("is shown to whoever approves", keep="recipient"),
        "default_tier": plain("is offered first", keep="recipient"),
        "agreement_until": plain("nothing is sent after it", keep="recipient"),
        "revision": plain("an approval counts for the recipient as it was then", keep="recipient"),
        "name": sealed("names the body", keep="recipient"),
        "jurisdiction": sealed("narrows down which body it is", keep="recipient"),
        "contact": sealed("names people", keep="recipient"),
        "agreement_ref": sealed("names the agreement", keep="recipient"),
        "conditions": sealed("what was agreed with it", keep="recipient"),
    }

    recipient_class = models.CharField(max_length=24, choices=RecipientClass.choices)
    state_affiliated = models.BooleanField(default=False)
    death_penalty_risk = models.BooleanField(default=False)
    default_tier = models.CharField(max_length=2, choices=Tier.choices, default=Tier.CONFIDENTIAL)
    agreement_until = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    name = SealedText()
    jurisdiction = SealedText(null=True)
    contact = SealedText(null=True)
    agreement_ref = SealedText(null=True)
    conditions = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient_class__in=RecipientClass.values)
                & ~Q(recipient_class=RecipientClass.OWN_ORGANISATION),
                name="recipient_is_another_body",
            ),
        ]


class RecipientKey(TaggedRow):
    """An age public key. Usable once two different people have compared it with the recipient."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("recipient_id", "key_index", "expires_at", "revoked_at", "tag")
    handling = {
        **RecipientRow.row_handling,
        "recipient": plain("whose key", keep="recipient"),
        "key_index": index("ties the tag to the sealed key, and finds a key entered twice", keep="recipient"),
        "expires_at": plain("nothing is encrypted to it afterwards", keep="recipient"),
        "revoked_at": plain("nothing is encrypted to it afterwards", keep="recipient"),
        "revoked_by": plain("who is answerable", keep="recipient"),
        "public_key": sealed("tells whom we send to", keep="recipient"),
        "tag": index("refuses a key that was written into the database", keep="recipient"),
    }

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="keys")
    key_index = models.BinaryField(max_length=16, unique=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    public_key = SealedText()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="key_revoked_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["recipient"], condition=Q(revoked_at__isnull=True), name="one_key_a_recipient"
            ),
        ]

    def tagged_facts(self) -> bytes:
        """Row, recipient and the keyed digest of the public key; then the two times."""
        recipient_id: UUID = self.recipient_id
        times = "|".join("" if at is None else at.isoformat() for at in (self.expires_at, self.revoked_at))
        return b"recipient-key" + self.id.bytes + recipient_id.bytes + bytes(self.key_index) + times.encode()


class KeyCheck(TaggedRow):
    """One person compared the fingerprint with the recipient, by other means than ours. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    deciding: ClassVar[tuple[str, ...]] = ("key_id", "created_by_id", "channel", "tag")
    handling = {
        **RecipientRow.row_handling,
        "key": plain("which key", keep="recipient"),
        "channel": plain("how it was compared", keep="recipient"),
        "note": sealed("with whom it was compared", keep="recipient"),
        "tag": index("refuses a check that was written into the database", keep="recipient"),
    }

    key = models.ForeignKey(RecipientKey, on_delete=models.PROTECT, related_name="checks")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    note = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "created_by"], name="one_check_a_person"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="channel_is_known"),
        ]

    def tagged_facts(self) -> bytes:
        """Row, key as it then was, and the person who compared."""
        key_id: UUID = self.key_id
        person: UUID = self.created_by_id
        return b"key-check" + self.id.bytes + key_id.bytes + bytes(self.key.key_index) + person.bytes


class RecipientContact(TaggedRow):
    """A person who signs in for a recipient, and sees what is addressed to it and nothing else."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("recipient_id", "user_id", "ended_at", "tag")
    handling = {
        **RecipientRow.row_handling,
        "recipient": plain("for which body", keep="recipient"),
        "user": plain("who", keep="recipient"),
        "ended_at": plain("a contact counts until then", keep="recipient"),
        "tag": index("refuses a contact that was written into the database", keep="recipient"),
    }

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="contacts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recipient_contacts")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="one_recipient_a_contact"
            )
        ]

    def tagged_facts(self) -> bytes:
        """Row, recipient, person, and whether it has ended."""
        recipient_id: UUID = self.recipient_id
        person: UUID = self.user_id
        ended = b"\x01" if self.ended_at else b"\x00"
        return b"recipient-contact" + self.id.bytes + recipient_id.bytes + person.bytes + ended
