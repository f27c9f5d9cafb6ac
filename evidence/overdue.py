"""What was not checked when it should have been: silence, noticed.

Promise: it asks the files themselves when they were last looked at, so that a run that never came, stopped
half way or passed files over is all the same to it. Called by pages, by what waits for people, and by the
doctor.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts.vocabulary import OwedState
from audit.authorities import AuthorityMisread
from audit.stamping import standing
from evidence.models import FileObject, IntegrityFinding, IntegrityRun, IntegritySchedule
from evidence.models.integrity import DEEP_DAYS, ROUTINE_DAYS
from evidence.vocabulary import FoundKind, RunKind
from vault.models import StoredFile

# The machine begins once a day and a run takes its time: later than this is too late.
GRACE_DAYS: Final = 1
# The schedule begins a run every day; so long may it be silent.
AWAKE_WITHIN: Final = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class House:
    """What is wrong with the checks themselves, and with files that belong to no case."""

    silent_since: datetime | None
    is_silent: bool
    strays: int
    packages: int
    waits_for_store: bool
    stamps_fail: bool

    @property
    def is_sound(self) -> bool:
        found = self.strays or self.packages
        return not (self.is_silent or found or self.waits_for_store or self.stamps_fail)


def overdue_files() -> "QuerySet[FileObject]":
    """Files that nobody looked at, or opened, for longer than their case's schedule and a day."""
    newest = IntegritySchedule.objects.filter(case=OuterRef("case")).order_by("-created_at")
    days = {
        name: Coalesce(Subquery(newest.values(name)[:1]), usual, output_field=IntegerField()) + GRACE_DAYS
        for name, usual in (("routine_days", ROUTINE_DAYS), ("deep_days", DEEP_DAYS))
    }
    day = timedelta(days=1)
    rows = FileObject.objects.filter(set_aside_at__isnull=True).annotate(**days)
    routine = rows.annotate(seen=Coalesce("checked_at", "created_at"))
    deep = rows.annotate(seen=Coalesce("deep_checked_at", "created_at"))
    late = routine.filter(seen__lt=Now() - F("routine_days") * day).values("pk")
    unopened = deep.filter(seen__lt=Now() - F("deep_days") * day).values("pk")
    return FileObject.objects.filter(pk__in=late) | FileObject.objects.filter(pk__in=unopened)


def is_overdue(case: UUID) -> bool:
    """Tell whether a case's files wait for a check that should have come."""
    return overdue_files().filter(case=case).exists()


def house() -> House:
    """How the checks stand, for who runs the system: counts and times, nothing of any case."""
    runs = IntegrityRun.objects.filter(case__isnull=True, kind=RunKind.ROUTINE).order_by("-created_at")
    last, done = runs.first(), runs.filter(state=OwedState.DONE).first()
    packages = IntegrityFinding.objects.filter(run=done, chunk__case__isnull=True).exclude(
        result=FoundKind.EXTRA
    )
    unfinished = IntegrityRun.objects.filter(state__in=[OwedState.OWED, OwedState.RUNNING])
    since = done.finished_at if done is not None else None
    # Before the first run came to its end, it waits since it began, or since there is something to look at.
    first = StoredFile.objects.order_by("created_at").values_list("created_at", flat=True).first()
    waits = since or (last.created_at if last is not None else first)
    return House(
        silent_since=since,
        is_silent=waits is not None and waits < timezone.now() - AWAKE_WITHIN,
        strays=(done.strays or 0) if done is not None else 0,
        packages=packages.count() if done is not None else 0,
        waits_for_store=unfinished.exclude(reason="").exists(),
        stamps_fail=_stamps_fail(),
    )


def _stamps_fail() -> bool:
    """An authority's stamps are late, or it is named in a way that cannot be used."""
    try:
        return any(one.is_late for one in standing())
    except AuthorityMisread:
        return True
