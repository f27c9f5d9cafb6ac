"""Two ways to hold the keys still.

Promise: whoever writes a key under the newest root, scope or epoch key holds `writing` to the end of the
transaction; a rotation ends only under `finishing`, when no such writer is left. Called by `vault.keys` only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from vault.errors import OutsideTransaction, RotationRunning

_LOCK = 0x7661756C  # "vaul": one number for the whole database
_ROTATION = _LOCK + 1


def writing() -> None:
    """Keep rotations from ending until this transaction is over."""
    _take("pg_advisory_xact_lock_shared")


def finishing() -> None:
    """Wait until nobody writes keys, and keep them from it until this transaction is over."""
    _take("pg_advisory_xact_lock")


@contextmanager
def rotating() -> Iterator[None]:
    """Be the only rotation: two at once could wrap a row under a key that the other gives up.

    Raises `RotationRunning`. The database lets go of it when the connection ends, however it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ROTATION])
        row = cursor.fetchone()
    if row != (True,):
        raise RotationRunning
    try:
        yield
    finally:
        if not connection.needs_rollback and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ROTATION])


def _take(function: str) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
