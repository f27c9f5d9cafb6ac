"""The root key's file, sealed by HashiCorp Vault or OpenBao: its engine `transit` holds a key that never
leaves it.

Promise: without the service the file opens nothing, and nothing takes the service's place: one that is
sealed, down, slow or refuses the token is an error that says so. The token goes to the configured server and
nowhere else: no redirect is followed, and without TLS none but this machine is spoken to. Called by
`vault.keys.providers` when the settings name `vault`.
"""

import base64
import binascii
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import urllib3
from urllib3.util import Timeout, parse_url

from vault import diskfile
from vault.errors import RootKeyMissing, RootKeyRefused, RootKeyUnreachable
from vault.keys.root import RootKeys

# Bound into what the engine encrypts: a ciphertext of another use of the same key is refused.
_BOUND: Final = base64.b64encode(b"casemgr root key 1").decode()
_MOST_BYTES: Final = 1 << 20
_KINDS: Final = {"aes256-gcm96", "chacha20-poly1305"}
_DONE_SILENTLY: Final = 204  # older releases say nothing after a change
_LOOPBACK: Final = {"127.0.0.1", "localhost", "[::1]"}
Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Server:
    """Where the service is and how it is spoken to."""

    url: str
    token_file: Path
    key: str
    mount: str = "transit"
    namespace: str = ""
    ca_file: str = ""
    patience: float = 5.0  # seconds for the connection, and again for the answer

    def __post_init__(self) -> None:
        place = parse_url(self.url)
        safe = place.scheme == "https" or (place.scheme == "http" and place.host in _LOOPBACK)
        if not safe or place.auth:
            raise RootKeyRefused("ROOT_KEY_VAULT_URL is an https address without a password in it.")
        if not self.key.replace("-", "").replace("_", "").isalnum():
            raise RootKeyRefused("ROOT_KEY_VAULT_KEY names the key of the transit engine.")

    def call(self, method: str, what: str, sent: Facts | None = None, *, verb: str = "") -> Facts:
        """Return `data` of an answer, if it has any. Raises `RootKeyUnreachable`, or `RootKeyRefused`."""
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        if self.namespace:
            headers["X-Vault-Namespace"] = self.namespace
        url = f"{self.url.rstrip('/')}/v1/{self.mount}/{what}/{self.key}{verb}"
        try:
            with self._pool() as pool:
                answer = pool.request(
                    method,
                    url,
                    json=sent,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
                body = answer.read(_MOST_BYTES)
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, ssl.SSLError, OSError) as failed:
            kind = type(failed).__name__
            raise RootKeyUnreachable(
                f"The service that holds the root key does not answer ({kind})."
            ) from None
        _judge(answer.status, self.key)
        return {} if answer.status == _DONE_SILENTLY else _data(body)

    def check_key(self) -> Facts:
        """Return what the service says of the key; refuse one that could leave it, or is not there.

        Encrypting under a name that is not there would make a key.
        """
        key = self.call("GET", "keys")
        if key.get("type") not in _KINDS:
            raise RootKeyRefused("The service's key must be of a kind that authenticates what it encrypts.")
        if key.get("exportable") or key.get("allow_plaintext_backup"):
            raise RootKeyRefused("The service's key may be exported or backed up in clear: take another.")
        return key

    def encrypt(self, plain: bytes, bound: str) -> str:
        """Have something sealed under the newest version of the key; return the ciphertext."""
        sent: Facts = {"plaintext": base64.b64encode(plain).decode(), "associated_data": bound}
        return _ciphertext(self.call("POST", "encrypt", sent))

    def decrypt(self, ciphertext: str, bound: str) -> bytes:
        """Have something opened. Raises `RootKeyRefused` for what it did not seal, or opens no more."""
        said = self.call("POST", "decrypt", {"ciphertext": ciphertext, "associated_data": bound})
        try:
            return base64.b64decode(str(said["plaintext"]), validate=True)
        except (KeyError, binascii.Error):
            raise RootKeyRefused("What the service opened is not what it sealed.") from None

    def _pool(self) -> urllib3.PoolManager:
        timeout = Timeout(connect=self.patience, read=self.patience)
        return urllib3.PoolManager(timeout=timeout, ca_certs=self.ca_file or None, cert_reqs="CERT_REQUIRED")

    def _token(self) -> str:
        # Read each time: whatever renews the token writes it anew.
        try:
            if self.token_file.stat().st_mode & 0o077:
                raise RootKeyRefused("ROOT_KEY_VAULT_TOKEN_FILE must be readable by its owner alone.")
            token = self.token_file.read_text().strip()
        except OSError:
            raise RootKeyUnreachable("ROOT_KEY_VAULT_TOKEN_FILE cannot be read.") from None
        if not token.isascii() or not token.isprintable() or not token:
            raise RootKeyRefused("ROOT_KEY_VAULT_TOKEN_FILE holds no token.")
        return token


def _judge(status: int, key: str) -> None:
    """Turn a status into one of our errors; the words of the other side are not passed on."""
    if status in {200, _DONE_SILENTLY}:
        return
    if status == 403:
        raise RootKeyUnreachable("The service that holds the root key refuses the token, or its policy does.")
    if status in {400, 404, 405}:
        raise RootKeyRefused(
            f"The service knows no key {key}, or will not do this with it (status {status})."
        )
    raise RootKeyUnreachable(f"The service that holds the root key is sealed or busy (status {status}).")


def _data(body: bytes) -> Facts:
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError):
        raise RootKeyUnreachable("What answered is not the service that holds the root key.") from None
    if not isinstance(data, dict):
        raise RootKeyUnreachable("What answered is not the service that holds the root key.")
    return data


@dataclass(frozen=True, slots=True)
class TransitFile:
    """The root key in a file that only the service can open."""

    path: Path
    server: Server

    def load(self) -> RootKeys:
        opened = self.server.decrypt(self._wrapped(), _BOUND)
        try:
            return RootKeys.from_facts(json.loads(opened))
        except ValueError:
            raise RootKeyRefused("What the service opened is no root key.") from None

    def create(self, keys: RootKeys) -> None:
        diskfile.create(self.path, self._sealed(keys))

    def replace(self, keys: RootKeys) -> None:
        diskfile.replace(self.path, self._sealed(keys))

    def rewrap(self) -> None:
        """Have the file sealed under the newest version of the service's key; nothing is opened here."""
        self.server.check_key()
        sent: Facts = {"ciphertext": self._wrapped(), "associated_data": _BOUND}
        diskfile.replace(self.path, _written(_ciphertext(self.server.call("POST", "rewrap", sent))))

    def _sealed(self, keys: RootKeys) -> bytes:
        self.server.check_key()
        return _written(self.server.encrypt(json.dumps(keys.as_facts()).encode(), _BOUND))

    def _wrapped(self) -> str:
        try:
            facts = json.loads(self.path.read_bytes())
            if facts["version"] != 1:
                raise RootKeyRefused
            return str(facts["transit"])
        except FileNotFoundError:
            raise RootKeyMissing from None
        except (ValueError, KeyError, TypeError):
            raise RootKeyRefused("The root key's file is not one that the service sealed.") from None


def _ciphertext(said: Facts) -> str:
    sealed = str(said.get("ciphertext", ""))
    if not sealed.startswith("vault:v"):
        raise RootKeyRefused("What the service returned is no ciphertext of its own.")
    return sealed


def _written(sealed: str) -> bytes:
    return json.dumps({"version": 1, "transit": sealed}).encode()
