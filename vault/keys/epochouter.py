"""The epochs under a key of Vault's or OpenBao's transit engine, whose older versions are destroyed there.

Promise: once `settle` has returned, every copy of the file from before the last turn opens nowhere, whoever
holds the root key and the service; until then `is_settled` says no, and so nobody says "erased". Each step
may be interrupted anywhere and is done again. Without the service nothing opens, and nothing takes its place.
Called by `vault.keys.epoch` when the settings name the service.
"""

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vault import diskfile
from vault.errors import RootKeyRefused
from vault.keys.epochfile import OUTER, PLAIN, facts_of, read_file, version_of
from vault.keys.transit import Facts, Server

# Bound into what the service encrypts: a ciphertext of another use of the same key is refused.
_BOUND: Final = base64.b64encode(b"casemgr epoch keys 1").decode()
_VERSION: Final = re.compile(r"vault:v([1-9][0-9]*):")


@dataclass(frozen=True, slots=True)
class Outer:
    """The document, sealed under the root key as ever, and that under a key that serves for nothing else."""

    path: Path
    server: Server

    def read(self) -> bytes:
        file = read_file(self.path)
        if version_of(file) == PLAIN:
            return file  # from before the service was named; the next turn puts it under its key
        try:
            return self.server.decrypt(_sealed(file), _BOUND)
        except RootKeyRefused:
            # A turn may have ended between the reading and the asking: what is there now must open.
            newer = read_file(self.path)
            if newer == file:
                raise
            return self.server.decrypt(_sealed(newer), _BOUND)

    def seal(self, document: bytes, *, anew: bool) -> bytes:
        self.server.check_key()
        if anew:
            self.server.call("POST", "keys", {}, verb="/rotate")
        sealed = self.server.encrypt(document, _BOUND)
        return json.dumps({"version": OUTER, "transit": sealed}).encode()

    def settle(self) -> None:
        """Forbid, then delete, every version of the service's key before the one that sealed the file.

        In this order: the service deletes up to the lesser of the two limits, and nothing while one is not
        set. Raises `RootKeyUnreachable`, `RootKeyRefused`.
        """
        if version_of(read_file(self.path)) == PLAIN:
            diskfile.replace(self.path, self.seal(self.read(), anew=True))
        now, key = self._version(), self.server.check_key()
        if min(_number(key, "min_decryption_version"), _number(key, "min_encryption_version")) < now:
            limits: Facts = {"min_decryption_version": now, "min_encryption_version": now}
            self.server.call("POST", "keys", limits, verb="/config")
        if _number(key, "min_available_version") < now:
            self.server.call("POST", "keys", {"min_available_version": now}, verb="/trim")
        if not self.is_settled():
            raise RootKeyRefused("The service has not destroyed the older versions of its key.")

    def is_settled(self) -> bool:
        """Ask the service: what it destroyed is not what we remember having told it."""
        if version_of(read_file(self.path)) == PLAIN:
            return False
        return _number(self.server.check_key(), "min_available_version") >= self._version()

    def _version(self) -> int:
        """Which version of the service's key sealed the file."""
        found = _VERSION.match(_sealed(read_file(self.path)))
        if found is None:
            raise RootKeyRefused("The epoch key's file is not one that the service sealed.")
        return int(found[1])


def _sealed(file: bytes) -> str:
    return str(facts_of(file).get("transit", ""))


def _number(key: Facts, name: str) -> int:
    found = key.get(name)
    if not isinstance(found, int):
        raise RootKeyRefused(f"The service does not say the {name} of its key.")
    return found
