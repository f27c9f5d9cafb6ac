"""How much may come in: one file, one case, one disk.

Promise: what is held against one upload is held against those that arrive beside it. Before the first byte
everything is asked; while bytes arrive, the disk again and again; and before a file is kept, the case, whose
uploads then stand in line.
"""

from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from evidence.errors import FileTooLarge, QuotaReached, StorageFull
from vault.files import free_space
from vault.models import StoredFile
from vault.vocabulary import ScopeKind

# The disk is asked again after so many bytes: uploads that began together were all told that there is room.
ASK_AGAIN_BYTES = 16 << 20


def check_room(case: UUID, length: int | None) -> None:
    """Raise `FileTooLarge`, `QuotaReached` or `StorageFull`."""
    wanted = length or 0
    if wanted > settings.MAX_UPLOAD:
        raise FileTooLarge(scope=case, limit=settings.MAX_UPLOAD)
    check_quota(case, wanted)
    check_space(case, wanted)


def check_space(case: UUID, wanted: int = 0) -> None:
    """Raise `StorageFull` when less than what must stay free would be left on the disk.

    A bucket does not tell how much it can take: it refuses what it cannot.
    """
    free = free_space()
    if free is not None and free - wanted < settings.FREE_SPACE_KEPT:
        raise StorageFull(scope=case, kept=settings.FREE_SPACE_KEPT)


def hold_quota(case: UUID, length: int) -> None:
    """Ask as `check_quota`; nobody else is answered about the case until this transaction ends.

    Two who asked at once would both be told that there is room. Called when the last byte is here: nobody
    waits for somebody else's slow connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(case.bytes[:8], signed=True)])
    check_quota(case, length)


def check_quota(case: UUID, length: int) -> None:
    """Raise `QuotaReached` when the case's files and this one are more than a case may hold."""
    files = StoredFile.objects.filter(scope_kind=ScopeKind.CASE, scope_id=case)
    used: int = files.aggregate(used=Sum("sealed_size"))["used"] or 0
    if used + length > settings.CASE_QUOTA:
        raise QuotaReached(scope=case, limit=settings.CASE_QUOTA)
