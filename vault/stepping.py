"""Stepping into the role of a guarded schema, for one statement of a transaction.

Promise: outside a transaction nothing is reached, and the role ends with the block: a query that is not meant
for the keystore cannot meet it by mistake. It is a wall against mistakes and stray SQL, not against a taken
process. Called by the vault only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import DatabaseError, connection

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
    except DatabaseError:
        # The transaction is lost to its last savepoint, and with it the role: there is nothing to put back.
        raise
    except BaseException:
        if not connection.needs_rollback:
            _leave()
        raise
    else:
        _leave()


def _leave() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
