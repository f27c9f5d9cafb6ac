"""A server that behaves as the documentation of the transit engine says, on loopback, over TLS or not.

Encrypting under a name that it does not know makes a key of that name, as the real one does where the policy
lets it. Rotating, configuring and trimming refuse what the real ones refuse, in the same order: nothing is
trimmed while a limit is not set, nor above the lesser of the two, and what was trimmed never comes back.
Older releases answer a change with 204 and no word.
"""

import base64
import json
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_bytes
from threading import Thread
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

TOKEN = "hvs.a-token-of-the-tests"
GONE = b""  # a version that was trimmed


class Refused(Exception):
    """The engine answers 400 and says why."""


@dataclass
class Limits:
    """What is said of one key beside its versions."""

    min_decryption_version: int = 1
    min_encryption_version: int = 0
    min_available_version: int = 0


@dataclass
class Transit:
    """What the server holds, and how it is today."""

    keys: dict[str, list[bytes]] = field(default_factory=lambda: {"casemgr": [token_bytes(32)]})
    limits: dict[str, Limits] = field(default_factory=lambda: defaultdict(Limits))
    facts: dict[str, object] = field(default_factory=dict)
    is_silent: bool = False  # an older release, which says nothing after a change
    hears: Callable[[str, bool], None] = lambda verb, is_done: None  # before and after each request
    namespace: str = ""
    is_sealed: bool = False
    delay: float = 0.0
    raw: bytes | None = None  # said instead of an answer
    redirect: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: Any, body: dict[str, str]) -> tuple[int, object]:
        """Return status and body."""
        self.asked.append((method, path))
        if self.is_sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if headers.get("X-Vault-Token") != TOKEN or headers.get("X-Vault-Namespace", "") != self.namespace:
            return 403, {"errors": ["permission denied"]}
        _, version, mount, what, name, *verb = path.split("/")
        if (version, mount) != ("v1", "transit"):
            return 404, {"errors": []}
        try:
            return self._done(what, name, verb[0] if verb else "", body)
        except (InvalidTag, KeyError, ValueError, IndexError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        except Refused as refused:
            return 400, {"errors": [str(refused)]}

    def _done(self, what: str, name: str, verb: str, body: dict[str, str]) -> tuple[int, object]:
        said = verb or what
        self.hears(said, False)
        done = self._key(name) if said == "keys" else getattr(self, f"_{said}")(name, body)
        self.hears(said, True)
        if said == "keys":
            return cast("tuple[int, object]", done)
        if verb:
            return (204, None) if self.is_silent else self._key(name)
        return 200, {"request_id": "1", "lease_id": "", "data": done}

    def _key(self, name: str) -> tuple[int, object]:
        if name not in self.keys:
            return 404, {"errors": []}
        said = {"type": "aes256-gcm96", "exportable": False, "allow_plaintext_backup": False, "name": name}
        limits = vars(self.limits[name])
        return 200, {"data": {**said, **limits, "latest_version": len(self.keys[name]), **self.facts}}

    def _rotate(self, name: str, _body: dict[str, str]) -> None:
        if name not in self.keys:
            raise Refused("key not found")
        self.keys[name].append(token_bytes(32))

    def _config(self, name: str, body: dict[str, Any]) -> None:
        limits, latest = self.limits[name], len(self.keys[name])
        wanted = {**vars(limits), **body}
        decrypt, encrypt = wanted["min_decryption_version"], wanted["min_encryption_version"]
        if max(decrypt, encrypt) > latest:
            raise Refused(f"cannot set min version, latest key version is {latest}")
        if 0 < encrypt < decrypt:
            raise Refused("min encryption version must be greater than or equal to min decryption version")
        if limits.min_available_version > min(decrypt, encrypt):
            raise Refused("min version should not be less than min available version")
        limits.min_decryption_version, limits.min_encryption_version = decrypt, encrypt

    def _trim(self, name: str, body: dict[str, Any]) -> None:
        limits, least = self.limits[name], body["min_available_version"]
        if least < limits.min_available_version:
            raise Refused("minimum available version cannot be decremented")
        if limits.min_encryption_version == 0:
            raise Refused("cannot be set when minimum encryption version is not set")
        if least > min(limits.min_encryption_version, limits.min_decryption_version):
            raise Refused("cannot be greater than minimum encryption or decryption version")
        limits.min_available_version = least
        self.keys[name][: least - 1] = [GONE] * (least - 1)

    def _encrypt(self, name: str, body: dict[str, str]) -> dict[str, object]:
        versions = self.keys.setdefault(name, [token_bytes(32)])
        plain, bound = (
            base64.b64decode(body["plaintext"], validate=True),
            base64.b64decode(body["associated_data"]),
        )
        nonce = token_bytes(12)
        sealed = nonce + ChaCha20Poly1305(versions[-1]).encrypt(nonce, plain, bound)
        return {"ciphertext": f"vault:v{len(versions)}:{base64.b64encode(sealed).decode()}"}

    def _decrypt(self, name: str, body: dict[str, str]) -> dict[str, object]:
        vault, version, coded = body["ciphertext"].split(":")
        if vault != "vault":
            raise ValueError
        sealed = base64.b64decode(coded, validate=True)
        if int(version[1:]) < self.limits[name].min_decryption_version:
            raise Refused("ciphertext or signature version is disallowed by policy (too old)")
        key = ChaCha20Poly1305(self.keys[name][int(version[1:]) - 1])
        plain = key.decrypt(sealed[:12], sealed[12:], base64.b64decode(body["associated_data"]))
        return {"plaintext": base64.b64encode(plain).decode()}

    def _rewrap(self, name: str, body: dict[str, str]) -> dict[str, object]:
        return self._encrypt(name, {**body, "plaintext": str(self._decrypt(name, body)["plaintext"])})


@contextmanager
def serving(transit: Transit, certificate: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Run the server; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            time.sleep(transit.delay)
            status, said = transit.answer(self.command, self.path, self.headers, json.loads(content or b"{}"))
            body = b"" if said is None else json.dumps(said).encode()
            body = transit.raw if transit.raw is not None else body
            self.send_response(307 if transit.redirect else status)
            if transit.redirect:
                self.send_header("Location", transit.redirect + self.path)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that gave up

    server, scheme = Server(("127.0.0.1", 0), Handler), "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket, scheme = context.wrap_socket(server.socket, server_side=True), "https"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
