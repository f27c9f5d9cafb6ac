"""Files of exhibits, and what programs read out of them."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet

from accounts.models import User
from cases.models import GivenRow
from cases.vocabulary import Permission
from evidence.models.item import EvidenceItem, OfFile, OfItem
from evidence.vocabulary import DRAWN, FROM_OUTSIDE, CopyKind, FileFlag, FileState
from vault.fields import SealedJSON, SealedText
from vault.handling import index, plain, sealed
from vault.models import StoredFile
from vault.rows import TableKind


class FileObject(OfItem):
    """One file of an exhibit. The copy as received is written once; every other copy says what it came from.

    The same content brought twice into a case under the same key is stored once: the later row is a link
    (`same_as`). The index that finds it is bound to the witness, so that one key's loss takes no other file.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "item_id",
        "stored_id",
        "copy_kind",
        "derived_from_id",
        "same_as_id",
        "check_state",
        "flag",
        "set_aside_by_id",
    )
    handling = {
        **GivenRow.row_handling,
        "item": plain("joins"),
        "stored": plain("which sealed file; random"),
        "copy_kind": plain("a copy as received is never changed"),
        "derived_from": plain("from which file a copy was made"),
        "same_as": plain("content that was there already is linked, not copied"),
        "upload_key": plain("an upload sent twice is received once; random"),
        "check_state": plain("how far the checks have come"),
        "flag": plain("a code of why the file was flagged"),
        "intact_at": plain("when the stored bytes were last found intact"),
        "checked_at": plain("when a run last looked at the sealed bytes, whatever it found"),
        "deep_checked_at": plain("when a run last opened and compared it, whatever it found"),
        "set_aside_at": plain("since when nobody waits any more for what was lost"),
        "set_aside_by": plain("who is answerable for that"),
        "set_aside_reason": sealed("what was found out, in words"),
        "content_index": index("finds the same content in the same case, under the same key"),
        "filename": sealed("may name a person or a place"),
        "sha256": sealed("confirms a known file"),
        "blake3": sealed("confirms a known file"),
        "length": sealed("confirms a known file"),
    }

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    copy_kind = models.CharField(max_length=12, choices=CopyKind.choices)
    derived_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="derivatives")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="links")
    upload_key = models.UUIDField(null=True)
    check_state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.STORED)
    flag = models.CharField(max_length=10, choices=FileFlag.choices, blank=True)
    intact_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    deep_checked_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    set_aside_reason = SealedText(null=True)
    content_index = models.BinaryField(max_length=16)
    filename = SealedText()
    sha256 = SealedText()
    blake3 = SealedText()
    length = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "content_index"],
                # A file whose stored bytes went bad must not stand in the way of the same file come again.
                condition=Q(copy_kind=CopyKind.EVIDENTIARY, same_as__isnull=True) & ~Q(flag=FileFlag.DAMAGED),
                name="content_received_once",
            ),
            models.UniqueConstraint(fields=["created_by", "upload_key"], name="upload_received_once"),
            models.CheckConstraint(condition=Q(copy_kind__in=CopyKind.values), name="file_copy_is_known"),
            models.CheckConstraint(
                condition=Q(check_state=FileState.FLAGGED, flag__in=FileFlag.values)
                | (~Q(check_state=FileState.FLAGGED) & Q(flag="")),
                name="file_flagged_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(copy_kind__in=FROM_OUTSIDE, derived_from__isnull=True)
                | (~Q(copy_kind__in=FROM_OUTSIDE) & Q(derived_from__isnull=False)),
                name="copy_names_its_original",
            ),
            models.CheckConstraint(condition=~Q(derived_from=F("id")), name="copy_not_of_itself"),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_by__isnull=True)
                | Q(set_aside_at__isnull=False, set_aside_by__isnull=False, flag=FileFlag.DAMAGED),
                name="file_set_aside_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["item", "copy_kind", "created_at"], name="file_of_item")]

    @property
    def is_settled(self) -> bool:
        """Nothing more will happen to the file by itself."""
        return self.check_state in {FileState.CHECKED, FileState.FLAGGED}

    @property
    def is_drawn(self) -> bool:
        """We drew it ourselves, to be looked at."""
        return self.copy_kind in DRAWN


class MediaRecord(OfFile):
    """What real decoders read out of a file: type, size, times, places, devices. Sealed as one value.

    Each look inside leaves a record of its own, and the newest counts.
    """

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "file_id", "number")
    handling = {
        **GivenRow.row_handling,
        "file": plain("joins"),
        "number": plain("a later look stands beside the first"),
        "metadata": sealed("tells when, where and with what the file was made"),
        "looks": sealed("describes what pictures show; finds those that look alike"),
    }

    file = models.ForeignKey(FileObject, on_delete=models.PROTECT, related_name="media")
    number = models.PositiveSmallIntegerField(default=1)
    metadata = SealedJSON()
    looks = SealedText(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="looks_are_numbered")]

    @classmethod
    def newest_of(cls, files: Iterable[UUID]) -> "QuerySet[MediaRecord]":
        """What the last look into each of these files found."""
        rows = cls._default_manager.filter(file__in=list(files))
        return rows.order_by("file", "-number").distinct("file")
