"""Notes on a file: on all of it, on a box or an outline of a picture, on a time of a clip."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cases.models import GivenRow
from cases.vocabulary import Permission
from evidence.models.file import FileObject
from evidence.models.item import OfFile
from vault.fields import SealedJSON, SealedText
from vault.handling import plain, sealed
from vault.rows import TableKind


class Annotation(OfFile):
    """One version of one note, as a W3C Web Annotation. Never rewritten.

    A correction and a withdrawal are rows of their own that name the first version; the newest counts. What
    is withdrawn stays readable, with the reason.
    """

    table_kind: ClassVar[TableKind] = TableKind.VERSION
    read_permission: ClassVar[Permission] = Permission.EVIDENCE_READ
    deciding: ClassVar[tuple[str, ...]] = ("case_id", "file_id", "first_id", "number", "is_withdrawn")
    handling = {
        **GivenRow.row_handling,
        "file": plain("joins"),
        "first": plain("which note this is a later version of"),
        "number": plain("versions of a note stand beside each other"),
        "is_withdrawn": plain("a note that no longer stands is shown as such"),
        "annotation": sealed("what is seen or heard, and where in the file"),
        "reason": sealed("why the note was withdrawn"),
    }

    file = models.ForeignKey(FileObject, on_delete=models.PROTECT, related_name="annotations")
    first = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    is_withdrawn = models.BooleanField(default=False)
    annotation = SealedJSON()
    reason = SealedText(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "number"], name="versions_of_note_are_numbered"),
            models.CheckConstraint(
                condition=Q(first__isnull=True, number=1, is_withdrawn=False)
                | (Q(first__isnull=False, number__gt=1) & ~Q(first=F("id"))),
                name="first_version_is_number_one",
            ),
            models.CheckConstraint(
                condition=Q(is_withdrawn=False, reason__isnull=True)
                | Q(is_withdrawn=True, reason__isnull=False),
                name="withdrawn_note_says_why",
            ),
        ]
        indexes = [models.Index(fields=["file", "created_at"], name="notes_of_file")]
