"""How far uploads have come, for their own sender.

Promise: nobody is told of another's upload, nor of one in an exhibit that they may not see; an upload that
has become a file is told of as complete. Called by the upload views, in the door's transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from evidence.models import EvidenceItem, FileObject, Upload
from vault.files import SEGMENT
from vault.opening import open_row, open_rows
from vault.vocabulary import Purpose


@dataclass(frozen=True, slots=True)
class Standing:
    """An upload as its sender may know it; `length` is None while it was not said, `expires` for a file."""

    offset: int
    length: int | None
    metadata: dict[str, str]
    expires: datetime | None


def standing_of(item: EvidenceItem, by: User, upload: UUID) -> Standing | None:
    """Tell of an upload, or of the file that it became; None where there is neither, or its time is over."""
    row = Upload.objects.filter(pk=upload, item=item.pk, created_by=by).first()
    if row is None:
        return _received(item, by, upload)
    if row.expires_at < timezone.now() or row.belongs_to != item.witness_id:
        return None
    told = open_row(row, "metadata", "length", reader=by.staff_code, purpose=Purpose.READ)
    length = int(told.text("length") or 0) or None
    return Standing(row.segments * SEGMENT, length, _metadata(told.json("metadata")), row.expires_at)


def open_uploads(
    item: EvidenceItem, by: User, address: Callable[[EvidenceItem, UUID], str]
) -> list[dict[str, object]]:
    """List one's own uploads of an exhibit that can be gone on with, the oldest first."""
    rows = Upload.objects.filter(item=item.pk, created_by=by, expires_at__gte=timezone.now())
    found = list(rows.order_by("created_at"))
    told = open_rows(found, "metadata", "length", reader=by.staff_code, purpose=Purpose.LIST)
    return [
        {
            "address": address(item, row.pk),
            "metadata": _metadata(told[row.pk].json("metadata")),
            "length": int(told[row.pk].text("length") or 0) or None,
            "offset": row.segments * SEGMENT,
            "expires": row.expires_at.isoformat(),
        }
        for row in found
    ]


def _received(item: EvidenceItem, by: User, upload: UUID) -> Standing | None:
    files = FileObject.objects.visible_to(by).filter(item=item.pk, created_by=by, upload_key=upload)
    file = files.first()
    if file is None:
        return None
    told = open_row(file, "filename", "length", reader=by.staff_code, purpose=Purpose.READ)
    length = int(told.text("length"))
    return Standing(length, length, {"filename": told.text("filename")}, None)


def _metadata(told: object) -> dict[str, str]:
    return told if isinstance(told, dict) else {}
