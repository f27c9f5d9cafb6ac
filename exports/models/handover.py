"""Identities that go to a recipient: for which export, on whose word, to which keys, and the sealed file."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from cases.models import CaseRow, Consent, ConsentScope, IdentitySession
from cases.vocabulary import Permission
from exports.models.export import Export
from exports.models.recipient import RecipientKey
from exports.models.secondkey import SecondKey
from vault.handling import index, plain
from vault.macs import Domain, mac, verify_mac
from vault.models import StoredFile
from vault.rows import TableKind


class IdentityHandover(CaseRow):
    """One session's hand-over. How far it has come the session says; without our tag it is refused.

    `stored` holds ciphertext under the words of the second key, sealed like every file of the case.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "session_id",
        "export_id",
        "recipient_key_id",
        "second_key_id",
        "stored_id",
        "taken_at",
        "tag",
    )
    handling = {
        **CaseRow.row_handling,
        "session": plain("how far it has come, and who agreed"),
        "export": plain("for which export"),
        "recipient_key": plain("the export's key when it was asked"),
        "second_key": plain("encrypted to which words"),
        "stored": plain("the encrypted identities; random"),
        "taken_at": plain("when they were taken"),
        "tag": index("refuses a hand-over that was written into the database"),
    }

    session = models.OneToOneField(IdentitySession, on_delete=models.PROTECT, related_name="+")
    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="handovers")
    recipient_key = models.ForeignKey(RecipientKey, on_delete=models.PROTECT, related_name="+")
    second_key = models.ForeignKey(SecondKey, on_delete=models.PROTECT, related_name="handovers")
    stored = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    tag = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["export"], condition=Q(stored__isnull=False), name="one_handover_an_export"
            ),
            models.UniqueConstraint(
                fields=["second_key"], condition=Q(stored__isnull=False), name="one_handover_a_second_key"
            ),
            models.CheckConstraint(
                condition=Q(stored__isnull=True, taken_at__isnull=True)
                | Q(stored__isnull=False, taken_at__isnull=False),
                name="handover_taken_at_a_time",
            ),
        ]

    def tagged_facts(self) -> bytes:
        """Row, session, export and both keys; then the file with the digest of its sealed bytes."""
        ids: tuple[UUID, ...] = (
            self.id, self.case_id, self.session_id, self.export_id, self.recipient_key_id, self.second_key_id,
            self.created_by_id,
        )  # fmt: skip
        kept = b""
        if self.stored is not None and self.taken_at is not None:
            stored_id: UUID = self.stored.pk
            kept = stored_id.bytes + bytes(self.stored.sealed_digest) + self.taken_at.isoformat().encode()
        return b"identity-handover" + b"".join(one.bytes for one in ids) + kept

    def put_tag(self) -> None:
        """Compute the tag before the row is saved."""
        self.tag = mac(Domain.GRANTS, self.tagged_facts())

    def verify_tag(self) -> None:
        """Raise a vault error when the tag does not fit the row."""
        verify_mac(Domain.GRANTS, self.tagged_facts(), bytes(self.tag))


class HandoverConsent(CaseRow):
    """On which answer of which consent it rests that a witness goes in. Never changed."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = ("export_id", "handover_id", "consent_id", "answer_id")
    handling = {
        **CaseRow.row_handling,
        "export": plain("joins"),
        "handover": plain("which hand-over"),
        "consent": plain("who agreed"),
        "answer": plain("to what"),
    }

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="+")
    handover = models.ForeignKey(IdentityHandover, on_delete=models.PROTECT, related_name="consents")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(ConsentScope, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "answer"], name="answer_once_a_handover"),
        ]
