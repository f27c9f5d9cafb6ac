"""Leaves the newest time stamps as files, for whoever wants to verify them without us."""

from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.authorities import AuthorityMisread, authorities
from audit.models import Stamp
from audit.stamping import standing

_HOW: Final = """\
Each folder holds one authority's newest stamp: the checkpoint it is over, its answer, its certificates.

    openssl ts -verify -data checkpoint -in checkpoint.tsr -CAfile chain.pem

A checkpoint is a C2SP signed note: name of the log, count of its leaves, root of its tree, signature.
"""


class Command(BaseCommand):
    help = "Says how the time stamps stand, and writes the newest of each authority into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help="a folder that is not there yet")

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        try:
            known = list(authorities())
            stands = standing()
        except AuthorityMisread as misread:
            raise CommandError(str(misread)) from None
        for one in stands:
            newest = f"{one.newest.said_at:%Y-%m-%d %H:%M} UTC" if one.newest else "none yet"
            waits = f"; {one.waiting} wait since {one.since:%Y-%m-%d %H:%M} UTC" if one.since else ""
            self.stdout.write(f"{one.name}: newest {newest}{waits}{f' ({one.reason})' if one.reason else ''}")
        if folder is None:
            return
        try:
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            raise CommandError(f"{folder} is there already. Nothing was written.") from None
        written = 0
        for authority in known:
            rows = Stamp.objects.filter(owed__authority=authority.name).select_related("owed__checkpoint")
            stamp = rows.order_by("-owed__due_at").first()
            if stamp is not None:
                _write(folder / authority.name, stamp, authority.chain)
                written += 1
        (folder / "README").write_text(_HOW)
        self.stdout.write(f"{written} stamps written to {folder}")


def _write(there: Path, stamp: Stamp, chain: str) -> None:
    there.mkdir(mode=0o700)
    (there / "checkpoint").write_text(stamp.owed.checkpoint.note)
    (there / "checkpoint.tsr").write_bytes(bytes(stamp.token))
    (there / "chain.pem").write_text(chain)
