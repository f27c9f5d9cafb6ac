"""An export: what was asked, what is in it and what is not, on whose word, and what came back."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.owed import OwedWork
from cases.models import CaseRow, Consent, ConsentScope, Testimony, TestimonyVersion
from cases.vocabulary import ConsentPurpose, IdentityLevel, Permission
from evidence.models import EvidenceItem
from exports.models.recipient import Recipient, RecipientKey
from exports.vocabulary import (
    ApprovalDecision,
    ExportState,
    Inclusion,
    ObjectKind,
    Reason,
    ReceiptKind,
    Tier,
)
from vault.fields import SealedText
from vault.handling import index, plain, sealed
from vault.macs import Domain, mac, verify_mac
from vault.models import StoredFile
from vault.rows import TableKind


class Export(CaseRow):
    """Its number is random but for the year: it tells a recipient nothing of how much is sent elsewhere."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "number",
        "recipient_id",
        "key_id",
        "purpose",
        "identity_level",
        "tier",
        "state",
        "stored_id",
    )
    handling = {
        **CaseRow.row_handling,
        "number": plain("names the export; random"),
        "recipient": plain("to whom"),
        "key": plain("encrypted to which key"),
        "purpose": plain("decides which consent covers it"),
        "identity_level": plain("decides which consent covers it"),
        "tier": plain("decides what may be in it"),
        "state": plain("decides which steps are open"),
        "state_at": plain("how long it has waited"),
        "stored": plain("the encrypted package; random"),
        "package_size": plain("length of the ciphertext, told in the receipt"),
        "note": sealed("why it is sent, in words"),
        "statement": sealed("holds the digest of the plain package"),
        "signature": sealed("goes with the statement"),
        "package_sha512": sealed("digest of the ciphertext, which the recipient confirms"),
    }

    number = models.CharField(max_length=16, unique=True)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="exports")
    key = models.ForeignKey(RecipientKey, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=26, choices=ConsentPurpose.choices)
    identity_level = models.CharField(
        max_length=22, choices=IdentityLevel.choices, default=IdentityLevel.PSEUDONYM
    )
    tier = models.CharField(max_length=2, choices=Tier.choices)
    state = models.CharField(max_length=14, choices=ExportState.choices, default=ExportState.REQUESTED)
    state_at = models.DateTimeField(default=timezone.now)
    stored = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    package_size = models.PositiveBigIntegerField(null=True)
    note = SealedText(null=True)
    statement = SealedText(null=True)
    signature = SealedText(null=True)
    package_sha512 = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_is_known"),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="export_tier_is_known"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^EXP-[0-9]{4}-[0-9]{6}$"), name="export_number_form"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["built", "verified", "delivered", "acknowledged"])
                | Q(stored__isnull=False),
                name="export_built_has_a_package",
            ),
        ]
        indexes = [models.Index(fields=["recipient", "state"], name="export_of_recipient")]


class ExportItem(CaseRow):
    """One object that was asked for: in it, or left out and why."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "export_id",
        "testimony_id",
        "version_id",
        "evidence_id",
        "exported_id",
        "decision",
        "reason",
    )
    handling = {
        **CaseRow.row_handling,
        "export": plain("in which export"),
        "kind": plain("what it is"),
        "testimony": plain("who has what"),
        "version": plain("who has which version"),
        "evidence": plain("who has what"),
        "exported_id": plain("what it is called in the package; random"),
        "decision": plain("whether it is in it"),
        "reason": plain("a code of why it is not"),
        "sha256_delivered": sealed("digest of what was delivered"),
    }

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=9, choices=ObjectKind.choices)
    testimony = models.ForeignKey(Testimony, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(TestimonyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(EvidenceItem, null=True, on_delete=models.PROTECT, related_name="+")
    exported_id = models.CharField(max_length=10)
    decision = models.CharField(max_length=8, choices=Inclusion.choices, blank=True)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    sha256_delivered = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "testimony"], name="testimony_once_an_export"),
            models.UniqueConstraint(fields=["export", "evidence"], name="exhibit_once_an_export"),
            models.UniqueConstraint(fields=["export", "exported_id"], name="exported_id_once_an_export"),
            models.CheckConstraint(
                condition=Q(kind=ObjectKind.TESTIMONY, testimony__isnull=False, evidence__isnull=True)
                | Q(kind=ObjectKind.EVIDENCE, testimony__isnull=True, evidence__isnull=False),
                name="export_item_is_one_object",
            ),
            models.CheckConstraint(
                condition=Q(decision=Inclusion.LEFT_OUT, reason__in=Reason.values)
                | (~Q(decision=Inclusion.LEFT_OUT) & Q(reason="")),
                name="left_out_for_a_reason",
            ),
        ]


class ItemConsent(CaseRow):
    """On which answer of which consent an item rests, at one check. A newer check adds rows of its own."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = ("item_id", "consent_id", "answer_id")
    handling = {
        **CaseRow.row_handling,
        "export": plain("joins"),
        "item": plain("which item"),
        "consent": plain("who agreed"),
        "answer": plain("to what"),
    }

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="consents")
    item = models.ForeignKey(ExportItem, on_delete=models.PROTECT, related_name="consents")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(ConsentScope, on_delete=models.PROTECT, related_name="+")


class Approval(CaseRow):
    """A supervisor's word on an export exactly as it then was. Without our tag it counts for nothing."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = ("export_id", "decision", "approved_digest", "created_by_id", "tag")
    handling = {
        **CaseRow.row_handling,
        "export": plain("which export"),
        "decision": plain("decides which steps are open"),
        "approved_digest": index("what was approved; anything edited later no longer fits"),
        "reason": sealed("why, in words"),
        "tag": index("refuses an approval that was written into the database"),
    }

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="approvals")
    decision = models.CharField(max_length=8, choices=ApprovalDecision.choices)
    approved_digest = models.BinaryField(max_length=32)
    reason = SealedText(null=True)
    tag = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "created_by"], name="one_word_a_person"),
        ]

    def tagged_facts(self) -> bytes:
        """Row, export, person, digest of the export, and the decision last."""
        export_id: UUID = self.export_id
        person: UUID = self.created_by_id
        return (
            b"approval"
            + self.id.bytes
            + export_id.bytes
            + person.bytes
            + bytes(self.approved_digest)
            + self.decision.encode()
        )

    def put_tag(self) -> None:
        """Compute the tag before the row is saved."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verify_tag(self) -> None:
        """Raise a vault error when the tag does not fit the row."""
        verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))


class Receipt(CaseRow):
    """Something that happened to a delivered package: fetched, confirmed. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = ("export_id", "kind", "created_by_id", "is_matching")
    handling = {
        **CaseRow.row_handling,
        "export": plain("which export"),
        "kind": plain("what happened"),
        "is_matching": plain("whether the digest told is that of the package"),
        "note": sealed("what the recipient said"),
    }

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=12, choices=ReceiptKind.choices)
    is_matching = models.BooleanField(null=True)
    note = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReceiptKind.values), name="receipt_kind_is_known"),
        ]


class BuildJob(OwedWork):
    """A package that is owed, built with the rights of the person it names."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {**OwedWork.owed_handling, "export": plain("which export; random")}

    export = models.OneToOneField(Export, on_delete=models.PROTECT, related_name="job")
