"""An exhibit: what it is said to be, from whom, and how far its verification has come.

Who may read what is said of an exhibit (its files, custody, findings, analyses, decisions, alerts): whoever
may read the exhibit now. `OF_ITEM` and `OF_FILE` ask it of the exhibit each time, so that what becomes strict
takes all that was said of it along, and what is lowered gives it back. No row copies the exhibit's
sensitivity: its own says only that this one row was made stricter on purpose, and then it stays so.
"""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.models import User
from cases.models import GivenRow, Incident, Witness
from cases.vocabulary import Permission
from evidence.vocabulary import FrozenReason, ItemStatus
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind

if TYPE_CHECKING:
    from evidence.models.file import FileObject

OF_ITEM = ("sensitivity", "item__sensitivity")
OF_FILE = ("sensitivity", "file__sensitivity", "file__item__sensitivity")


class EvidenceItem(GivenRow):
    """One exhibit. Three dates are kept apart: when it was made, when it was published, when we got it."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    erased_by: ClassVar[tuple[str, ...]] = ("witness__erased_at",)
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "exhibit_no",
        "status",
        "witness_id",
        "frozen_at",
        "frozen_reason",
        "sensitivity",
        "revision",
    )
    handling = {
        **GivenRow.row_handling,
        "exhibit_no": plain("names the exhibit without saying what it is"),
        "status": plain("decides which steps are open"),
        "status_by": plain("who decided last"),
        "status_at": plain("and when"),
        "witness": plain("whose consent must cover the exhibit"),
        "incident": plain("joins; the incident itself is sealed"),
        "frozen_at": plain("a frozen exhibit is used for nothing"),
        "frozen_reason": plain("a code of why it was frozen"),
        "revision": plain("two people who edit at once are noticed"),
        "type": sealed("describes the exhibit"),
        "title": sealed("describes the exhibit"),
        "description": sealed("describes the exhibit"),
        "author": sealed("may name a person"),
        "provider": sealed("may name a person"),
        "original_url": sealed("leads to a person"),
        "licence": sealed("may name a person"),
        "restrictions": sealed("what the provider asked for"),
        "traits": sealed("role, graphic content, consent of the people shown"),
        "recorded": sealed("when it was made, and how exactly that is known"),
        "published": sealed("when it was published, and how exactly that is known"),
        "obtained": sealed("when we got it, and how exactly that is known"),
        "place": sealed("where it was made"),
    }

    exhibit_no = models.CharField(max_length=16)
    status = models.CharField(max_length=16, choices=ItemStatus.choices, default=ItemStatus.REGISTERED)
    status_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    status_at = models.DateTimeField(null=True)
    witness = models.ForeignKey(Witness, null=True, on_delete=models.PROTECT, related_name="exhibits")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="exhibits")
    frozen_at = models.DateTimeField(null=True)
    frozen_reason = models.CharField(max_length=12, choices=FrozenReason.choices, blank=True)
    revision = models.PositiveIntegerField(default=1)
    type = SealedText()
    title = SealedText()
    description = SealedText(null=True)
    author = SealedText(null=True)
    provider = SealedText(null=True)
    original_url = SealedText(null=True)
    licence = SealedText(null=True)
    restrictions = SealedText(null=True)
    traits = SealedJSON()
    recorded = SealedJSON(null=True)
    published = SealedJSON(null=True)
    obtained = SealedJSON(null=True)
    place = SealedText(null=True)

    def giver(self) -> UUID | None:
        """The witness; where another is named later, every cell is sealed anew with them."""
        return self.witness_id

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "exhibit_no"], name="exhibit_numbered_once"),
            models.CheckConstraint(condition=Q(status__in=ItemStatus.values), name="exhibit_status_is_known"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, frozen_reason="")
                | Q(frozen_at__isnull=False, frozen_reason__in=FrozenReason.values),
                name="exhibit_frozen_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status_at__isnull=True, status_by__isnull=True)
                | Q(status_at__isnull=False, status_by__isnull=False),
                name="exhibit_status_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["case", "-created_at", "-id"], name="exhibit_newest_first")]

    @property
    def is_frozen(self) -> bool:
        """A frozen exhibit is used for nothing until somebody with the power releases it."""
        return self.frozen_at is not None


class OfItem(GivenRow):
    """What is said of an exhibit goes with the witness who gave it."""

    strict_by: ClassVar[tuple[str, ...]] = OF_ITEM
    erased_by: ClassVar[tuple[str, ...]] = ("item__witness__erased_at",)
    item: "models.ForeignKey[EvidenceItem, EvidenceItem]"

    class Meta:
        abstract = True

    def giver(self) -> UUID | None:
        """The exhibit's."""
        return self.item.witness_id


class OfFile(GivenRow):
    """What is read out of a file, or said of it, goes with the file."""

    strict_by: ClassVar[tuple[str, ...]] = OF_FILE
    erased_by: ClassVar[tuple[str, ...]] = ("file__item__witness__erased_at",)
    file: "models.ForeignKey[FileObject, FileObject]"

    class Meta:
        abstract = True

    def giver(self) -> UUID | None:
        """The file's."""
        return self.file.belongs_to
