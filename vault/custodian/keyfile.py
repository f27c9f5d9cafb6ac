"""A custodian's private keys in a file, sealed under a passphrase.

Promise: the file opens under its passphrase alone; whose it is stands outside in clear and is bound inside,
so that an edited name is refused. Called by the tool, and by the demonstration that makes its custodians.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from vault import diskfile
from vault.custodian.canonical import Reader
from vault.custodian.errors import CustodianError, KeyFileRefused
from vault.custodian.keys import PrivateKeys
from vault.envelope import Place
from vault.errors import PassphraseRefused
from vault.passphrase import USUAL, Cost, Passphrase
from vault.vocabulary import Use

_KIND: Final = "casemgr custodian key"
_LARGEST: Final = 64 * 1024
DEMONSTRATION: Final = Cost(memory=8 * 1024, iterations=1, lanes=1)  # of keys that guard nobody


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Whose keys they are, and the keys."""

    id: UUID
    code: str
    keys: PrivateKeys = field(repr=False)


def seal(key_file: KeyFile, passphrase: bytes, cost: Cost = USUAL) -> bytes:
    """Return the content of a key file; raises `KeyFileRefused` for a passphrase that is too short."""
    sealer = Passphrase(passphrase, cost)
    try:
        facts = sealer.seal(_place(key_file.id, key_file.code), key_file.keys.raw)
    except PassphraseRefused as refused:
        raise KeyFileRefused(str(refused)) from None
    named = {"kind": _KIND, "id": str(key_file.id), "code": key_file.code, **facts}
    return json.dumps(named, indent=1).encode() + b"\n"


def unseal(content: bytes, passphrase: bytes, least: Cost = USUAL) -> KeyFile:
    """Open a key file. Raises `KeyFileRefused`; a file that asks for less work than `least` is refused."""
    try:
        if len(content) > _LARGEST:
            raise KeyFileRefused("This is not a custodian's key file.")
        reader = Reader(json.loads(content))
        if reader.text("kind") != _KIND:
            raise KeyFileRefused("This is not a custodian's key file.")
        member, code = reader.id("id"), reader.text("code", longest=40)
        raw = Passphrase(passphrase, least).unseal(_place(member, code), reader.rest())
        return KeyFile(member, code, PrivateKeys.from_raw(raw))
    except PassphraseRefused as refused:
        raise KeyFileRefused(f"The key file stays closed: {refused}") from None
    except (ValueError, RecursionError, CustodianError) as refused:
        if isinstance(refused, KeyFileRefused):
            raise
        raise KeyFileRefused("This is not a custodian's key file.") from None


def create(path: Path, content: bytes) -> None:
    """Write a new key file of mode 0600; raises `KeyFileRefused` where there is a file already."""
    try:
        diskfile.create(path, content)
    except FileExistsError:
        raise KeyFileRefused(f"{path} is there already; a key is never replaced.") from None


def _place(member: UUID, code: str) -> Place:
    return Place(Use.CUSTODIAN_KEY, "custodian", f"key file of {code}", member)
