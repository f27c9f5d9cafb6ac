"""A secret that opens only to two custodians together.

For each pair, with a fresh r, the first member can open r and the second r xor secret; of both halves a
digest is kept, so that a false half is named. Each half is encrypted for exactly one place (`Binding.info`):
case, witness, version, pair, side and directory, with their codes, so that a server cannot show a custodian
one witness and send the half of another.

Promise: one member's halves say nothing of the secret; two members of a pair join it, or the member whose
half is false is named. The side is a role and not an order: what a newcomer may be given in clear is a second
half alone (see `repairing`), so a first half never leaves its owner but to the key of a request. Called by
the vault's sealing and by the tool.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import combinations
from secrets import token_bytes
from typing import Final
from uuid import UUID

from vault.custodian.errors import HalfRefused
from vault.custodian.keys import BoxKey, BoxSecret
from vault.envelope import encode
from vault.errors import NotVerified

LENGTH: Final = 32
_INFO: Final = b"casemgr identity half 1"
_DIGEST: Final = b"casemgr identity half digest 1"
_OTHER_MATTER: Final = b"casemgr matter 1"


class Side(IntEnum):
    """The first holds r, the second r xor secret."""

    FIRST = 0
    SECOND = 1


class Matter(StrEnum):
    """What a secret of custodians opens. What was sealed as one never opens as the other."""

    IDENTITY = "identity"
    CASE_LOCK = "case-lock"


@dataclass(frozen=True, slots=True)
class Subject:
    """One sealed version of who a witness is. Codes never change; a later version has its own secret.

    Or one lock of a case (`matter`): then id and code are the lock's.
    """

    case_id: UUID
    case_code: str
    witness_id: UUID
    witness_code: str
    version: int
    matter: Matter = Matter.IDENTITY

    def context(self, label: bytes) -> bytes:
        """Return the bytes that bind something to this version; another matter has a field more."""
        return encode(
            *((_OTHER_MATTER, self.matter.encode()) if self.matter is not Matter.IDENTITY else ()),
            label,
            self.case_id.bytes,
            self.case_code.encode(),
            self.witness_id.bytes,
            self.witness_code.encode(),
            self.version.to_bytes(8),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two different members; `first` holds the random half."""

    first: UUID
    second: UUID

    def __post_init__(self) -> None:
        if self.first == self.second:
            raise ValueError("A pair is two people.")

    def holder(self, side: Side) -> UUID:
        return self.second if side else self.first


@dataclass(frozen=True, slots=True)
class Binding:
    """What a half is bound to: nothing else opens it."""

    subject: Subject
    pair: Pair
    side: Side
    directory: int

    @property
    def holder(self) -> UUID:
        return self.pair.holder(self.side)

    @property
    def partner(self) -> UUID:
        return self.pair.holder(Side(1 - self.side))

    @property
    def other(self) -> "Binding":
        """The other half's."""
        return Binding(self.subject, self.pair, Side(1 - self.side), self.directory)

    @property
    def info(self) -> bytes:
        return self._context(_INFO)

    def digest_of(self, half: bytes) -> bytes:
        """Return the digest by which a half is known without showing it."""
        return hashlib.sha256(encode(self._context(_DIGEST), half)).digest()

    def _context(self, label: bytes) -> bytes:
        return encode(
            self.subject.context(label),
            self.pair.first.bytes,
            self.pair.second.bytes,
            bytes((self.side,)),
            self.directory.to_bytes(8),
        )


@dataclass(frozen=True, slots=True)
class Half:
    """One half as the server keeps it."""

    binding: Binding
    encrypted: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class OpenedHalf:
    """One half, opened by its holder."""

    binding: Binding
    half: bytes = field(repr=False)


def new_secret() -> bytes:
    """Return a fresh secret of custodians."""
    return token_bytes(LENGTH)


def pairs_of(custodians: Iterable[UUID], outside_bodies: Iterable[UUID] = ()) -> Iterator[Pair]:
    """Yield every pair of custodians, and the one pair of outside bodies; no pair mixes the two."""
    for members in (custodians, outside_bodies):
        yield from (Pair(*two) for two in combinations(sorted(members), 2))


def split(
    secret: bytes, subject: Subject, keys: dict[UUID, BoxKey], pairs: Iterable[Pair], directory: int
) -> list[Half]:
    """Return both halves of `secret` for each pair, encrypted to the members' `keys`."""
    if len(secret) != LENGTH:
        raise ValueError("A secret of custodians has 32 bytes.")
    found: list[Half] = []
    for pair in pairs:
        r = token_bytes(LENGTH)
        for side, half in ((Side.FIRST, r), (Side.SECOND, xor(r, secret))):
            binding = Binding(subject, pair, side, directory)
            found.append(encrypt_half(keys[binding.holder], OpenedHalf(binding, half)))
    return found


def encrypt_half(key: BoxKey, opened: OpenedHalf) -> Half:
    """Encrypt a half to its holder, with the digest by which it is known."""
    binding = opened.binding
    return Half(binding, key.encrypt(opened.half, binding.info), binding.digest_of(opened.half))


def open_half(half: Half, secret: BoxSecret) -> OpenedHalf:
    """Open a half with its holder's key; raises `HalfRefused` if it is not the one that was kept."""
    try:
        opened = secret.decrypt(half.encrypted, half.binding.info)
    except NotVerified:
        raise HalfRefused(half.binding.holder, "is not bound to this, or not encrypted to this key") from None
    return check_half(half, opened)


def check_half(half: Half, opened: bytes) -> OpenedHalf:
    """Raise `HalfRefused` unless `opened` is the half whose digest was kept."""
    right = half.binding.digest_of(opened)
    if len(opened) != LENGTH or not hmac.compare_digest(right, half.digest):
        raise HalfRefused(half.binding.holder, "is false: it is not the one that was kept")
    return OpenedHalf(half.binding, opened)


def join(halves: Sequence[OpenedHalf]) -> bytes:
    """Return the secret of two checked halves. Raises `ValueError` unless they are the two of one pair."""
    if len(halves) != 2 or halves[0].binding != halves[1].binding.other:
        raise ValueError("A secret is joined from the two halves of one pair.")
    return xor(halves[0].half, halves[1].half)


def xor(one: bytes, other: bytes) -> bytes:
    """Return two texts of one length, bit by bit exclusive or."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
