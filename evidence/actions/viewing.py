"""Opening files for people to look at.

Promise: each look, at a file or at its preview, is an entry of custody and a leaf, once for as long as one
look lasts; bytes that do not verify are never shown, and whoever meets them raises the alert. No page fetches
what nobody asked for, so that an entry means that somebody looked: a reader who has what is not graphic
uncovered asks for it by bringing it into view. Called by the media views in the door's
transaction; what is returned is streamed after its end.
"""

from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from cases.permissions import check
from cases.vocabulary import Permission
from evidence.actions.custody import append_custody, own_file, subject
from evidence.actions.fixity import fail_stored
from evidence.actions.looks import ONE_LOOK_SECONDS, Asking, Looks
from evidence.errors import FileUnusable, StoreOutOfReach
from evidence.models import CustodyEvent, EvidenceItem, FileObject, MediaRecord
from evidence.vocabulary import DRAWN, CopyKind, CustodyKind, FileFlag, FileState, FixityResult
from vault.errors import Damaged, Missing, NotVerified, StoreGone, VaultError
from vault.files import SealedReader, open_file
from vault.opening import open_row
from vault.vocabulary import Purpose

# A player that jumps asks for many ranges of what is one look; whoever covers a preview opens it again.
ONE_LOOK = timedelta(seconds=ONE_LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A file opened for looking at: its exhibit, its type as a decoder named it ("" while unknown), and the
    name it goes by outside, without its end.
    """

    item: EvidenceItem
    file: FileObject
    opened: SealedReader
    mime: str
    name: str


_looks: Looks[Shown] = Looks()


def open_content(
    *, by: User, case: UUID, item: UUID, file: UUID, goes_on: bool = False, session: str = ""
) -> Shown | None:
    """Open a file of an exhibit; None after raising the alert for bytes that do not verify.

    `goes_on` is a later range of a look that began: it is one entry of custody with that, and in the same
    `session` one leaf, while range follows range.
    """
    asking = Asking(session, by.pk, case, item, file)
    shown = _go_on(by, asking) if goes_on and session else None
    if shown is not None:
        return shown
    shown = _open_anew(by, asking, goes_on=goes_on)
    if shown is not None and session:
        _looks.keep(asking, shown)
    return shown


def _go_on(by: User, asking: Asking) -> Shown | None:
    """Open once more what is looked at; None, and no longer kept, where anything is not as it was.

    Grant and membership are asked with the file, in one question. That the membership carries our tag was
    seen by the policy of the view, in this transaction.
    """
    kept = _looks.going_on(asking)
    if kept is None:
        return None
    files = FileObject.objects.visible_to(by).exclude(flag=FileFlag.DAMAGED)
    same = {"check_state": kept.file.check_state, "stored": kept.file.stored_id}
    if files.filter(pk=asking.file, item=asking.item, case=asking.case, **same).exists():
        with suppress(VaultError, StoreGone):
            return replace(kept, opened=kept.opened.again())
    _looks.forget(asking)
    return None


def _open_anew(by: User, asking: Asking, *, goes_on: bool) -> Shown | None:
    exhibit = _visible(by, asking.case, asking.item)
    row = _usable(by, exhibit, asking.file)
    opened = _open(by, row)
    if opened is None:
        return None
    with ExitStack() as undoing:
        undoing.callback(opened.close)
        if not (goes_on and _is_looking(by, row)):
            append_custody(exhibit, CustodyKind.ACCESSED, by=by, kind=Kind.EVIDENCE_SERVED, file=row)
        shown = Shown(exhibit, row, opened, _mime(by, row), _name(exhibit, row))
        undoing.pop_all()
    return shown


def ask_again(*, by: User, shown: Shown) -> None:
    """Ask once more what opening asked: a look that goes on ends when the reader or the file may not."""
    _usable(by, _visible(by, shown.item.case_id, shown.item.pk), shown.file.pk)


def open_preview(
    *, by: User, case: UUID, item: UUID, file: UUID, kind: CopyKind = CopyKind.THUMBNAIL
) -> tuple[str, bytes] | None:
    """Open what we drew of a file, its preview or its overview, whole, with a name for it; None where there
    is none that verifies.

    The entry names the preview itself: whoever goes on to the original has looked at another file.
    """
    exhibit = _visible(by, case, item)
    original = _seen(by, exhibit, file)
    if original.flag == FileFlag.DAMAGED:
        return None
    previews = original.derivatives.filter(copy_kind=kind).exclude(flag=FileFlag.DAMAGED)
    row = previews.select_related("stored").first()
    opened = _open(by, row) if row is not None else None
    if row is None or opened is None:
        return None
    with opened:
        try:
            picture = b"".join(opened)
        except Damaged:
            note_damage(by=by, file=row)
            return None
    if not _is_looking(by, row):
        append_custody(exhibit, CustodyKind.ACCESSED, by=by, kind=Kind.EVIDENCE_SERVED, file=row)
    word = "preview" if kind == CopyKind.THUMBNAIL else kind.value
    return f"{_name(exhibit, original)}-{word}", picture


def note_damage(*, by: User, file: FileObject) -> None:
    """Say that bytes did not verify while somebody was reading them."""
    check(by, Permission.EVIDENCE_READ, file.case_id)
    fail_stored(file.stored_id, by=by, result=FixityResult.DAMAGED)


def _visible(by: User, case: UUID, item: UUID) -> EvidenceItem:
    check(by, Permission.EVIDENCE_READ, case)
    found = EvidenceItem.objects.visible_to(by).filter(pk=item, case=case).first()
    if found is None:
        raise ElsewhereRow(subject=f"evidence:{item}", scope=case)
    return found


def _seen(by: User, exhibit: EvidenceItem, file: UUID) -> FileObject:
    """A file that was made stricter than its exhibit does not exist for who may see the exhibit alone."""
    row = own_file(exhibit, file)
    if not FileObject.objects.visible_to(by).filter(pk=row.pk).exists():
        raise ElsewhereRow(subject=f"file:{file}", scope=exhibit.case_id)
    return row


def _usable(by: User, exhibit: EvidenceItem, file: UUID) -> FileObject:
    row = _seen(by, exhibit, file)
    if row.flag == FileFlag.DAMAGED:
        raise FileUnusable(subject=subject(exhibit), scope=exhibit.case_id, file=str(row.pk))
    return row


def _open(by: User, row: FileObject) -> SealedReader | None:
    try:
        return open_file(row.stored, reader=by.staff_code, purpose=Purpose.MEDIA)
    except Missing:
        fail_stored(row.stored_id, by=by, result=FixityResult.MISSING)
    except NotVerified:
        fail_stored(row.stored_id, by=by, result=FixityResult.DAMAGED)
    except StoreGone as gone:
        raise StoreOutOfReach(subject=f"file:{row.pk}", scope=row.case_id) from gone
    return None


def _is_looking(by: User, row: FileObject) -> bool:
    since = timezone.now() - ONE_LOOK
    looks = CustodyEvent.objects.filter(file=row, event=CustodyKind.ACCESSED, created_by=by)
    return looks.filter(created_at__gte=since).exists()


def _name(exhibit: EvidenceItem, row: FileObject) -> str:
    """The exhibit's number and the file's place in it: files of one exhibit never overwrite each other."""
    files = FileObject.objects.filter(item=exhibit.pk).exclude(copy_kind__in=DRAWN)
    earlier = Q(created_at__lt=row.created_at) | Q(created_at=row.created_at, id__lt=row.pk)
    return f"{exhibit.exhibit_no}-{files.filter(earlier).count() + 1}"


def _mime(by: User, row: FileObject) -> str:
    record = MediaRecord.newest_of([row.pk]).first()
    if record is None or row.check_state != FileState.CHECKED:
        return ""
    told = open_row(record, "metadata", reader=by.staff_code, purpose=Purpose.MEDIA).json("metadata")
    mime = told.get("mime") if isinstance(told, dict) else None
    return mime if isinstance(mime, str) else ""
