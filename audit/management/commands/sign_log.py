"""The signer's own process."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import signing
from audit.memory import SignerLost
from audit.notes import BadNote
from audit.signer import Signer, SignerBusy
from audit.verifying import check_last


class Command(BaseCommand):
    help = "Seals the log in batches and signs checkpoints of it until it is told to end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two batches")
        parser.add_argument("--once", action="store_true", help="seal and sign once, then end")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        for finding in check_last().findings:
            self.stderr.write(f"log: {finding}")
        try:
            with Signer() as signer:
                if once:
                    refused = signing.step(signer)
                    if refused:
                        raise CommandError(f"Not signed: {refused}")
                    return
                signing.run(signer, pause=every, ended=_ended())
        except (SignerBusy, SignerLost, BadNote) as trouble:
            raise CommandError(f"The log cannot be signed: {trouble}.") from None


def _ended() -> threading.Event:
    """Return what is set when the process is asked to end."""
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    return ended
