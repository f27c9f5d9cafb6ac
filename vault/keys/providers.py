"""Where the root key comes from: a file of mode 0600, or one sealed with a passphrase, by a service or token.

Promise: a file that others can read, a malformed file or a wrong passphrase is refused; nothing is made or
repaired on the way. Called by `vault.keys.held` and the commands that make or rotate the root key.
"""

import getpass
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from vault import diskfile
from vault.envelope import Place
from vault.errors import PassphraseRefused, RootKeyMissing, RootKeyRefused
from vault.keys.root import Provider, RootKeys
from vault.passphrase import USUAL, Cost, Passphrase
from vault.vocabulary import Use

if TYPE_CHECKING:
    from vault.keys.transit import Server

_PLACE = Place(Use.ROOT_FILE, "root", "file", UUID(int=0))


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


@dataclass(slots=True)
class PassphraseFile:
    """The root key in a file sealed under Argon2id(passphrase). After a power cut a person must come."""

    path: Path
    passphrase: bytes = field(repr=False)
    cost: Cost = USUAL
    _sealer: Passphrase = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._sealer = Passphrase(self.passphrase, self.cost)

    def load(self) -> RootKeys:
        facts = _read(self.path)
        with _named():
            return RootKeys.from_facts(json.loads(self._sealer.unseal(_PLACE, facts)))

    def create(self, keys: RootKeys) -> None:
        diskfile.create(self.path, self._sealed(keys))

    def replace(self, keys: RootKeys) -> None:
        diskfile.replace(self.path, self._sealed(keys))

    def _sealed(self, keys: RootKeys) -> bytes:
        with _named():
            facts = self._sealer.seal(_PLACE, json.dumps(keys.as_facts()).encode())
        return json.dumps(facts).encode()


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except PassphraseRefused as refused:
        raise RootKeyRefused(f"Root key: {refused}") from None


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
    if settings.ROOT_KEY_PROVIDER == "vault":
        return _transit(path)
    if settings.ROOT_KEY_PROVIDER == "pkcs11":
        return _token(path)
    raise RootKeyRefused(
        "ROOT_KEY_PROVIDER is `file`, `passphrase`, `vault` or `pkcs11`, or `none` for the checker."
    )


def _transit(path: Path) -> Provider:
    from vault.keys.transit import TransitFile  # noqa: PLC0415 - for whoever names it alone

    return TransitFile(path, vault_server(settings.ROOT_KEY_VAULT["key"]))


def vault_server(key: str) -> "Server":
    """Return the service that the settings name, with one of its keys."""
    from vault.keys.transit import Server  # noqa: PLC0415 - as above

    told = settings.ROOT_KEY_VAULT
    return Server(
        told["url"],
        Path(told["token_file"]),
        key,
        mount=told["mount"],
        namespace=told["namespace"],
        ca_file=told["ca_file"],
    )


def _token(path: Path) -> Provider:
    from vault.keys.token import Token, TokenFile  # noqa: PLC0415 - as above

    told = settings.ROOT_KEY_PKCS11
    return TokenFile(path, Token(told["library"], told["label"], told["key"], told["pin"]))


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
