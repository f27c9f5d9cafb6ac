"""Times that no calendar holds.

Promise: a row with a time that Python cannot name (`infinity`, the year 14645, a year before Christ) is read
like any other, with a far time in its place: too far to be meant, and near enough to be counted with and
shown in any zone. Whoever tags, signs or compares that row finds that it is not ours. Without it the driver
raises while it fetches, and one such row hides all the others. Called by the connection alone.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Final, TypeVar

from psycopg import DataError
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import (
    DateBinaryLoader,
    DateLoader,
    TimestampBinaryLoader,
    TimestampLoader,
    TimestamptzBinaryLoader,
    TimestamptzLoader,
)

EARLY: Final = datetime(1000, 1, 1, tzinfo=UTC)
LATE: Final = datetime(9000, 1, 1, tzinfo=UTC)

Day = TypeVar("Day", bound=date)


def read_any_time(adapters: AdaptersMap, zone: tzinfo | None) -> None:
    """Let these adapters read every time that PostgreSQL keeps; moments come in `zone`, as Django asks."""

    class Moment(_Moment):
        timezone = zone

    for name, loaders in (
        ("timestamptz", (Moment, _MomentInBytes)),
        ("timestamp", (_Clock, _ClockInBytes)),
        ("date", (_Day, _DayInBytes)),
    ):
        for loader in loaders:
            adapters.register_loader(name, loader)


class _Day(DateLoader):
    def load(self, data: Buffer) -> date:
        return _within(super().load, data, _is_early, EARLY.date(), LATE.date())


class _DayInBytes(DateBinaryLoader):
    def load(self, data: Buffer) -> date:
        return _within(super().load, data, _is_negative, EARLY.date(), LATE.date())


class _Clock(TimestampLoader):
    def load(self, data: Buffer) -> datetime:
        return _within(super().load, data, _is_early, _naive(EARLY), _naive(LATE))


class _ClockInBytes(TimestampBinaryLoader):
    def load(self, data: Buffer) -> datetime:
        return _within(super().load, data, _is_negative, _naive(EARLY), _naive(LATE))


class _Moment(TimestamptzLoader):
    """Django compares `timezone` with its own, and puts a loader of its own in the place of another's."""

    timezone: tzinfo | None = UTC

    def load(self, data: Buffer) -> datetime:
        found = _within(super().load, data, _is_early, EARLY, LATE)
        return found.replace(tzinfo=self.timezone)


class _MomentInBytes(TimestamptzBinaryLoader):
    def load(self, data: Buffer) -> datetime:
        return _within(super().load, data, _is_negative, EARLY, LATE)


def _within(
    read: Callable[[Buffer], Day], data: Buffer, is_early: Callable[[Buffer], bool], early: Day, late: Day
) -> Day:
    try:
        found = read(data)
    except DataError:
        return early if is_early(data) else late
    return min(max(found, early), late)


def _is_early(data: Buffer) -> bool:
    said = bytes(data)
    return said.startswith(b"-") or said.endswith(b"BC")


def _is_negative(data: Buffer) -> bool:
    return int.from_bytes(bytes(data), "big", signed=True) < 0


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
