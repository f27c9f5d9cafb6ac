"""The root key's file, sealed under a key that a PKCS#11 token holds and never gives away.

Promise: without the token the file opens nothing; a key that could be taken out of the token is refused. The
maker's library never runs in a process that holds keys of ours: a child that does nothing else is started
for each use, given its question through a pipe, and its end is awaited. Called by `vault.keys.providers` when
the settings name `pkcs11`.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from vault import cipher, diskfile, envelope
from vault.envelope import Place
from vault.errors import NotVerified, RootKeyMissing, RootKeyRefused, RootKeyUnreachable
from vault.keys.root import RootKeys
from vault.vocabulary import Use

_CHILD: Final = Path(__file__).with_name("tokenchild.py")
_PLACE: Final = Place(Use.ROOT_FILE, "root", "token", UUID(int=0))
_FILE_ID: Final = UUID(int=0)
_SAID: Final = {
    "absent": "The package python-pkcs11 is not installed: it is needed where ROOT_KEY_PROVIDER is `pkcs11`.",
    "extractable": "The token's key can be taken out of it: make one that is sensitive and not extractable.",
    "key": "The token holds no AES key of that label.",
    "library": "ROOT_KEY_PKCS11_LIBRARY is no PKCS#11 library.",
    "pin": "The token refuses the PIN. It may lock itself after a few more tries.",
    "refused": "The token did not seal this file.",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token, how it is signed in to, and the label of its key."""

    library: str
    label: str
    key: str
    pin: str = field(repr=False)
    patience: float = 20.0

    def seal(self, secret: bytes) -> str:
        return self._ask("seal", secret.hex())

    def open(self, sealed: str) -> bytes:
        return bytes.fromhex(self._ask("open", sealed))

    def _ask(self, what: str, content: str) -> str:
        question = {
            "what": what, "content": content, "library": self.library,
            "token": self.label, "key": self.key, "pin": self.pin,
        }  # fmt: skip
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_CHILD)],
                input=json.dumps(question).encode(),
                capture_output=True,
                timeout=self.patience,
                check=False,
            )
            answer = json.loads(done.stdout)
        except (OSError, subprocess.TimeoutExpired, ValueError):
            raise RootKeyUnreachable("The token that holds the root key does not answer.") from None
        if "error" in answer:
            refused = _SAID.get(str(answer["error"]))
            if refused is None:
                raise RootKeyUnreachable("The token that holds the root key is not there.")
            raise RootKeyRefused(refused)
        return str(answer["content"])


@dataclass(frozen=True, slots=True)
class TokenFile:
    """The root key in a file under a random key, which the token seals."""

    path: Path
    token: Token

    def load(self) -> RootKeys:
        try:
            facts = json.loads(self.path.read_bytes())
            if facts["version"] != 1:
                raise RootKeyRefused
            wrapped, blob = str(facts["wrapped"]), bytes.fromhex(facts["sealed"])
        except FileNotFoundError:
            raise RootKeyMissing from None
        except (ValueError, KeyError, TypeError):
            raise RootKeyRefused("The root key's file is not one that a token sealed.") from None
        try:
            opened = envelope.unseal(self.token.open(wrapped), _PLACE, blob)
        except NotVerified:
            raise RootKeyRefused("The root key's file was changed.") from None
        return RootKeys.from_facts(json.loads(opened))

    def create(self, keys: RootKeys) -> None:
        diskfile.create(self.path, self._sealed(keys))

    def replace(self, keys: RootKeys) -> None:
        diskfile.replace(self.path, self._sealed(keys))

    def _sealed(self, keys: RootKeys) -> bytes:
        key = cipher.new_key()
        blob = envelope.seal(key, _FILE_ID, _PLACE, json.dumps(keys.as_facts()).encode())
        facts = {"version": 1, "wrapped": self.token.seal(key), "sealed": blob.hex()}
        return json.dumps(facts).encode()
