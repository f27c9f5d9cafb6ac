"""The process that holds the processes of identity sessions."""

import fcntl
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from cases.keeper import Keeper

_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Holds the processes in which names are compared until it is told to end. It runs once: sessions that"
        " an earlier run held have failed, since their keys were in its children's memory alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks")

    def handle(self, *args: Any, every: float, **options: Any) -> None:
        lock = _alone()
        ended = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: ended.set())
        keeper = Keeper()
        try:
            while not ended.is_set():
                _step(keeper)
                ended.wait(every)
        finally:
            keeper.close()
            os.close(lock)


def _step(keeper: Keeper) -> None:
    try:
        keeper.step()
    except Error as fault:
        _log.warning("sessions wait: the database did not answer as it should (%s)", type(fault).__name__)
        connection.close()


def _alone() -> int:
    """Two keepers would each end the other's sessions. Raises `CommandError`."""
    path = Path(settings.DATA_DIR) / "sessions.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise CommandError("Another program holds the sessions of this installation.") from None
    return lock
