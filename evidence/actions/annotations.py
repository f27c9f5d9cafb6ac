"""Notes on files.

Promise: a note is written once; a correction and a withdrawal are versions of their own, by whoever made
them, with the event of each; whoever corrects a version that is no longer the newest is refused, and what was
withdrawn is corrected no more. Called by the pages of notes.
"""

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit.actions import record
from audit.vocabulary import Kind
from cases.errors import EditedMeanwhile, ElsewhereRow
from evidence.actions.custody import own_file, subject
from evidence.actions.verification import LONGEST_TEXT, usable
from evidence.annotating import Authored, Note, annotation_of
from evidence.errors import NoteIncomplete, NoteWithdrawn, ReasonMissing
from evidence.models import Annotation, FileObject
from evidence.vocabulary import CopyKind, FileFlag
from vault.opening import open_row
from vault.vocabulary import Purpose

LONGEST_NOTE = 4000


def annotate(*, by: User, file: FileObject, note: Note) -> Annotation:
    """Write a note on a file of an exhibit that may be verified. Raises `NoteIncomplete`."""
    row = _of(file, by)
    _sound(row, note)
    first = Annotation(case_id=row.case_id, file=row, created_by=by)
    authored = Authored(row=first.pk, first=first.pk, creator=by.staff_code, created=first.created_at)
    first.seal(annotation=annotation_of(note, row.pk, authored))
    first.save(force_insert=True)
    return _recorded(first, by, Kind.ANNOTATION_MADE)


def correct_annotation(*, by: User, newest: Annotation, note: Note) -> Annotation:
    """Put a corrected version in the place of the one that was read. Raises `EditedMeanwhile`."""
    row = _of(newest.file, by)
    _sound(row, note)
    first = _still_newest(newest, row)
    later = _next(newest, first, by)
    authored = Authored(
        row=later.pk,
        first=first.pk,
        creator=by.staff_code,
        created=first.created_at,
        modified=timezone.now(),
    )
    later.seal(annotation=annotation_of(note, row.pk, authored))
    later.save(force_insert=True)
    return _recorded(later, by, Kind.ANNOTATION_CORRECTED)


def withdraw_annotation(*, by: User, newest: Annotation, reason: str) -> Annotation:
    """Let a note stand no more; it stays readable, with the reason."""
    row = _of(newest.file, by)
    first, said = _still_newest(newest, row), reason.strip()
    if not said:
        raise ReasonMissing(subject=subject(row.item), scope=row.case_id, field="reason")
    if len(said) > LONGEST_TEXT:
        raise NoteIncomplete(subject=subject(row.item), scope=row.case_id, field="reason")
    told = open_row(newest, "annotation", reader=by.staff_code, purpose=Purpose.EDIT).json("annotation")
    later = _next(newest, first, by)
    later.is_withdrawn = True
    later.seal(annotation=told, reason=said)
    later.save(force_insert=True)
    return _recorded(later, by, Kind.ANNOTATION_WITHDRAWN)


def _of(file: FileObject, by: User) -> FileObject:
    """Return the file, its exhibit locked: two who correct at once come one after the other."""
    item = usable(file.item, by)
    row = own_file(item, file.pk)
    if not FileObject.objects.visible_to(by).filter(pk=row.pk).exclude(copy_kind=CopyKind.THUMBNAIL).exists():
        raise ElsewhereRow(subject=f"file:{row.pk}", scope=item.case_id)
    if row.flag == FileFlag.DAMAGED:
        raise NoteIncomplete(subject=subject(item), scope=item.case_id, field="file")
    row.item = item
    return row


def _still_newest(newest: Annotation, row: FileObject) -> Annotation:
    """Return the first version of a note whose newest is the one that was read, and stands."""
    first = newest.first if newest.first is not None else newest
    versions = Annotation.objects.filter(Q(pk=first.pk) | Q(first=first.pk), file=row)
    last = versions.order_by("-number").first()
    if last is None:
        raise ElsewhereRow(subject=f"annotation:{newest.pk}", scope=row.case_id)
    if last.pk != newest.pk:
        raise EditedMeanwhile(subject=f"annotation:{first.pk}", scope=row.case_id, now=last.number)
    if last.is_withdrawn:
        raise NoteWithdrawn(subject=f"annotation:{first.pk}", scope=row.case_id)
    return first


def _next(newest: Annotation, first: Annotation, by: User) -> Annotation:
    return Annotation(
        case_id=newest.case_id, file=newest.file, first=first, number=newest.number + 1, created_by=by
    )


def _sound(row: FileObject, note: Note) -> None:
    if not note.text.strip() or len(note.text) > LONGEST_NOTE:
        raise NoteIncomplete(subject=subject(row.item), scope=row.case_id, field="text")
    if not note.is_sound():
        raise NoteIncomplete(subject=subject(row.item), scope=row.case_id, field="part")


def _recorded(version: Annotation, by: User, kind: Kind) -> Annotation:
    record(
        kind,
        by=by.staff_code,
        subject=subject(version.file.item),
        scope=version.case_id,
        facts={
            "number": version.file.item.exhibit_no,
            "file": str(version.file_id),
            "annotation": str(version.first_id or version.pk),
            "version": version.number,
        },
        rows=[version],
    )
    return version
