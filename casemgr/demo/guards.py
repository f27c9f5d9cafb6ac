"""The demonstration's custodians: three people and two outside bodies, their keys in a folder here.

Everything that a real installation keeps apart lies together here, so that one newcomer can play everybody:
key files, the passphrase that opens them, and the fingerprint of the directory. The people guarded do not
exist.
"""

from pathlib import Path
from uuid import uuid4

from accounts.actions.directories import enter_directory
from accounts.custodians import demonstration_folder
from accounts.models import CustodianDirectory
from vault import diskfile
from vault.custodian import keyfile, words
from vault.custodian.directory import Directory, Kept, Member, Role, Signed
from vault.custodian.keyfile import KeyFile
from vault.custodian.keys import PrivateKeys

CUSTODIANS = ("CUS-01", "CUS-02", "CUS-03")
OUTSIDE_BODIES = ("BODY-01", "BODY-02")


def found() -> None:
    """Make the keys and put the first directory in force, where there is none."""
    if CustodianDirectory.objects.exists():
        return
    folder = demonstration_folder()
    _clear(folder)
    held = [KeyFile(uuid4(), code, PrivateKeys.new()) for code in (*CUSTODIANS, *OUTSIDE_BODIES)]
    directory = Directory(1, b"", tuple(_member(one) for one in held))
    signed = Signed(directory, ())
    for one in held:
        signed = signed.with_signature(directory.sign(one.id, one.keys))
    _write(folder, held, signed)
    enter_directory(by=None, paper=signed.write())


def _member(held: KeyFile) -> Member:
    if held.code in OUTSIDE_BODIES:
        return Member(held.id, held.code, Role.OUTSIDE_BODY, Kept.OFF_SERVER, held.keys.public)
    return Member(held.id, held.code, Role.CUSTODIAN, Kept.SERVER, held.keys.public)


def _write(folder: Path, held: list[KeyFile], signed: Signed) -> None:
    passphrase = words.draw()
    diskfile.create(folder / "passphrase", f"{passphrase}\n".encode())
    for one in held:
        sealed = keyfile.seal(one, words.typed(passphrase), keyfile.DEMONSTRATION)
        diskfile.create(folder / f"{one.code}.key", sealed)
        diskfile.create(folder / f"{one.code}.key.directory", signed.write())
    diskfile.create(folder / "founded", f"{signed.directory.digest.hex()}\n".encode())


def _clear(folder: Path) -> None:
    """Take away what a start left that was killed before its transaction ended: nothing is sealed to it."""
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
