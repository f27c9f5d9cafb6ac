"""L0: the root key, held by the process from its start.

Promise: it is random, never derived, and lies neither in the database, nor in the environment, nor in git. It
is made by an explicit step (`create`) alone and never replaces one that is there. Called by `vault.keys`
only.

A root key has two parts. The wrapping keys, of which the first is in use, can be rotated: what they wrap is
wrapped anew. The seed of the tags cannot: grants, indexes and passwords would have to be tagged again by the
rooms that own them, so a rotation keeps it.
"""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID, uuid4

from vault import cipher
from vault.errors import RootKeyRefused, WrongRootKey


@dataclass(frozen=True, slots=True)
class RootKey:
    """One wrapping key and the random id by which rows name it."""

    id: UUID
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RootKeys:
    """What a provider holds: the key in use, older ones while a rotation lasts, the seed of the tags."""

    primary: RootKey
    older: tuple[RootKey, ...] = ()
    seed: bytes = field(repr=False, default=b"")

    def named(self, key_id: UUID) -> RootKey:
        """Return the key a row names, or raise `WrongRootKey`."""
        for root in (self.primary, *self.older):
            if root.id == key_id:
                return root
        raise WrongRootKey

    def as_facts(self) -> dict[str, object]:
        """Return what is written into the provider's file."""
        keys = [{"id": str(one.id), "key": one.key.hex()} for one in (self.primary, *self.older)]
        return {"version": 1, "keys": keys, "seed": self.seed.hex()}

    @staticmethod
    def from_facts(facts: object) -> "RootKeys":
        """Read what `as_facts` wrote; raises `RootKeyRefused` for anything else."""
        try:
            if not isinstance(facts, dict) or facts["version"] != 1:
                raise RootKeyRefused
            keys = [RootKey(UUID(one["id"]), bytes.fromhex(one["key"])) for one in facts["keys"]]
            seed = bytes.fromhex(facts["seed"])
            lengths = {len(seed), *(len(one.key) for one in keys)}
        except (KeyError, TypeError, ValueError):
            raise RootKeyRefused from None
        if lengths != {cipher.KEY_LENGTH} or not keys:
            raise RootKeyRefused
        return RootKeys(keys[0], tuple(keys[1:]), seed)


class Provider(Protocol):
    """Where the root key comes from."""

    def load(self) -> RootKeys:
        """Return the keys; raises `RootKeyMissing` or `RootKeyRefused`."""

    def create(self, keys: RootKeys) -> None:
        """Write the first keys; raises `FileExistsError` where there are some."""

    def replace(self, keys: RootKeys) -> None:
        """Write other keys in the place of those that are there, whole or not at all."""


def new_root_key() -> RootKey:
    """Return a fresh wrapping key."""
    return RootKey(uuid4(), cipher.new_key())


def new_root_keys() -> RootKeys:
    """Return a fresh root key with a fresh seed."""
    return RootKeys(new_root_key(), (), cipher.new_key())
