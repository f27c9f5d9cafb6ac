"""Redacted copies: what is taken out of a file and why, the copy that was made, and who let it go."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.owed import OwedWork
from cases.models import GivenRow
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.item import OF_FILE, OfFile
from evidence.vocabulary import BurnFault, RedactionState
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind

OF_SET = ("sensitivity", *(f"redaction_set__{column}" for column in OF_FILE))
_JUDGED = (RedactionState.APPROVED, RedactionState.RETURNED)


class RedactionSet(OfFile):
    """One version of what is taken out of one file. It is never redrawn: a correction is a new set."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = (
        "case_id",
        "file_id",
        "number",
        "corrects_id",
        "created_by_id",
        "state",
        "fault",
        "output_id",
        "judged_by_id",
    )
    handling = {
        **GivenRow.row_handling,
        "file": plain("from which file the copy is made; never a changed one"),
        "number": plain("a correction stands beside what it corrects"),
        "corrects": plain("which set this one corrects"),
        "state": plain("how far it has come; only an approved copy is sent"),
        "fault": plain("a code of what was found wrong with the copy"),
        "output": plain("the copy that was made"),
        "judged_by": plain("the second person, never the author"),
        "judged_at": plain("and when"),
        "note": sealed("what the set is for, in words"),
        "answer": sealed("why it was returned, in words"),
    }

    file = models.ForeignKey(FileObject, on_delete=models.PROTECT, related_name="redaction_sets")
    number = models.PositiveIntegerField()
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    state = models.CharField(max_length=8, choices=RedactionState.choices, default=RedactionState.OWED)
    fault = models.CharField(max_length=9, choices=BurnFault.choices, blank=True)
    output = models.OneToOneField(
        FileObject, null=True, on_delete=models.PROTECT, related_name="redaction_made_by"
    )
    judged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    note = SealedText(null=True)
    answer = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="redactions_are_numbered"),
            models.CheckConstraint(
                condition=Q(state__in=RedactionState.values), name="redaction_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=RedactionState.FAILED, fault__in=BurnFault.values)
                | (~Q(state=RedactionState.FAILED) & Q(fault="")),
                name="redaction_failed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(RedactionState.OWED, RedactionState.FAILED)) | Q(output__isnull=False),
                name="redaction_made_has_a_copy",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_JUDGED, judged_by__isnull=False, judged_at__isnull=False)
                | (~Q(state__in=_JUDGED) & Q(judged_by__isnull=True, judged_at__isnull=True)),
                name="redaction_judged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("created_by")),
                name="redaction_by_a_second_person",
            ),
        ]


class Redaction(GivenRow):
    """One thing that is taken out, numbered within its set: where, how and why are sealed together."""

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    strict_by: ClassVar[tuple[str, ...]] = OF_SET
    erased_by: ClassVar[tuple[str, ...]] = ("redaction_set__file__item__witness__erased_at",)
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "redaction_set_id", "number")
    handling = {
        **GivenRow.row_handling,
        "redaction_set": plain("joins"),
        "number": plain("a gap would show"),
        "region": sealed("where in the picture or recording something stands that must not be seen"),
        "reason": sealed("tells what stands there"),
        "note": sealed("why, in words"),
    }

    redaction_set = models.ForeignKey(RedactionSet, on_delete=models.PROTECT, related_name="redactions")
    number = models.PositiveSmallIntegerField()
    region = SealedJSON()
    reason = SealedText()
    note = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["redaction_set", "number"], name="regions_are_numbered"),
        ]

    def giver(self) -> UUID | None:
        """The file's from which something is taken out."""
        return self.redaction_set.belongs_to


class RedactionJob(OwedWork):
    """A redaction set is owed its copy, and the copy its checks."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    handling = {**OwedWork.owed_handling, "redaction_set": plain("which set; random")}

    redaction_set = models.OneToOneField(RedactionSet, on_delete=models.PROTECT, related_name="job")
