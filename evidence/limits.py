"""How much may come in: one file, one case, one disk. Asked before the first byte of an upload, and again
for a case before its last.
"""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Sum

from evidence.errors import FileTooLarge, QuotaReached, StorageFull
from vault.models import StoredFile
from vault.vocabulary import ScopeKind


def check_room(case: UUID, length: int | None) -> None:
    """Raise `FileTooLarge`, `QuotaReached` or `StorageFull`."""
    wanted = length or 0
    if wanted > settings.MAX_UPLOAD:
        raise FileTooLarge(scope=case, limit=settings.MAX_UPLOAD)
    check_quota(case, wanted)
    if _free_space() - wanted < settings.FREE_SPACE_KEPT:
        raise StorageFull(scope=case, kept=settings.FREE_SPACE_KEPT)


def check_quota(case: UUID, length: int) -> None:
    """Raise `QuotaReached` when the case's files and this one are more than a case may hold."""
    files = StoredFile.objects.filter(scope_kind=ScopeKind.CASE, scope_id=case)
    used: int = files.aggregate(used=Sum("sealed_size"))["used"] or 0
    if used + length > settings.CASE_QUOTA:
        raise QuotaReached(scope=case, limit=settings.CASE_QUOTA)


def _free_space() -> int:
    folder = Path(settings.MEDIA_STORE)
    while not folder.exists():  # made with the first file
        folder = folder.parent
    return shutil.disk_usage(folder).free
