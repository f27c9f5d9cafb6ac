"""Codes and numbers: random where a code must tell nothing, counted where a register wants no gaps."""

import secrets

from django.db import connection

from cases.models import Case
from cases.vocabulary import Series

# Without 0, 1, I, L, O and U: read aloud or written by hand, no two look alike.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_code(prefix: str) -> str:
    """Return a code like `W-7K3Q`; 810,000 there are, and the table's constraint refuses a second of one."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(4))}"


def next_number(case: Case, series: Series) -> str:
    """Return the next number of a series, such as `BAN-WT-0001`; the counter is locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_casecounter (case_id, series, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (case_id, series) DO UPDATE SET last = cases_casecounter.last + 1 RETURNING last",
            [case.pk, series.value],
        )
        row = cursor.fetchone()
    return f"{case.prefix}-{series.value}-{row[0]:04d}"
