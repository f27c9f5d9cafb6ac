"""The last check before a process serves: does it hold the root key that this database was sealed under?

Called by the web server, the worker and the scheduler as they start. One that holds another key would write
rows that nobody can open; so it ends, with one line, before it has touched any.
"""

import sys

from django.db import DatabaseError, connections

from vault.errors import VaultError
from vault.keys.startup import check_root_key


def cross() -> None:
    """End this process (exit code 3) unless its root key fits; the database is left alone."""
    try:
        check_root_key()
    except (VaultError, DatabaseError) as fault:
        # The line of a database error may name an address: its kind says enough to look further.
        # Celery turns `sys.stderr` into a log, which may be set to say less.
        said = str(fault) if isinstance(fault, VaultError) else ""
        print(f"not started: {said or type(fault).__name__}", file=sys.__stderr__)
        sys.exit(3)
    finally:
        connections.close_all()  # what forks from here must not share a connection
