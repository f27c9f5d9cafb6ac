"""What the tool reads and writes: files, passphrases, and words that a person heard.

Promise: a file is never replaced; a passphrase is never an argument of the command line, where other programs
of the machine could read it.
"""

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path

from vault import diskfile
from vault.custodian import keyfile, words
from vault.custodian.directory import Directory
from vault.custodian.errors import CustodianError, DirectoryRefused, PaperRefused
from vault.custodian.keyfile import KeyFile
from vault.custodian.trust import load
from vault.passphrase import USUAL, Cost

_LARGEST = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Session:
    """What every command shares: how passphrases and words are asked for, and what work a key must cost."""

    passphrase_file: Path | None = None
    heard: str | None = None
    cost: Cost = USUAL
    demonstration: bool = False

    def passphrase(self, *, new: bool = False) -> bytes:
        """Return the passphrase, from its file or typed; a new one is typed twice."""
        if self.passphrase_file is not None:
            return words.typed(self.passphrase_file.read_text())
        first = words.typed(getpass.getpass("New passphrase: " if new else "Passphrase: "))
        if new and words.typed(getpass.getpass("The same again: ")) != first:
            raise CustodianError("The two passphrases differ. Nothing was made.")
        return first

    def hear(self, question: str) -> str:
        """Return the words that a person hears from another, by voice."""
        if self.heard is not None:
            return self.heard
        say(question)
        return input("> ")

    def key(self, path: Path) -> KeyFile:
        """Open a key file."""
        content = read(path)
        return keyfile.unseal(content, self.passphrase(), self.cost)

    def directory(self, key_path: Path, me: KeyFile) -> Directory:
        """Return the directory this key trusts, in which it must stand."""
        directory = load(seen_beside(key_path))
        if directory.member(me.id).keys != me.keys.public:
            raise DirectoryRefused("Your entry in the directory holds another key than this file.")
        return directory


def seen_beside(key_path: Path) -> Path:
    """Return where the trusted directory of a key lies."""
    return key_path.with_name(key_path.name + ".directory")


def read(path: Path) -> bytes:
    """Read a file, or refuse it in one line."""
    try:
        if path.stat().st_size > _LARGEST:
            raise PaperRefused(f"{path} is larger than any paper of custodians.")
        return path.read_bytes()
    except OSError as refused:
        raise PaperRefused(f"{path} cannot be read: {refused.strerror}.") from None


def write(path: Path, content: bytes) -> None:
    """Write a new file; a file that is there is never replaced."""
    try:
        diskfile.create(path, content)
    except FileExistsError:
        raise PaperRefused(f"{path} is there already: name another file. Nothing was written.") from None
    except OSError as refused:
        raise PaperRefused(f"{path} cannot be written: {refused.strerror}.") from None
    say(f"Written: {path}")


def say(*lines: str) -> None:
    """Print lines for the person at the machine."""
    for line in lines:
        sys.stdout.write(line + "\n")
