"""Where the root key comes from: a file of mode 0600, or a file sealed with a passphrase.

Promise: a file that others can read, a malformed file or a wrong passphrase is refused; nothing is made or
repaired on the way. Called by `vault.keys.held` and the commands that make or rotate the root key.
"""

import getpass
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.conf import settings

from vault import envelope
from vault.envelope import Place, encode
from vault.errors import NotVerified, RootKeyMissing, RootKeyRefused
from vault.keys import diskfile
from vault.keys.root import Provider, RootKeys
from vault.vocabulary import SHORTEST_PASSPHRASE, Use

_PLACE = Place(Use.ROOT_FILE, "root", "file", UUID(int=0))
_FILE_ID = UUID(int=0)


def _read(path: Path) -> object:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) or mode & 0o077:
            raise RootKeyRefused("The root key's file must be readable by its owner alone (mode 0600).")
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise RootKeyMissing from None
    except ValueError:
        raise RootKeyRefused("The root key's file is not one that this program wrote.") from None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The root key in clear, in a file of mode 0600 outside DATA_DIR and every backup."""

    path: Path

    def load(self) -> RootKeys:
        return RootKeys.from_facts(_read(self.path))

    def create(self, keys: RootKeys) -> None:
        diskfile.create(self.path, json.dumps(keys.as_facts()).encode())

    def replace(self, keys: RootKeys) -> None:
        diskfile.replace(self.path, json.dumps(keys.as_facts()).encode())


@dataclass(frozen=True, slots=True)
class Cost:
    """What Argon2id is made to spend (RFC 9106; the memory is in KiB)."""

    memory: int = 256 * 1024
    iterations: int = 4
    lanes: int = 4


@dataclass(slots=True)
class PassphraseFile:
    """The root key in a file sealed under Argon2id(passphrase). After a power cut a person must come.

    `cost` is what a new file is sealed with, and the least that is accepted of one that is there.
    """

    path: Path
    passphrase: bytes = field(repr=False)
    cost: Cost = Cost()
    _derived: dict[bytes, bytes] = field(default_factory=dict, repr=False)

    def load(self) -> RootKeys:
        facts = _read(self.path)
        try:
            if not isinstance(facts, dict) or facts["version"] != 1 or facts["kdf"] != "argon2id":
                raise RootKeyRefused
            cost = Cost(int(facts["memory"]), int(facts["iterations"]), int(facts["lanes"]))
            salt, blob = bytes.fromhex(facts["salt"]), bytes.fromhex(facts["sealed"])
        except (KeyError, TypeError, ValueError):
            raise RootKeyRefused from None
        if cost.memory < self.cost.memory or cost.iterations < self.cost.iterations:
            raise RootKeyRefused("The root key's file asks for less work than is accepted.")
        try:
            opened = envelope.unseal(self._key(salt, cost), _PLACE, blob, _bound(salt, cost))
        except NotVerified:
            raise RootKeyRefused("The passphrase does not open the root key's file.") from None
        return RootKeys.from_facts(json.loads(opened))

    def create(self, keys: RootKeys) -> None:
        if len(self.passphrase) < SHORTEST_PASSPHRASE:
            raise RootKeyRefused(f"A new passphrase has at least {SHORTEST_PASSPHRASE} bytes.")
        diskfile.create(self.path, self._sealed(keys))

    def replace(self, keys: RootKeys) -> None:
        diskfile.replace(self.path, self._sealed(keys))

    def _sealed(self, keys: RootKeys) -> bytes:
        salt, cost = token_bytes(16), self.cost
        plain = json.dumps(keys.as_facts()).encode()
        blob = envelope.seal(self._key(salt, cost), _FILE_ID, _PLACE, plain, _bound(salt, cost))
        facts = {
            "version": 1,
            "kdf": "argon2id",
            "memory": cost.memory,
            "iterations": cost.iterations,
            "lanes": cost.lanes,
            "salt": salt.hex(),
            "sealed": blob.hex(),
        }
        return json.dumps(facts).encode()

    def _key(self, salt: bytes, cost: Cost) -> bytes:
        # Kept with the passphrase that it comes from: a rotation reads the file many times.
        bound = _bound(salt, cost)
        if bound not in self._derived:
            kdf = Argon2id(
                salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory
            )
            self._derived[bound] = kdf.derive(self.passphrase)
        return self._derived[bound]


def _bound(salt: bytes, cost: Cost) -> bytes:
    numbers = (cost.memory, cost.iterations, cost.lanes)
    return encode(salt, *(number.to_bytes(8) for number in numbers))


@dataclass(frozen=True, slots=True)
class NoKey:
    """For a process that must hold none: the checker's."""

    def load(self) -> RootKeys:
        raise RootKeyMissing("This process holds no root key.")

    def create(self, keys: RootKeys) -> None:  # noqa: ARG002 - as every provider
        raise RootKeyRefused("This process makes no root key.")

    replace = create


def from_settings() -> Provider:
    """Return the provider that the settings name; a passphrase is handed on by `up`, piped, or typed."""
    path = Path(settings.ROOT_KEY_FILE)
    if settings.ROOT_KEY_PROVIDER == "none":
        return NoKey()
    if settings.ROOT_KEY_PROVIDER == "file":
        return KeyFile(path)
    if settings.ROOT_KEY_PROVIDER == "passphrase":
        return PassphraseFile(path, _passphrase())
    raise RootKeyRefused("ROOT_KEY_PROVIDER is `file` or `passphrase`, or `none` for the checker.")


def _passphrase() -> bytes:
    if settings.ROOT_KEY_PASSPHRASE_FILE:
        path = Path(settings.ROOT_KEY_PASSPHRASE_FILE)
        try:
            if path.stat().st_mode & 0o077:
                raise RootKeyRefused("ROOT_KEY_PASSPHRASE_FILE must be readable by its owner alone.")
            return path.read_bytes().rstrip(b"\r\n")
        except OSError:
            raise RootKeyRefused("ROOT_KEY_PASSPHRASE_FILE cannot be read.") from None
    if settings.ROOT_KEY_PASSPHRASE_FD <= 0:
        return getpass.getpass("Passphrase of the root key: ").encode()
    with os.fdopen(settings.ROOT_KEY_PASSPHRASE_FD, "rb", closefd=True) as pipe:
        return pipe.read().rstrip(b"\r\n")
