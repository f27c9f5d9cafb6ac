"""Bytes sealed under a passphrase: Argon2id (RFC 9106), its cost bound to what it seals.

Promise: a file that asks for less work than the caller accepts, or for more memory than any of ours would, is
refused before any work is done; another passphrase, another place or an edited cost never opens. Called by
`vault.keys` and `vault.custodian` only. It needs no database and no settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from vault import envelope
from vault.envelope import Place, encode
from vault.errors import NotVerified, PassphraseRefused
from vault.vocabulary import SHORTEST_PASSPHRASE

_ID: Final = UUID(int=0)
_MOST_MEMORY: Final = 4 * 1024 * 1024  # KiB; a hostile file must not take the machine down
_MOST_ITERATIONS: Final = 64
_MOST_LANES: Final = 64


@dataclass(frozen=True, slots=True)
class Cost:
    """What Argon2id is made to spend (the memory is in KiB)."""

    memory: int = 256 * 1024
    iterations: int = 4
    lanes: int = 4


USUAL: Final = Cost()


@dataclass(slots=True)
class Passphrase:
    """What a person typed. `cost` is what a new file is sealed with, and the least that is accepted."""

    words: bytes = field(repr=False)
    cost: Cost = USUAL
    _derived: dict[bytes, bytes] = field(default_factory=dict, repr=False)

    def seal(self, place: Place, plaintext: bytes) -> dict[str, object]:
        """Return what is written into a file. Raises `PassphraseRefused` for a short passphrase."""
        self.check_length()
        salt, cost = token_bytes(16), self.cost
        blob = envelope.seal(self._key(salt, cost), _ID, place, plaintext, _bound(salt, cost))
        return {
            "version": 1,
            "kdf": "argon2id",
            "memory": cost.memory,
            "iterations": cost.iterations,
            "lanes": cost.lanes,
            "salt": salt.hex(),
            "sealed": blob.hex(),
        }

    def unseal(self, place: Place, facts: object) -> bytes:
        """Open what `seal` returned; raises `PassphraseRefused` for anything else."""
        salt, cost, blob = _read(facts)
        if cost.memory < self.cost.memory or cost.iterations < self.cost.iterations:
            raise PassphraseRefused("The file asks for less work than is accepted.")
        if cost.memory > _MOST_MEMORY or cost.iterations > _MOST_ITERATIONS or cost.lanes > _MOST_LANES:
            raise PassphraseRefused("The file asks for more work than any that this program wrote.")
        try:
            return envelope.unseal(self._key(salt, cost), place, blob, _bound(salt, cost))
        except NotVerified:
            raise PassphraseRefused("The passphrase does not open the file.") from None

    def check_length(self) -> None:
        """Raise `PassphraseRefused` unless a new file may be sealed under it."""
        if len(self.words) < SHORTEST_PASSPHRASE:
            raise PassphraseRefused(f"A new passphrase has at least {SHORTEST_PASSPHRASE} bytes.")

    def _key(self, salt: bytes, cost: Cost) -> bytes:
        # Kept with the passphrase that it comes from: a rotation reads the file many times.
        bound = _bound(salt, cost)
        if bound not in self._derived:
            kdf = Argon2id(
                salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory
            )
            self._derived[bound] = kdf.derive(self.words)
        return self._derived[bound]


def _read(facts: object) -> tuple[bytes, Cost, bytes]:
    try:
        if not isinstance(facts, Mapping) or facts["version"] != 1 or facts["kdf"] != "argon2id":
            raise PassphraseRefused("The file is not one that this program wrote.")
        cost = Cost(int(facts["memory"]), int(facts["iterations"]), int(facts["lanes"]))
        salt, blob = bytes.fromhex(facts["salt"]), bytes.fromhex(facts["sealed"])
    except (KeyError, TypeError, ValueError):
        raise PassphraseRefused("The file is not one that this program wrote.") from None
    if cost.lanes < 1 or cost.iterations < 1 or cost.memory < 8 * cost.lanes or len(salt) < 8:
        raise PassphraseRefused("The file is not one that this program wrote.")
    return salt, cost, blob


def _bound(salt: bytes, cost: Cost) -> bytes:
    numbers = (cost.memory, cost.iterations, cost.lanes)
    return encode(salt, *(number.to_bytes(8) for number in numbers))
