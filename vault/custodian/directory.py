"""Who the custodians are: one document, signed, that never goes back.

Promise: `follow` returns a directory only if the founders of the first signed it and each later one is signed
by two members of the one before, with its number one higher and its digest inside. Everything else is refused
with its reason: a lower or skipped number, one signer twice, a stranger's signature, a person or a key that
stands there twice, a weak key, a key kept on the server. Whoever can write the database can therefore add
nobody. Called by the server's actions, by its start and by the tool.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from vault.custodian import canonical, words
from vault.custodian.canonical import Reader, written
from vault.custodian.errors import DirectoryRefused, KeyRefused
from vault.custodian.keys import BOX_LENGTH, SIGNING_LENGTH, BoxKey, PrivateKeys, PublicKeys
from vault.custodian.pairs import Pair, pairs_of
from vault.envelope import encode
from vault.errors import NotVerified

SIGNERS: Final = 2
LIMIT: Final = 128 * 1024
_MOST_MEMBERS: Final = 16
_KIND: Final = "casemgr directory of custodians"
_DIGEST: Final = b"casemgr directory of custodians 1"
SIGNED_AS: Final = "directory"


class Role(StrEnum):
    """A custodian guards names; an outside body holds one half of the break-glass pair."""

    CUSTODIAN = "custodian"
    OUTSIDE_BODY = "outside-body"


class Kept(StrEnum):
    """Where a private key is kept. On the server lie the keys of a demonstration, and no others."""

    OFF_SERVER = "off-server"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Member:
    """One person, or one outside body."""

    id: UUID
    code: str
    role: Role
    kept: Kept
    keys: PublicKeys

    def facts(self) -> dict[str, canonical.Value]:
        """Return the member as it stands in a paper."""
        return {
            "id": str(self.id),
            "code": self.code,
            "role": self.role.value,
            "kept": self.kept.value,
            "box": written(self.keys.box.raw),
            "signing": written(self.keys.signing),
        }

    @staticmethod
    def read(reader: Reader) -> "Member":
        """Read what `facts` returned; raises `PaperRefused` or `DirectoryRefused`."""
        member_id, code = reader.id("id"), reader.text("code", longest=40)
        try:
            role, kept = Role(reader.text("role")), Kept(reader.text("kept"))
            keys = PublicKeys(BoxKey(reader.raw("box", BOX_LENGTH)), reader.raw("signing", SIGNING_LENGTH))
        except (ValueError, KeyRefused) as refused:
            raise DirectoryRefused(f"The entry of {code} is refused: {refused}") from None
        reader.end()
        return Member(member_id, code, role, kept, keys)


@dataclass(frozen=True, slots=True)
class Directory:
    """The document that is signed."""

    number: int
    previous: bytes  # the digest of the one before; empty in the first
    members: tuple[Member, ...]

    @property
    def custodians(self) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.role == Role.CUSTODIAN)

    @property
    def outside_bodies(self) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.role == Role.OUTSIDE_BODY)

    @property
    def pairs(self) -> list[Pair]:
        """Every pair to which a secret is split."""
        return list(pairs_of((one.id for one in self.custodians), (one.id for one in self.outside_bodies)))

    @property
    def box_keys(self) -> dict[UUID, BoxKey]:
        return {one.id: one.keys.box for one in self.members}

    @property
    def digest(self) -> bytes:
        """What is signed, pinned in the configuration and compared by voice."""
        return hashlib.sha256(encode(_DIGEST, canonical.encode(self._facts()))).digest()

    @property
    def words(self) -> str:
        return words.as_words(self.digest)

    def member(self, member_id: UUID) -> Member:
        """Return a member; raises `DirectoryRefused` for a stranger."""
        for one in self.members:
            if one.id == member_id:
                return one
        raise DirectoryRefused("Somebody named there is not in the directory.")

    def check(self, *, demonstration: bool = False) -> None:
        """Raise `DirectoryRefused` where the document contradicts itself or the rules."""
        if self.number < 1 or (self.number == 1) != (self.previous == b""):
            raise DirectoryRefused(
                "A directory has a number, and every one but the first names the one before."
            )
        if len(self.custodians) < SIGNERS:
            raise DirectoryRefused("A directory needs two custodians at least.")
        if len(self.outside_bodies) not in {0, 2}:
            raise DirectoryRefused("The break-glass pair is two outside bodies, or nobody.")
        if len(self.members) > _MOST_MEMBERS:
            raise DirectoryRefused(f"A directory has {_MOST_MEMBERS} members at most.")
        for what in (
            [one.id for one in self.members],
            [one.code for one in self.members],
            [one.keys.box.raw for one in self.members],
            [one.keys.signing for one in self.members],
        ):
            if len(set(what)) != len(what):
                raise DirectoryRefused("The same person or the same key stands there twice.")
        on_server = [one for one in self.members if one.kept == Kept.SERVER]
        if any(one.role == Role.OUTSIDE_BODY for one in on_server):
            raise DirectoryRefused("An outside body keeps its key outside.")
        if on_server and not demonstration:
            raise DirectoryRefused("No custodian's key may lie on the server.")

    def write(self, signatures: Iterable["Signature"] = ()) -> bytes:
        """Return the paper: the document with its signatures."""
        signed = sorted(signatures, key=lambda one: str(one.by))
        return canonical.encode(
            {
                "kind": _KIND,
                "directory": self._facts(),
                "signatures": [{"by": str(one.by), "signature": written(one.raw)} for one in signed],
            }
        )

    def sign(self, member_id: UUID, keys: PrivateKeys) -> "Signature":
        """Sign the document; who may is judged by `follow`."""
        return Signature(member_id, keys.sign(SIGNED_AS, self.digest))

    def _facts(self) -> dict[str, canonical.Value]:
        members = sorted(self.members, key=lambda one: str(one.id))
        return {
            "number": self.number,
            "previous": self.previous.hex(),
            "members": [one.facts() for one in members],
        }


@dataclass(frozen=True, slots=True)
class Signature:
    """One member's signature on a directory."""

    by: UUID
    raw: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A directory as it was read, its signatures not yet judged."""

    directory: Directory
    signatures: tuple[Signature, ...]

    def write(self) -> bytes:
        return self.directory.write(self.signatures)

    def with_signature(self, signature: Signature) -> "Signed":
        """Add a signature, in the place of an older one of the same member."""
        others = tuple(one for one in self.signatures if one.by != signature.by)
        return Signed(self.directory, (*others, signature))


def read(raw: bytes) -> Signed:
    """Read a paper; who signed is judged by `follow`. Raises `PaperRefused` or `DirectoryRefused`."""
    reader = Reader(canonical.decode(raw, limit=LIMIT))
    if reader.text("kind") != _KIND:
        raise DirectoryRefused("This is not a directory of custodians.")
    inner, listed = reader.part("directory"), reader.list("signatures", most=_MOST_MEMBERS)
    reader.end()
    number, previous = inner.number("number"), inner.text("previous", longest=64, may_be_empty=True)
    members = tuple(Member.read(Reader(one)) for one in inner.list("members", most=_MOST_MEMBERS))
    inner.end()
    try:
        directory = Directory(number, bytes.fromhex(previous), members)
    except ValueError:
        raise DirectoryRefused("The digest of the directory before is not one.") from None
    signed = Signed(directory, tuple(_signature(Reader(one)) for one in listed))
    if signed.write() != raw:
        raise DirectoryRefused("The members or signatures do not stand in their order.")
    return signed


def _signature(reader: Reader) -> Signature:
    signature = Signature(reader.id("by"), reader.raw("signature", 64))
    reader.end()
    return signature


def follow(
    papers: Sequence[Signed],
    *,
    founding: bytes,
    highest: int = 0,
    demonstration: bool = False,
) -> Directory:
    """Walk from the first directory, whose digest is `founding`, to the last and return it.

    `highest` is the highest number seen before: a chain that ends below it is refused. Raises
    `DirectoryRefused`.
    """
    if not papers:
        raise DirectoryRefused("There is no directory.")
    before: Directory | None = None
    for signed in papers:
        if before is None and signed.directory.digest != founding:
            raise DirectoryRefused("The first directory is not the one that was founded.")
        check_next(signed, before, demonstration=demonstration)
        before = signed.directory
    last = papers[-1].directory
    if last.number < highest:
        raise DirectoryRefused(f"Directory {last.number} is older than {highest}, which was seen before.")
    return last


def check_next(signed: Signed, before: Directory | None, *, demonstration: bool = False) -> None:
    """Raise `DirectoryRefused` unless `signed` may follow `before` (None: be the first)."""
    directory = signed.directory
    directory.check(demonstration=demonstration)
    if directory.number != (before.number + 1 if before else 1):
        raise DirectoryRefused(
            f"Directory {directory.number} does not follow {before.number if before else 0}."
        )
    if before is not None and directory.previous != before.digest:
        raise DirectoryRefused("The directory names another one as the one before.")
    judges = before or directory
    signers = [one.by for one in signed.signatures]
    if len(set(signers)) != len(signers):
        raise DirectoryRefused("The same person signed twice.")
    for signature in signed.signatures:
        member = judges.member(signature.by)
        try:
            member.keys.verify(signature.raw, SIGNED_AS, directory.digest)
        except NotVerified:
            raise DirectoryRefused(f"The signature of {member.code} is not on this directory.") from None
    needed = SIGNERS if before else len(directory.members)
    if len(signers) < needed:
        raise DirectoryRefused(f"The directory has {len(signers)} of {needed} signatures.")


def held_since(chain: Sequence[Directory]) -> dict[UUID, int]:
    """Return, for each member of the last directory, the number from which on they hold their present key.

    What was encrypted to them under an earlier number went to a key that is gone.
    """
    found: dict[UUID, int] = {}
    for member in chain[-1].members:
        number = chain[-1].number
        for earlier in reversed(chain):
            if not any(one.id == member.id and one.keys == member.keys for one in earlier.members):
                break
            number = earlier.number
        found[member.id] = number
    return found
