"""The signer's folder: its key, what it signed last, every checkpoint before, and the hash of every signed
leaf.

Promise: it lies outside the database, so whoever rewrites the database cannot rewrite it too; it never
shrinks. The signer alone writes here; the verifier reads, and needs no key for it.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from audit.notes import BadNote, Head, Verifier
from audit.tree import HASH, Frontier

_CHUNK = 4_096
_NOTE_LINES = 5  # origin, size, root, blank, signature


class SignerLost(RuntimeError):
    """The signer's folder, key or memory is missing or damaged. It must be restored, never made anew."""


class Memory:
    """Files of the folder. The private key is read by the signer alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.LOG_SIGNER_DIR)
        self.key = self.folder / "key"
        self.public = self.folder / "log.pub"
        self.last = self.folder / "checkpoint"
        self.history = self.folder / "checkpoints"
        self.hashes = self.folder / "leaf-hashes"

    def create(self) -> None:
        """Make a key for a log that nobody has signed yet. The log's name holds the key's digest."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = Ed25519PrivateKey.generate()
        unnamed = Verifier("log", key.public_key())
        named = Verifier(f"casemgr/log/{sha256(unnamed.raw).hexdigest()[:16]}", key.public_key())
        _replace(self.key, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        _replace(self.public, f"{named.text()}\n".encode())

    def private(self) -> Ed25519PrivateKey:
        try:
            return Ed25519PrivateKey.from_private_bytes(self.key.read_bytes())
        except (OSError, ValueError):
            raise SignerLost("the signer's key cannot be read") from None

    def verifier(self) -> Verifier | None:
        """Return the public key, or None before the first signature."""
        return Verifier.parse(self.public.read_text()) if self.public.exists() else None

    def note(self) -> str | None:
        return self.last.read_text() if self.last.exists() else None

    def head(self) -> Head | None:
        """Return what was signed last, or None; raises `BadNote` where the file was touched."""
        verifier, note = self.verifier(), self.note()
        if note is None:
            return None
        if verifier is None:
            raise BadNote("a checkpoint without a key to check it by")
        return verifier.open(note)

    def notes(self) -> Iterator[str]:
        """Yield each signed note, oldest first; a last one that was cut short by a crash is left out."""
        if self.history.exists():
            lines = self.history.read_text().split("\n")
            for start in range(0, len(lines) - _NOTE_LINES, _NOTE_LINES):
                yield "\n".join(lines[start : start + _NOTE_LINES]) + "\n"

    def heads(self) -> Iterator[Head]:
        """Yield what was signed, smallest first; raises `BadNote` where the file was touched."""
        verifier = self.verifier()
        for note in self.notes():
            if verifier is None:
                raise BadNote("checkpoints without a key to check them by")
            yield verifier.open(note)

    def leaf_hashes(self) -> Iterator[bytes]:
        """Yield the hashes of the signed leaves, in order, many joined in each chunk."""
        if self.hashes.exists():
            with self.hashes.open("rb") as file:
                while chunk := file.read(HASH * _CHUNK):
                    yield chunk

    def tree(self) -> Frontier:
        """Return the tree that was signed; raises `SignerLost` where the hashes do not fit the checkpoint."""
        head = self.head()
        left = HASH * (head.size if head else 0)
        frontier = Frontier()
        for chunk in self.leaf_hashes():
            # A crash may have left hashes behind that were never signed.
            signed, left = chunk[:left], max(0, left - len(chunk))
            frontier.extend([signed[at : at + HASH] for at in range(0, len(signed), HASH)])
        if left or (head and frontier.root() != head.root):
            raise SignerLost("the leaf hashes do not fit the last checkpoint")
        return frontier

    def mend(self) -> None:
        """Put away what a crash left half done: hashes too many, a checkpoint missing from the history."""
        head, note = self.head(), self.note()
        if self.hashes.exists():
            os.truncate(self.hashes, min(self.hashes.stat().st_size, HASH * (head.size if head else 0)))
        kept = list(self.notes())
        if note is not None and (not kept or kept[-1] != note):
            _replace(self.history, "".join([*kept, note]).encode())

    def remember(self, note: str, hashes: bytes) -> None:
        """Keep a new checkpoint and the leaf hashes it adds: hashes first, so that a crash loses none."""
        _extend(self.hashes, hashes)
        _replace(self.last, note.encode())
        _extend(self.history, note.encode())


def _extend(path: Path, value: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, value: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
