"""How far runs have come, as pages show it: read from their chunks, whoever walks them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from accounts.vocabulary import OwedState
from evidence.models import IntegrityChunk, IntegrityRun

MOST_RUNS: Final = 10
_FILES = Func(F("files"), function="cardinality", output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class Progress:
    """A run, or the part of it that concerns one case."""

    run: IntegrityRun
    files: int
    done: int
    failed: int
    started_at: datetime | None
    ended_at: datetime | None
    reason: str

    @property
    def left(self) -> int:
        return self.files - self.done

    @property
    def is_under_way(self) -> bool:
        """Its files are not all looked at, or what was found is not told yet."""
        return self.ended_at is None and self.run.state in (OwedState.OWED, OwedState.RUNNING)

    @property
    def state(self) -> str:
        if self.is_under_way:
            return OwedState.RUNNING
        return OwedState.FAILED if self.run.state == OwedState.FAILED else OwedState.DONE

    @property
    def state_word(self) -> str:
        return str(OwedState(self.state).label)

    @property
    def a_minute(self) -> int | None:
        """Files a minute since the first was begun; None before there is anything to divide."""
        if self.started_at is None or not self.done:
            return None
        seconds = ((self.ended_at or timezone.now()) - self.started_at).total_seconds()
        return round(self.done * 60 / seconds) if seconds >= 1 else None


def runs_of_case(case: UUID) -> list[Progress]:
    """The newest runs that looked, or look, at files of a case, each counted for that case alone."""
    rows = IntegrityChunk.objects.filter(case=case)
    asked = IntegrityRun.objects.filter(case=case, files=0).values_list("pk", flat=True)
    found = _progress(rows, IntegrityRun.objects.filter(Q(chunks__case=case) | Q(pk__in=asked)).distinct())
    return found[:MOST_RUNS]


def runs_of_house() -> list[Progress]:
    """The newest runs of the machine over everything that was due."""
    runs = IntegrityRun.objects.filter(case__isnull=True)
    return _progress(IntegrityChunk.objects.filter(run__case__isnull=True), runs)


def _progress(chunks: "QuerySet[IntegrityChunk]", runs: "QuerySet[IntegrityRun]") -> list[Progress]:
    newest = list(runs.select_related("by").order_by("-created_at", "-id")[:MOST_RUNS])
    counted: dict[UUID, dict[str, Any]] = {row["run"]: row for row in _counted(chunks, newest)}
    return [_line(run, counted.get(run.pk)) for run in newest]


def _counted(chunks: "QuerySet[IntegrityChunk]", runs: Iterable[IntegrityRun]) -> Iterable[dict[str, Any]]:
    rows = (
        chunks.filter(run__in=[run.pk for run in runs])
        .values("run")
        .annotate(
            listed=Sum(_FILES),
            walked=Sum("done"),
            bad=Sum("failed"),
            begun=Min("started_at"),
            told=Max("noted_at"),
            open=Count("pk", filter=Q(noted_at__isnull=True)),
            waits=Max("reason"),
        )
    )
    return [dict(row) for row in rows]


def _line(run: IntegrityRun, row: dict[str, Any] | None) -> Progress:
    if row is None:
        return Progress(run, 0, 0, 0, run.started_at, run.finished_at, run.reason)
    ended = None if row["open"] else row["told"]
    return Progress(
        run,
        row["listed"],
        row["walked"],
        row["bad"],
        row["begun"],
        ended,
        row["waits"] if row["open"] else "",
    )
