"""The root key, recovered by any two of three outside bodies.

A random secret lies nowhere but on paper: for each pair of bodies a fresh r, the first holds r, the second
r xor secret, so that one body's paper says nothing and any two join it. From the secret comes the private
half of an HPKE key; to its public half the root key is encrypted, in a file that anybody may keep, and again
at each rotation, without asking for the papers.

Promise: one paper, two papers of one body, papers of two sets, and a false half are each refused by name;
what is recovered is what was encrypted, or nothing. The file is no secret; with it and two papers the root
key is none either. Who keeps the papers stands in it as keyed digests alone: nobody who holds a half of the
break-glass key may keep one, and a thief is told no name. Called by `manage.py root_shares`, by the rotation
of the root key, and where a directory of custodians is taken over.
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from vault import diskfile
from vault.custodian.errors import KeyRefused
from vault.custodian.keys import BoxKey, BoxSecret
from vault.custodian.pairs import xor
from vault.envelope import encode
from vault.errors import NotVerified, RecoveryRefused
from vault.keys.root import RootKeys
from vault.macs import Domain, mac

BODIES: Final = (1, 2, 3)
_LENGTH: Final = 32
_BOX: Final = b"casemgr root recovery box 1"
_INFO: Final = b"casemgr root recovery 1"
_DIGEST: Final = b"casemgr root recovery half 1"


@dataclass(frozen=True, slots=True)
class Half:
    """What one body holds for one partner."""

    partner: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """One body's paper: its halves with each of the two others."""

    set_id: str
    body: int
    halves: tuple[Half, ...]

    def with_partner(self, partner: int) -> bytes:
        """Return the half for a partner; raises `RecoveryRefused`."""
        for half in self.halves:
            if half.partner == partner:
                return half.content
        raise RecoveryRefused(f"The paper of body {self.body} has no half with body {partner}.")


@dataclass(frozen=True, slots=True)
class Recovery:
    """The file beside the root key's: what the papers belong to, and the root key as it is now."""

    set_id: str
    public: BoxKey
    digests: dict[str, str]
    roots: tuple[str, ...]  # ids of the keys inside, to see whether it is up to date
    sealed: bytes
    keepers: tuple[str, ...]  # digests of the names of who keeps the papers

    def renewed(self, keys: RootKeys) -> "Recovery":
        """Return it with other root keys inside."""
        content = json.dumps(keys.as_facts()).encode()
        return Recovery(
            self.set_id,
            self.public,
            self.digests,
            tuple(str(one.id) for one in (keys.primary, *keys.older)),
            self.public.encrypt(content, _info(self.set_id)),
            self.keepers,
        )

    def holds(self, keys: RootKeys) -> bool:
        """Tell whether the keys inside are these."""
        return self.roots == tuple(str(one.id) for one in (keys.primary, *keys.older))

    def check(self, share: Share) -> None:
        """Raise `RecoveryRefused` unless a paper is one of this set and its halves are the ones printed."""
        if share.set_id != self.set_id:
            raise RecoveryRefused(
                f"The paper of body {share.body} is of set {share.set_id}; here is set {self.set_id}."
            )
        for half in share.halves:
            right = self.digests.get(_name(share.body, half.partner), "")
            if not hmac.compare_digest(_digest(self.set_id, share.body, half), right):
                raise RecoveryRefused(f"The half of body {share.body} with body {half.partner} is false.")

    def open(self, shares: Sequence[Share]) -> RootKeys:
        """Join two papers and return the root keys. Raises `RecoveryRefused`."""
        for share in shares:
            self.check(share)
        bodies = {share.body for share in shares}
        if len(bodies) < 2:
            raise RecoveryRefused("Papers of two different bodies are needed.")
        one, other = sorted(shares, key=lambda share: share.body)[:: len(shares) - 1]
        secret = xor(one.with_partner(other.body), other.with_partner(one.body))
        try:
            return RootKeys.from_facts(json.loads(_box(secret).decrypt(self.sealed, _info(self.set_id))))
        except NotVerified:
            raise RecoveryRefused("The papers fit together, and this file is not theirs.") from None

    def written(self) -> bytes:
        """Return the bytes of the file."""
        facts = {
            "version": 1,
            "set": self.set_id,
            "public": self.public.raw.hex(),
            "halves": self.digests,
            "roots": list(self.roots),
            "keepers": list(self.keepers),
            "sealed": self.sealed.hex(),
        }
        return json.dumps(facts).encode()


def make(keys: RootKeys, keepers: Sequence[str] = ()) -> tuple[Recovery, list[Share]]:
    """Draw a new secret; return the file and the three papers. Papers made before fit it no more.

    `keepers` are the digests of who will keep them, by `keeper`.
    """
    secret, set_id = token_bytes(_LENGTH), token_hex(4)
    held: dict[int, list[Half]] = {body: [] for body in BODIES}
    for first, second in combinations(BODIES, 2):
        r = token_bytes(_LENGTH)
        held[first].append(Half(second, r))
        held[second].append(Half(first, xor(r, secret)))
    shares = [Share(set_id, body, tuple(halves)) for body, halves in held.items()]
    digests = {
        _name(share.body, half.partner): _digest(set_id, share.body, half)
        for share in shares
        for half in share.halves
    }
    empty = Recovery(set_id, _box(secret).public, digests, (), b"", tuple(keepers))
    return empty.renewed(keys), shares


def read(path: Path) -> Recovery:
    """Read the file. Raises `RecoveryRefused`."""
    try:
        facts = json.loads(path.read_bytes())
        if facts["version"] != 1:
            raise RecoveryRefused("The file of recovery is of another version.")
        return Recovery(
            str(facts["set"]),
            BoxKey(bytes.fromhex(facts["public"])),
            {str(name): str(digest) for name, digest in facts["halves"].items()},
            tuple(map(str, facts["roots"])),
            bytes.fromhex(facts["sealed"]),
            tuple(map(str, facts.get("keepers", ()))),  # older files name nobody
        )
    except OSError:
        raise RecoveryRefused(f"There is no file of recovery at {path}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, KeyRefused):
        raise RecoveryRefused("The file of recovery is not one that this program wrote.") from None


def same_name(name: str) -> str:
    """A name as it is compared: however it is spaced, cased or composed."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def keeper(name: str) -> str:
    """The digest by which somebody is known to keep a paper; without the root key it tells no name."""
    return mac(Domain.KEEPERS, same_name(name).encode()).hex()


def keepers_among(path: Path, names: Iterable[str]) -> list[str]:
    """Return which of these names keep a paper, by the file at `path`; none where there is no such file."""
    if not path.exists():
        return []
    kept = set(read(path).keepers)
    return [name for name in names if keeper(name) in kept]


def renew(path: Path, keys: RootKeys) -> None:
    """Put other root keys into the file, where there is one."""
    if path.exists():
        diskfile.replace(path, read(path).renewed(keys).written())


def _box(secret: bytes) -> BoxSecret:
    return BoxSecret(HKDFExpand(SHA512(), 96, _BOX).derive(secret))


def _info(set_id: str) -> bytes:
    return encode(_INFO, set_id.encode())


def _name(body: int, partner: int) -> str:
    return f"{body} with {partner}"


def _digest(set_id: str, body: int, half: Half) -> str:
    parts = (_DIGEST, set_id.encode(), bytes((body, half.partner)), half.content)
    return hashlib.sha256(encode(*parts)).hexdigest()
