"""What people and things are called towards one recipient. Two recipients who compare codes learn nothing."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models import CaseRow
from cases.vocabulary import Permission
from exports.models.recipient import Recipient
from exports.vocabulary import PseudonymKind
from vault.fields import SealedText
from vault.handling import index, plain, sealed
from vault.rows import TableKind


class RecipientPseudonym(CaseRow):
    """One subject of one case has one random code for one recipient, in every export to it."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EXPORT_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "recipient_id", "kind", "subject", "code_index")
    handling = {
        **CaseRow.row_handling,
        "recipient": plain("towards whom"),
        "kind": plain("what is named"),
        "subject": plain("which row is named; random"),
        "code_index": index("no code is given twice"),
        "code": sealed("ties what a recipient holds to our rows"),
    }

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PseudonymKind.choices)
    subject = models.UUIDField()
    code_index = models.BinaryField(max_length=16)
    code = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "recipient", "kind", "subject"], name="one_code_a_recipient"
            ),
            models.UniqueConstraint(
                fields=["case", "recipient", "code_index"], name="code_given_once_a_recipient"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PseudonymKind.values), name="pseudonym_kind_is_known"
            ),
        ]
