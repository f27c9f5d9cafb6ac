"""The checker's own process: it walks routine chunks, as the database's role `checker`, without any key."""

import logging
import signal
import threading
import time
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from evidence.checking import walk
from evidence.vocabulary import RunKind
from vault.errors import RootKeyMissing, RootKeyRefused, StoreGone
from vault.keys import held

# A chunk is let go after so many seconds, and taken up again by whoever is free.
CHUNK_SECONDS: Final = 300.0
_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Looks at the sealed bytes of stored files until it is told to end. DATABASE_URL signs in as"
        " `checker`, ROOT_KEY_PROVIDER is `none`; as many of these as there are disks may run side by side."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks for work")
        parser.add_argument("--once", action="store_true", help="end when there is nothing to look at")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        _refuse_power()
        ended = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: ended.set())
        while not ended.is_set():
            if not _step() and (once or ended.wait(every)):
                return


def _step() -> bool:
    """Walk one chunk; tell whether there was one."""
    try:
        return walk(RunKind.ROUTINE, until=time.monotonic() + CHUNK_SECONDS)
    except StoreGone:
        _log.warning("files not checked: the store is not there")
    except Error as fault:
        _log.warning("files not checked: the database did not answer as it should (%s)", type(fault).__name__)
        connection.close()
    return False


def _refuse_power() -> None:
    """End before the first file where this process could do more than it must."""
    try:
        held.keys()
    except (RootKeyMissing, RootKeyRefused):
        pass
    else:
        raise CommandError("This process holds the root key and must not: set ROOT_KEY_PROVIDER=none.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, has_table_privilege('audit_event', 'INSERT')"
            " OR has_any_column_privilege('cases_case', 'SELECT')"
        )
        name, may_more = cursor.fetchone()
    if may_more:
        raise CommandError(f"DATABASE_URL signs in as {name}, who may do more than check: use `checker`.")
