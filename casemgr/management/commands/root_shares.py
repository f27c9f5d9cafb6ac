"""Shares of the root key on paper: `root_shares make`, `check`, `recover`.

Any two of three outside bodies, none of whom holds a half of the break-glass key, and a backup bring the root
key back. The papers are printed and their files destroyed at once; nobody types them but to recover.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.custodians import directory_in_force
from vault import diskfile
from vault.errors import RecoveryRefused, VaultError
from vault.keys import held, recovery, sheets
from vault.keys.startup import check_root_key


class Command(BaseCommand):
    help = "Print the root key's shares for three outside bodies, check them, or recover the key from two."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        make = what.add_parser("make", help="draw new shares; those made before fit no more")
        make.add_argument("folder", type=Path, help="where the three sheets are written; best in memory")
        make.add_argument("--body", action="append", default=[], help="who keeps it; three times")
        check = what.add_parser("check", help="whether the file is up to date, and papers are true")
        check.add_argument("sheets", nargs="*", type=Path)
        recover = what.add_parser("recover", help="bring the root key back from two papers")
        recover.add_argument("sheets", nargs="+", type=Path)

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        path = Path(settings.ROOT_RECOVERY_FILE)
        try:
            if what == "make":
                self._make(path, options["folder"], options["body"])
            elif what == "check":
                self._check(path, options["sheets"])
            else:
                self._recover(path, options["sheets"])
        except VaultError as refused:
            raise CommandError(str(refused) or type(refused).__name__) from None

    def _make(self, path: Path, folder: Path, names: list[str]) -> None:
        named = {recovery.same_name(name) for name in names}
        if len(names) != len(recovery.BODIES) or len(named) != len(names) or "" in named:
            raise RecoveryRefused("Name three different bodies: --body A --body B --body C.")
        check_root_key()
        _hold_no_half(named)
        made, shares = recovery.make(held.reread(), [recovery.keeper(name) for name in names])
        day = timezone.localdate().isoformat()
        written = [folder / f"share-{share.body}.txt" for share in shares]
        if any(one.exists() for one in written):
            raise RecoveryRefused(f"There are sheets in {folder} already: print and destroy them first.")
        for share, name, target in zip(shares, names, written, strict=True):
            diskfile.create(target, sheets.sheet(share, " ".join(name.split()), day).encode())
        diskfile.replace(path, made.written())
        self.stdout.write(
            f"Three sheets of set {made.set_id} in {folder}. Print each, check it, destroy the files."
        )
        self.stdout.write(f"{path} goes into the daily backup; it is no secret.")

    def _check(self, path: Path, given: list[Path]) -> None:
        file = recovery.read(path)
        for share in _shares(given):
            file.check(share)
            self.stdout.write(f"The paper of body {share.body} is true.")
        if not file.holds(held.reread()):
            raise RecoveryRefused("The file of recovery holds another root key: `root_shares make` anew.")
        self.stdout.write(f"Set {file.set_id} brings back the root key that is in use.")

    def _recover(self, path: Path, given: list[Path]) -> None:
        keys = recovery.read(path).open(_shares(given))
        try:
            held.provider().create(keys)
        except FileExistsError:
            raise RecoveryRefused(
                f"There is a root key at {settings.ROOT_KEY_FILE} already. Nothing was changed."
            ) from None
        held.reread()
        try:
            check_root_key()
        except DatabaseError:
            self.stdout.write("The root key is back. The database was not asked: it is not in reach.")
            return
        self.stdout.write("The root key is back, and it is the one of this database.")


def _hold_no_half(named: set[str]) -> None:
    """Refuse who holds a half of the break-glass key: with both and a backup they open all without alarm."""
    with transaction.atomic():
        directory = directory_in_force()
    for body in directory.outside_bodies if directory else ():
        if recovery.same_name(body.code) in named:
            raise RecoveryRefused(f"{body.code} holds a half of the break-glass key: name another body.")


def _shares(given: list[Path]) -> list[recovery.Share]:
    try:
        return [sheets.parse(path.read_text()) for path in given]
    except (OSError, UnicodeDecodeError):
        raise RecoveryRefused("A paper's file cannot be read.") from None
