"""Two ways to hold the keys still.

Promise: whoever writes a key under the newest root, scope or epoch key holds `writing` to the end of the
transaction; a rotation ends only under `finishing`, when no such writer is left. Called by `vault.keys` only.
"""

from django.db import connection

from vault.errors import OutsideTransaction

_LOCK = 0x7661756C  # "vaul": one number for the whole database


def writing() -> None:
    """Keep rotations from ending until this transaction is over."""
    _take("pg_advisory_xact_lock_shared")


def finishing() -> None:
    """Wait until nobody writes keys, and keep them from it until this transaction is over."""
    _take("pg_advisory_xact_lock")


def _take(function: str) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
