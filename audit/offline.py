"""Checks an exported log without the server: one file, Python and the package `cryptography` alone.

Promise: it believes nothing but the signer's public key and the checkpoints that you bring (from an export,
a receipt, a printed sheet, a partner). It is written apart from the server's own code, so that one mistake
is not made twice. Usage: python offline.py FOLDER [--key KEY] [--checkpoint FILE ...]

FOLDER holds `leaves` (one a line), `log.pub`, `checkpoints` and, if there are any, `leaf-hashes`. What you
bring yourself stands above what lies in the folder.
"""

import argparse
import base64
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTE = re.compile(
    "(?P<text>(?P<origin>[a-z0-9][a-z0-9./-]{0,99})\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)\n"
    "(?P<signatures>(?:\u2014 [^ +\\s]+ [A-Za-z0-9+/]+={0,2}\n)+)"
)


class NotBelieved(Exception):
    """A key or checkpoint that cannot be relied on."""


@dataclass(frozen=True)
class Verdict:
    """What was found. `first_bad` is the first leaf that is wrong, or the earliest that it can be."""

    leaves: int
    signed: int
    first_bad: int | None = None
    why: str = ""

    @property
    def sound(self) -> bool:
        return not self.why


def open_note(note: str, key: str) -> tuple[int, bytes]:
    """Return size and root of a checkpoint that `key` (name+id+base64) signed; raises `NotBelieved`."""
    name, key_id, value = key.strip().split("+", 2)
    raw = base64.b64decode(value, validate=True)
    made = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    match = NOTE.fullmatch(note)
    if len(raw) != 33 or raw[0] != 1 or made.hex() != key_id:
        raise NotBelieved("the key is malformed")
    if not match or match["origin"] != name:
        raise NotBelieved("a checkpoint is malformed, or of another log")
    root = base64.b64decode(match["root"])
    if base64.b64encode(root).decode() != match["root"]:
        raise NotBelieved("a checkpoint is malformed")
    found = 0
    for line in match["signatures"].splitlines():
        _, signer, text = line.split(" ")
        value_bytes = base64.b64decode(text)
        if signer == name and value_bytes[:4] == made:
            found += 1
            try:
                Ed25519PublicKey.from_public_bytes(raw[1:]).verify(value_bytes[4:], match["text"].encode())
            except InvalidSignature:
                raise NotBelieved("a checkpoint's signature does not verify") from None
    if found != 1:
        raise NotBelieved("a checkpoint is not signed by this log")
    return int(match["size"]), root


class Tree:
    """RFC 6962's tree as a stack of complete subtrees: (leaves in it, hash)."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, bytes]] = []
        self.size = 0

    def add(self, hashed: bytes) -> None:
        self.stack.append((1, hashed))
        self.size += 1
        while len(self.stack) > 1 and self.stack[-1][0] == self.stack[-2][0]:
            (_, right), (width, left) = self.stack.pop(), self.stack.pop()
            self.stack.append((2 * width, hashlib.sha256(b"\x01" + left + right).digest()))

    def root(self) -> bytes:
        if not self.stack:
            return hashlib.sha256().digest()
        root = self.stack[-1][1]
        for _, left in self.stack[-2::-1]:
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def examine(leaves: Iterable[bytes], notes: Iterable[str], key: str, hashes: bytes = b"") -> Verdict:
    """Hash the leaves again and compare them with every checkpoint; raises `NotBelieved` for a bad one.

    `hashes` are the signer's own leaf hashes, joined; they count only if they fit the largest checkpoint, and
    then name the exact leaf. Without them the fault lies between two checkpoints, and the earlier is named.
    """
    heads = _heads(notes, key)
    signed = max(heads)
    if not _fit(hashes, signed, heads[signed]):
        hashes = b""
    tree, good, wrong = Tree(), 0, None
    for leaf in leaves:
        hashed = hashlib.sha256(b"\x00" + leaf).digest()
        outside = hashes[tree.size * 32 : tree.size * 32 + 32]
        if wrong is None and outside and outside != hashed:
            wrong = tree.size
        tree.add(hashed)
        if tree.size in heads and wrong is None:
            if tree.root() != heads[tree.size]:
                return Verdict(tree.size, signed, good, "the leaves do not give the root that was signed")
            good = tree.size
    if wrong is not None:
        return Verdict(tree.size, signed, wrong, "not the leaf that was signed")
    if tree.size < signed:
        return Verdict(tree.size, signed, tree.size if hashes else good, "leaves that were signed are gone")
    return Verdict(tree.size, signed)


def _heads(notes: Iterable[str], key: str) -> dict[int, bytes]:
    heads: dict[int, bytes] = {}
    for note in notes:
        size, root = open_note(note, key)
        if heads.setdefault(size, root) != root:
            raise NotBelieved(f"two checkpoints of size {size} with different roots: the log was forked")
    if not heads:
        raise NotBelieved("no checkpoint to compare with")
    return heads


def _fit(hashes: bytes, size: int, root: bytes) -> bool:
    tree = Tree()
    for at in range(0, min(len(hashes), size * 32), 32):
        tree.add(hashes[at : at + 32])
    return tree.size == size and tree.root() == root


def split_notes(text: str) -> Iterator[str]:
    """Yield the notes of a history, which stand one after another."""
    place = 0
    while place < len(text):
        match = NOTE.match(text, place)
        if not match:
            raise NotBelieved("a checkpoint is malformed")
        yield match.group()
        place = match.end()


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            yield line.removesuffix(b"\n")


def main(arguments: list[str] | None = None) -> int:
    """Print the verdict; 0 sound, 1 not sound, 2 nothing to rely on."""
    parser = argparse.ArgumentParser(description="Checks an exported log without the server.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", help="the signer's public key as you know it")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="one that you hold")
    given = parser.parse_args(arguments)
    folder: Path = given.folder
    try:
        key = given.key or (folder / "log.pub").read_text()
        notes = [path.read_text() for path in given.checkpoint]
        notes += split_notes((folder / "checkpoints").read_text())
        known = folder / "leaf-hashes"
        verdict = examine(
            _lines(folder / "leaves"), notes, key, known.read_bytes() if known.exists() else b""
        )
    except (NotBelieved, OSError, ValueError) as trouble:
        sys.stdout.write(f"cannot be checked: {trouble}\n")
        return 2
    if verdict.sound:
        sys.stdout.write(f"sound: {verdict.leaves} leaves, {verdict.signed} of them signed\n")
        return 0
    sys.stdout.write(f"NOT SOUND, first bad leaf {verdict.first_bad}: {verdict.why}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
