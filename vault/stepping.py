"""Stepping into the role of a guarded schema, for one statement of a transaction.

Promise: outside a transaction nothing is reached, and the role ends with the block: a query that is not meant
for the keystore cannot meet it by mistake. It is a wall against mistakes and stray SQL, not against a taken
process. Called by the vault only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import connection
from psycopg.pq import TransactionStatus

from vault.errors import OutsideTransaction


class Guarded(StrEnum):
    """A schema and the role of its name."""

    KEYSTORE = "keystore"
    IDENTITY = "identity"


@contextmanager
def stepping_into(schema: Guarded) -> Iterator[None]:
    """Be the schema's role for the length of the block. Raises `OutsideTransaction`."""
    if not connection.in_atomic_block:
        raise OutsideTransaction
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {Guarded(schema).value}")
    try:
        yield
    finally:
        # In a transaction that failed there is nothing to put back: what undoes it undoes the role with it.
        if _is_sound():
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


def _is_sound() -> bool:
    if connection.needs_rollback or connection.connection is None:
        return False
    return bool(connection.connection.info.transaction_status == TransactionStatus.INTRANS)
