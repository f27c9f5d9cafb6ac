"""Where the epochs lie: in a file, which is the document itself, or holds it under a key of a service.

Promise: a file that is neither is refused; nothing is made or repaired on the way. Called by
`vault.keys.epoch`, and by the shell that a service makes.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

from vault.errors import RootKeyMissing, RootKeyRefused

PLAIN: Final = 1
OUTER: Final = 2


class Shell(Protocol):
    """What lies round the document of the epochs."""

    def read(self) -> bytes:
        """Return the document."""

    def seal(self, document: bytes, *, anew: bool) -> bytes:
        """Return what is written in its place; `anew` for what nothing from before may open."""

    def settle(self) -> None:
        """Have everything destroyed that opens what was written before the last `anew`."""

    def is_settled(self) -> bool:
        """Tell whether nothing of that is left."""


@dataclass(frozen=True, slots=True)
class Bare:
    """The document as it is: nothing but its own end makes a copy of it unreadable."""

    path: Path

    def read(self) -> bytes:
        document = read_file(self.path)
        if version_of(document) == OUTER:
            raise RootKeyRefused("The epoch key's file is sealed by a service that the settings do not name.")
        return document

    def seal(self, document: bytes, *, anew: bool) -> bytes:  # noqa: ARG002 - as every shell
        return document

    def settle(self) -> None:
        return

    def is_settled(self) -> bool:
        return True


def from_settings() -> Shell:
    """Return the shell that the settings name. Raises `RootKeyRefused` where it is the root key's own key."""
    path, told = Path(settings.EPOCH_KEY_FILE), settings.ROOT_KEY_VAULT
    if settings.ROOT_KEY_PROVIDER != "vault" or not told["epoch_key"]:
        return Bare(path)
    if told["epoch_key"] == told["key"]:
        raise RootKeyRefused("ROOT_KEY_VAULT_EPOCH_KEY must not be the key of the root key's file.")
    from vault.keys.epochouter import Outer  # noqa: PLC0415 - for whoever names a service alone
    from vault.keys.providers import vault_server  # noqa: PLC0415 - as above

    return Outer(path, vault_server(told["epoch_key"]))


def read_file(path: Path) -> bytes:
    """Return the file's bytes. Raises `RootKeyMissing`."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise RootKeyMissing("The epoch key's file is missing.") from None


def version_of(file: bytes) -> object:
    """Return how the file says that it is written."""
    return facts_of(file).get("version")


def facts_of(file: bytes) -> dict[str, object]:
    """Return what stands in the file; raises `RootKeyRefused` for one that is none of ours."""
    try:
        facts = json.loads(file)
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        raise RootKeyRefused("The epoch key's file is not one that this program wrote.")
    return facts
