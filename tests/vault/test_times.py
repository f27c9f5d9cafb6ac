"""A time that no calendar holds is read as a far one, on every way from the database to here."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection, connections, models
from django.db.models.expressions import RawSQL
from django.utils import timezone

from audit.models import Checkpoint
from vault.postgresql.base import DatabaseWrapper
from vault.postgresql.times import EARLY, LATE

pytestmark = pytest.mark.django_db

WRITTEN = {
    "infinity": LATE,
    "-infinity": EARLY,
    "14645-04-12": LATE,
    "294276-12-31": LATE,
    "9999-12-31": LATE,
    "0044-03-15 BC": EARLY,
    "4000-01-01 BC": EARLY,
    "0001-01-01": EARLY,
    "2025-11-22": datetime(2025, 11, 22, tzinfo=UTC),
}


def shown_as(kind: str, moment: datetime) -> object:
    if kind == "timestamptz":
        return moment
    return moment.date() if kind == "date" else moment.replace(tzinfo=None)


@pytest.mark.parametrize("is_binary", [False, True])
@pytest.mark.parametrize("kind", ["timestamptz", "timestamp", "date"])
def test_every_time_is_read(kind: str, is_binary: bool) -> None:
    connection.ensure_connection()
    for written, moment in WRITTEN.items():
        asked = f"SELECT '{written}'::{kind}, ARRAY['{written}'::{kind}], NULL::{kind}"
        with connection.connection.cursor(binary=is_binary) as cursor:
            for _time in range(5):  # what is asked often is prepared
                found = cursor.execute(asked).fetchone()
                as_read = shown_as(kind, moment)
                assert found == (as_read, [as_read], None)
                assert type(found[0]) is type(as_read)


def test_every_connection_reads_so() -> None:
    for alias in settings.DATABASES:
        assert isinstance(connections[alias], DatabaseWrapper)


def test_a_far_time_can_be_counted_with_and_shown_in_any_zone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz, '-infinity'::timestamptz")
        for one in cursor.fetchone() or ():
            assert one.tzinfo is UTC
            for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Damascus"):
                assert timezone.localtime(one + timedelta(days=3650), ZoneInfo(zone)).strftime("%Y")


def test_one_such_row_hides_no_other() -> None:
    """Through a model, at once and piece by piece by a cursor of the server's."""
    for size, written in enumerate(("infinity", "2025-11-22", "-infinity"), start=1):
        moment: Any = RawSQL("%s::timestamptz", [written], output_field=models.DateTimeField())
        Checkpoint.objects.create(size=size, note="", signed_at=moment)
    rows = Checkpoint.objects.order_by("size")
    times = [LATE, datetime(2025, 11, 22, tzinfo=UTC), EARLY]
    assert [one.signed_at for one in rows] == times
    assert [one.signed_at for one in rows.iterator(chunk_size=1)] == times
    assert [one.date() for one in times] == list(rows.values_list("signed_at__date", flat=True))
    assert set(rows.dates("signed_at", "year")) == {date(one.year, 1, 1) for one in times}
