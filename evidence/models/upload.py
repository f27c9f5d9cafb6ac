"""An upload that has not ended yet."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from cases.models import CaseRow
from cases.vocabulary import Permission
from evidence.models.item import OF_ITEM, EvidenceItem
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind
from vault.scopes import Scope

# How long what nobody goes on with is kept; the page says it in words.
UPLOAD_LIFE = timedelta(days=14)


class Upload(CaseRow):
    """A file that arrives in several turns, of its sender alone; deleted when it is a file, or dropped.

    What counts of it is what was durable when it was last said so: so many whole segments of the file whose
    key the keystore holds under the id `file`.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    strict_by: ClassVar[tuple[str, ...]] = OF_ITEM
    erased_by: ClassVar[tuple[str, ...]] = ("item__witness__erased_at",)
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_ADD
    handling = {
        **CaseRow.row_handling,
        "item": plain("which exhibit; random"),
        "belongs_to": plain("whose key takes the bytes with it; random"),
        "file": plain("under which key the bytes lie; random"),
        "segments": plain("how much of it is durable; the store shows the same"),
        "turn": plain("one at a time goes on with it; random"),
        "turn_at": plain("who is silent for long loses it"),
        "expires_at": plain("when what nobody goes on with is dropped"),
        "metadata": sealed("names the file"),
        "length": sealed("confirms a known file"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="uploads")
    belongs_to = models.UUIDField(null=True)
    file = models.UUIDField(unique=True)
    segments = models.PositiveIntegerField(default=0)
    turn = models.UUIDField(null=True)
    turn_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    metadata = SealedJSON()
    length = SealedText(null=True)

    def scope(self) -> Scope:
        """The key of the witness who gives it; else the case key."""
        if self.belongs_to is None:
            return Scope.case(self.case_id)
        return Scope.witness(self.case_id, self.belongs_to)

    class Meta:
        indexes = [models.Index(fields=["item", "created_by"], name="upload_of_item")]
