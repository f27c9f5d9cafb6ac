"""Checkpoints as C2SP signed notes (tlog-checkpoint over signed-note, Ed25519).

Promise: a checkpoint has one spelling; anything else is refused, since two readers of a loose form can be
shown two things. Reads and writes text alone; the signer holds the key.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ED25519 = b"\x01"
_LONGEST = 4096
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME = re.compile(r"[a-z0-9][a-z0-9./-]{0,99}")
_SIGNATURE = re.compile("\u2014 (?P<name>[^ +\\s]+) (?P<value>[A-Za-z0-9+/]+={0,2})")


class BadNote(ValueError):
    """Not a checkpoint of this log in its one spelling, or not signed by its key."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: this log, at this size, has this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a signer: its name, which is also the log's origin, and its key."""

    name: str
    key: Ed25519PublicKey

    @property
    def raw(self) -> bytes:
        return self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.raw).digest()[:4]

    def text(self) -> str:
        """Return the key as a C2SP verifier key: name+id+base64."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.raw).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        name, _, rest = text.strip().partition("+")
        key_id, _, value = rest.partition("+")
        raw = _decode(value)
        if not _NAME.fullmatch(name) or len(raw) != 33 or raw[:1] != _ED25519:
            raise BadNote("not a verifier key")
        made = cls(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
        if made.key_id.hex() != key_id:
            raise BadNote("the key's id does not fit it")
        return made

    def open(self, note: str) -> Head:
        """Return what `note` says; raises `BadNote` if it is misspelled or another signed it."""
        body, signatures = _halves(note)
        ours = [value for name, value in signatures if name == self.name and value[:4] == self.key_id]
        if len(ours) != 1:
            raise BadNote("not signed by this log")
        try:
            self.key.verify(ours[0][4:], body.encode())
        except InvalidSignature:
            raise BadNote("the signature does not verify") from None
        head = _head(body)
        if head.origin != self.name:
            raise BadNote("of another log")
        return head


def sign(head: Head, key: Ed25519PrivateKey) -> str:
    """Return the signed note for `head`; the signer's name is the origin."""
    verifier = Verifier(head.origin, key.public_key())
    body = head.text()
    value = base64.b64encode(verifier.key_id + key.sign(body.encode())).decode()
    return f"{body}\n\u2014 {head.origin} {value}\n"


def _decode(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("not base64") from None
    if base64.b64encode(value).decode() != text:
        raise BadNote("base64 in another spelling")
    return value


def _halves(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Split into the signed text and its signatures."""
    if len(note) > _LONGEST or any(ord(letter) < 32 and letter != "\n" for letter in note):
        raise BadNote("too long, or a control character")
    body, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise BadNote("no signature, or no end of line")
    signatures = []
    for line in tail[:-1].split("\n"):
        match = _SIGNATURE.fullmatch(line)
        if not match:
            raise BadNote("not a signature line")
        value = _decode(match["value"])
        if len(value) <= 4:
            raise BadNote("a signature without a key id")
        signatures.append((match["name"], value))
    return body + "\n", signatures


def _head(body: str) -> Head:
    lines = body.split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadNote("a checkpoint has three lines: origin, size, root")
    origin, size, root = lines[:3]
    if not _NAME.fullmatch(origin) or not _SIZE.fullmatch(size):
        raise BadNote("not an origin and a size")
    hashed = _decode(root)
    if len(hashed) != 32:
        raise BadNote("not a root")
    return Head(origin, int(size), hashed)
