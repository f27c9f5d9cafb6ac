"""Setting aside what is lost.

Promise: a file whose stored bytes are gone or changed is given up by a person who answers for the bytes of
the case, with a reason, in custody and log; it cannot be undone. The file stays on record and is never shown,
sent or verified again; its exhibit waits for it no more, and is verified no more if it rested on it. Called
by the integrity pages.
"""

from django.utils import timezone

from accounts.models import User
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow
from evidence.actions.custody import append_custody, guarded, subject
from evidence.actions.fixity import close_alert, release_sound
from evidence.actions.verification import reopen_for_loss
from evidence.errors import NothingLost, ReasonMissing
from evidence.models import FileObject, FixityCheck
from evidence.vocabulary import CustodyKind, FileFlag


def set_aside(*, by: User, file: FileObject, reason: str) -> FileObject:
    """Give a damaged or lost file up. The reason answers its alert, if one is open.

    Raises `NothingLost` for a file that is not flagged as damaged, or was set aside before.
    """
    item = guarded(file.item, by)
    files = FileObject.objects.select_related("stored").select_for_update(of=("self",))
    row = files.filter(pk=file.pk, item=item.pk).first()
    if row is None:
        raise ElsewhereRow(subject=f"file:{file.pk}", scope=item.case_id)
    if row.flag != FileFlag.DAMAGED or row.set_aside_at is not None:
        raise NothingLost(subject=subject(item), scope=item.case_id, file=str(row.pk))
    said = reason.strip()
    if not said:
        raise ReasonMissing(subject=subject(item), scope=item.case_id, file=str(row.pk))
    row.seal(set_aside_reason=said)
    row.set_aside_at, row.set_aside_by = timezone.now(), by
    row.save(update_fields=["set_aside_reason", "set_aside_at", "set_aside_by"])
    append_custody(item, CustodyKind.SET_ASIDE, by=by, kind=Kind.EVIDENCE_SET_ASIDE, file=row, rows=[row])
    alerts = FixityCheck.objects.select_for_update(of=("self",)).filter(file=row.pk, closed_at__isnull=True)
    for alert in alerts:
        close_alert(alert, item, by=by, answer=said)
    reopen_for_loss(item, row, by=by, reason=said)
    release_sound(item, by=by)
    return row
