"""A server that behaves as the documentation of the transit engine says, on loopback, over TLS or not.

Encrypting under a name that it does not know makes a key of that name, as the real one does where the policy
lets it.
"""

import base64
import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_bytes
from threading import Thread
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

TOKEN = "hvs.a-token-of-the-tests"


@dataclass
class Transit:
    """What the server holds, and how it is today."""

    keys: dict[str, list[bytes]] = field(default_factory=lambda: {"casemgr": [token_bytes(32)]})
    facts: dict[str, object] = field(default_factory=dict)
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
        _, version, mount, what, name = path.split("/")
        if (version, mount) != ("v1", "transit"):
            return 404, {"errors": []}
        if what == "keys":
            return self._key(name)
        try:
            return 200, {"request_id": "1", "lease_id": "", "data": getattr(self, f"_{what}")(name, body)}
        except (InvalidTag, KeyError, ValueError, IndexError):
            return 400, {"errors": ["cipher: message authentication failed"]}

    def _key(self, name: str) -> tuple[int, object]:
        if name not in self.keys:
            return 404, {"errors": []}
        said = {"type": "aes256-gcm96", "exportable": False, "allow_plaintext_backup": False, "name": name}
        return 200, {"data": {**said, "latest_version": len(self.keys[name]), **self.facts}}

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
            body = transit.raw if transit.raw is not None else json.dumps(said).encode()
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
