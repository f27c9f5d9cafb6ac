"""How often a case is checked, the pieces of a run, and what was found in them."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import CaseRow
from cases.vocabulary import Permission
from evidence.models.work import IntegrityRun
from evidence.vocabulary import FoundKind, RunKind
from vault.handling import plain
from vault.rows import TableKind

# What holds where nobody set anything, and what may be set.
ROUTINE_DAYS, DEEP_DAYS = 1, 30
MOST_ROUTINE_DAYS, MOST_DEEP_DAYS = 30, 365


class IntegritySchedule(CaseRow):
    """Every how many days a case's files are looked at. Each setting is a row; the newest counts."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "routine_days", "deep_days", "created_by_id")
    handling = {
        **CaseRow.row_handling,
        "routine_days": plain("how often the sealed bytes are looked at"),
        "deep_days": plain("how often files are opened and compared"),
    }

    routine_days = models.PositiveSmallIntegerField()
    deep_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(routine_days__gte=1, routine_days__lte=MOST_ROUTINE_DAYS),
                name="routine_days_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(deep_days__gte=1, deep_days__lte=MOST_DEEP_DAYS), name="deep_days_in_bounds"
            ),
        ]
        indexes = [models.Index(fields=["case", "-created_at"], name="schedule_newest_first")]


class IntegrityChunk(models.Model):
    """Some files of one case (or of none) that one worker looks at in one go; never in two pairs of hands.

    The list is made with the run, so that a file that arrives meanwhile belongs to the next. Of a routine
    chunk the database's role `checker` writes how far it has come, and nothing else anywhere.
    """

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    # A migration grants these to whoever walks.
    walking: ClassVar[tuple[str, ...]] = (
        "done",
        "claim",
        "touched_at",
        "started_at",
        "finished_at",
        "attempts",
        "reason",
        "commitment",
    )
    handling = {
        "run": plain("joins"),
        "number": plain("place in the run"),
        "kind": plain("without a key, or opened: decides who may walk"),
        "case": plain("whose files; empty for those of no case"),
        "files": plain("which files; random"),
        "planned_at": plain("when the run began"),
        "done": plain("how many of them were looked at"),
        "claim": plain("in whose hands it is; random"),
        "touched_at": plain("the last sign of life"),
        "started_at": plain("to tell the speed"),
        "finished_at": plain("when every file of it was looked at"),
        "noted_at": plain("when what was found was told"),
        "failed": plain("how many of them failed"),
        "attempts": plain("how often it was taken up without coming further"),
        "reason": plain("a code of why it waits"),
        "commitment": plain("digest over what was looked at, for the log"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    run = models.ForeignKey(IntegrityRun, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=RunKind.choices)
    case = models.UUIDField(null=True)
    files = ArrayField(models.UUIDField())
    planned_at = models.DateTimeField(default=timezone.now, editable=False)
    done = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True)
    touched_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(null=True)
    failed = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)
    commitment = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="chunks_are_numbered"),
            models.CheckConstraint(condition=Q(kind__in=RunKind.values), name="chunk_is_known"),
            models.CheckConstraint(
                condition=Q(
                    done__lte=models.Func("files", function="cardinality", output_field=models.IntegerField())
                ),
                name="chunk_done_within",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "planned_at", "number"],
                name="chunk_to_walk",
                condition=Q(finished_at__isnull=True),
            ),
            models.Index(
                fields=["finished_at"],
                name="chunk_to_note",
                condition=Q(finished_at__isnull=False, noted_at__isnull=True),
            ),
            models.Index(fields=["case", "kind", "-planned_at"], name="chunk_of_case"),
        ]

    def __str__(self) -> str:
        return f"IntegrityChunk {self.pk}"


class IntegrityFinding(models.Model):
    """One stored file that is not as it should be, as a walker found it; the noter tells of it."""

    table_kind: ClassVar[TableKind] = TableKind.LOG
    handling = {
        "run": plain("joins"),
        "chunk": plain("joins; empty for what stands on no record"),
        "stored": plain("which stored file; random"),
        "ref": plain("where a file that stands on no record lies; random"),
        "result": plain("changed, missing, or on no record"),
        "found_at": plain("when"),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    run = models.ForeignKey(IntegrityRun, on_delete=models.PROTECT, related_name="findings")
    chunk = models.ForeignKey(IntegrityChunk, null=True, on_delete=models.PROTECT, related_name="findings")
    stored = models.UUIDField(null=True)
    ref = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=8, choices=FoundKind.choices)
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chunk", "stored"], name="found_once_a_chunk"),
            models.CheckConstraint(
                condition=Q(result=FoundKind.EXTRA, chunk__isnull=True, stored__isnull=True)
                | Q(
                    result__in=[FoundKind.DAMAGED, FoundKind.MISSING],
                    chunk__isnull=False,
                    stored__isnull=False,
                    ref="",
                ),
                name="finding_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"IntegrityFinding {self.pk}"
