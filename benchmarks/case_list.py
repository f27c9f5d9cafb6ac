"""The first page of my cases among 100,000 with 1,000,000 grants, beside one hand-written EXISTS.

Ours goes through the door, the queryset and row-level security; the yardstick asks as the tables' owner, for
whom there is no wall. Titles stay sealed on both sides: opening them is the path `open-fields`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from benchmarks import Benchmark, Pair
from cases.models import Case
from cases.models.sets import stored_permission
from cases.vocabulary import Permission
from tests.personas import make_person

CASES, PEOPLE, EACH = 100_000, 100, 2
GRANTED = (
    Permission.CASE_READ,
    Permission.WITNESS_READ,
    Permission.TESTIMONY_READ,
    Permission.INCIDENT_READ,
    Permission.EVIDENCE_READ,
)
PAGE, PAGES = 50, 20
TABLES = ("cases_case", "cases_membership", "cases_casegrant", "accounts_user")

_BY_HAND = """
    SELECT c.id, c.code, c.status FROM cases_case c
    WHERE EXISTS (
        SELECT FROM cases_casegrant g JOIN cases_membership m
            ON m.case_id = g.content_object_id AND m.user_id = g.user_id
        WHERE g.content_object_id = c.id AND g.user_id = %s AND g.permission_id = %s
          AND m.closed_at IS NULL AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now()))
    ORDER BY c.created_at DESC, c.id DESC LIMIT %s
"""


def _fill(people: list[User]) -> None:
    """Write the rows past the actions: what is measured is reading, and a million actions take an hour."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE people (n int PRIMARY KEY, id uuid)")
        cursor.executemany(
            "INSERT INTO people VALUES (%s, %s)", [(n, user.pk) for n, user in enumerate(people)]
        )
        cursor.execute(
            "INSERT INTO cases_case (id, code, prefix, title, situation, mandate, standard_of_proof,"
            " armed_conflict, status, retention_rule, revision, created_at, created_by_id)"
            " SELECT gen_random_uuid(), 'B-' || n, 'BEN', '', 'none', '', 'allegation_recorded', 'NIAC',"
            " 'open', 'permanent', 1, now() - n * interval '1 minute', %s FROM generate_series(1, %s) n",
            [people[0].pk, CASES],
        )
        cursor.execute(
            "INSERT INTO cases_membership (id, case_id, user_id, role, sees_strict, starts_at, granted_at,"
            " granted_by_id, tag)"
            " SELECT gen_random_uuid(), c.id, p.id, 'investigator', false, now() - interval '1 day',"
            " now() - interval '1 day', %s, ''"
            " FROM (SELECT id, row_number() OVER (ORDER BY code) AS n FROM cases_case) c"
            " CROSS JOIN generate_series(0, %s - 1) k"
            " JOIN people p ON p.n = (c.n * (1 + k * 6) + k) %% %s ON CONFLICT DO NOTHING",
            [people[0].pk, EACH, PEOPLE],
        )
        cursor.execute(
            "INSERT INTO cases_casegrant (permission_id, user_id, content_object_id)"
            " SELECT p, user_id, case_id FROM cases_membership CROSS JOIN unnest(%s::int[]) p",
            [[stored_permission(permission).pk for permission in GRANTED]],
        )
        cursor.execute("SELECT count(*) FROM cases_casegrant")
        row = cursor.fetchone()
        assert row
        assert row[0] > 0.97 * CASES * EACH * len(GRANTED)
        _settle(cursor)


def _settle(cursor: CursorWrapper) -> None:
    """Leave the tables as the database's own upkeep does: while it looks at one of them itself, a vacuum
    cannot mark what is there as seen by all, and half of the plans are others.
    """
    for _ in range(60):
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
        cursor.execute(
            "SELECT min(relallvisible::float / relpages) FROM pg_class WHERE oid = ANY (%s::regclass[])",
            [list(TABLES)],
        )
        if (cursor.fetchone() or (0,))[0] > 0.99:
            return
        time.sleep(1)
    raise RuntimeError("The tables do not settle.")


def _page(reader: User) -> list[Case]:
    with entering(reader, "bench"):
        return list(
            Case.objects.visible_to(reader).order_by("-created_at", "-id").only("code", "status")[:PAGE]
        )


def _by_hand(reader: User) -> list[tuple[object, ...]]:
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(_BY_HAND, [reader.pk, stored_permission(Permission.CASE_READ).pk, PAGE])
        return list(cursor.fetchall())


def _the_wall_is_in_the_plan(reader: User) -> None:
    """A page that is fast because a wall fell would be no figure at all."""
    with entering(reader, "bench"), connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT code FROM cases_case ORDER BY created_at DESC LIMIT 50")
        plan = "\n".join(str(line[0]) for line in cursor.fetchall())
    assert "reader_cases" in plan, plan


@contextmanager
def _prepare() -> Iterator[Pair]:
    people = [make_person(Role.INVESTIGATOR) for _ in range(PEOPLE)]
    _fill(people)
    reader = people[PEOPLE // 2]
    assert [case.pk for case in _page(reader)] == [row[0] for row in _by_hand(reader)]
    _the_wall_is_in_the_plan(reader)
    try:
        yield Pair(
            ours=lambda: [_page(reader) for _ in range(PAGES)],
            yardstick=lambda: [_by_hand(reader) for _ in range(PAGES)],
            per=lambda seconds: seconds / PAGES * 1e3,
        )
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("TRUNCATE cases_case CASCADE")


BENCHMARK = Benchmark(
    path="case-list",
    unit="ms a page",
    yardstick="one hand-written EXISTS without walls",
    target=2.0,
    prepare=_prepare,
)
