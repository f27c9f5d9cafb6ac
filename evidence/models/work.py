"""Owed work of this room, and what integrity runs found."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.owed import OwedWork
from cases.models import Case, GivenRow
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.item import OfFile
from evidence.vocabulary import FixityResult, RunKind
from vault.fields import SealedText
from vault.handling import plain, sealed
from vault.models import StoredFile
from vault.rows import TableKind


class IngestJob(OwedWork):
    """A received file is owed a second hash, a look by real decoders, and a preview."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {**OwedWork.owed_handling, "file": plain("which file; random")}

    file = models.OneToOneField(FileObject, on_delete=models.PROTECT, related_name="job")


class IntegrityRun(OwedWork):
    """One walk over stored files: of all that are due, by the machine, or of one case, by a person."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {
        **OwedWork.owed_handling,
        "case": plain("which case; empty for everything that is due"),
        "kind": plain("without a key, or opened"),
        "files": plain("how many files it is to look at"),
        "checked": plain("how many files were checked"),
        "failed": plain("how many of them failed"),
        "strays": plain("how many finished files of the store stand on no record"),
        "commitment": plain("digest over what was checked, for the log"),
    }

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=RunKind.choices, default=RunKind.ROUTINE)
    files = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    strays = models.PositiveIntegerField(null=True)
    commitment = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="integrity_newest_first")]
        constraints = [models.CheckConstraint(condition=Q(kind__in=RunKind.values), name="run_is_known")]


class FixityCheck(OfFile):
    """A stored file that was found damaged or missing, until somebody with the power answers it."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "file_id", "stored_id", "result", "closed_by_id")
    handling = {
        **GivenRow.row_handling,
        "run": plain("in which run it was found; empty when it was found while receiving"),
        "file": plain("joins"),
        "stored": plain("which sealed file; random"),
        "result": plain("damaged or missing"),
        "by_code": plain("who found it: a staff code or a machine"),
        "closed_at": plain("an open alert waits for somebody"),
        "closed_by": plain("who answered it"),
        "answer": sealed("what was found out, in words"),
    }

    created_by = models.ForeignKey(  # type: ignore[assignment]  # nobody here, where every other row names a person
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    run = models.ForeignKey(IntegrityRun, null=True, on_delete=models.PROTECT, related_name="alerts")
    file = models.ForeignKey(FileObject, on_delete=models.PROTECT, related_name="alerts")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=8, choices=FixityResult.choices)
    by_code = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(result__in=FixityResult.values), name="fixity_is_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="fixity_closed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["file"], condition=Q(closed_at__isnull=True), name="one_open_alert_a_file"
            ),
        ]
