"""Leave the demonstration's export in a folder, with everything needed to open and check it by hand.

Refused outside a demonstration: there a recipient's identity never lies on our side.
"""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.actions.installation import is_demonstration
from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.refusals import Refusal
from casemgr.demo.sending import IDENTITY
from exports.actions.delivery import fetch_for_officer, open_letters
from exports.models import Export
from exports.package.signing import public_pem
from exports.signer import signing_key
from exports.vocabulary import DELIVERABLE
from vault.errors import VaultError

_HOW = """\
Opened and checked with age, unzip, bagit.py, sha512sum and openssl alone:

  age -d -i {identity} -o {number}.zip {number}.zip.age
  openssl pkeyutl -verify -pubin -inkey signer.pem -rawin \\
    -in {number}.statement.txt -sigfile {number}.statement.sig
  sha512sum {number}.zip            # compare with the last line of {number}.statement.txt
  unzip -q {number}.zip
  bagit.py --validate {number}
  cd {number} && sha512sum -c manifest-sha512.txt
"""


class Command(BaseCommand):
    """Fetches as the disclosure officer does: consents are asked, and the fetching is an event."""

    help = "Leave the demonstration's package, its recipient's identity and the signer's key in OUT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("out", type=Path, help="folder; made where it is missing")

    def handle(self, *_args: object, **options: Path) -> None:
        """Write the files and say how to open them."""
        if not is_demonstration():
            raise CommandError("This is no demonstration: its packages are fetched by people, on the pages.")
        identity = settings.DATA_DIR / IDENTITY
        if not identity.exists():
            raise CommandError(
                "The demonstration's recipient has no identity file: load the demonstration first."
            )
        out = options["out"].resolve()
        out.mkdir(parents=True, exist_ok=True)
        try:
            number = self._fetch(out)
        except (Refusal, VaultError) as error:
            raise CommandError(f"Nothing was written: {type(error).__name__}.") from None
        _write(out / IDENTITY, identity.read_bytes())
        how = _HOW.format(number=number, identity=IDENTITY)
        _write(out / "HOW-TO-CHECK.txt", how.encode())
        self.stdout.write(f"{number} lies in {out}\n\n{how}")

    def _fetch(self, out: Path) -> str:
        """Fetch the newest package as the first disclosure officer who sees one; return its number."""
        for officer in User.objects.filter(is_active=True).order_by("staff_code"):
            with entering(officer, "demo-export"):
                if not officer.has_role(Role.DISCLOSURE_OFFICER):
                    continue
                export = Export.objects.filter(state__in=DELIVERABLE).order_by("-state_at").first()
                if export is None:
                    continue
                target = out / f"{export.number}.zip.age"
                with fetch_for_officer(by=officer, export=export) as package, target.open("wb") as file:
                    file.writelines(package)
                letters = open_letters(export, reader=officer.staff_code)
                _write(out / f"{export.number}.statement.txt", letters.statement)
                _write(out / f"{export.number}.statement.sig", letters.signature)
                _write(out / f"{export.number}.receipt.txt", letters.receipt)
                _write(out / "signer.pem", public_pem(signing_key()))
                return export.number
        raise CommandError("There is no finished export in this demonstration yet.")


def _write(path: Path, content: bytes) -> None:
    """Write for the owner alone: one of these files opens the others."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
