"""An authority of time stamps, made here: its certificates, `openssl ts`, a small server on this machine."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

POLICY: Final = "1.3.6.1.4.1.99999.1"
OTHER_POLICY: Final = "1.3.6.1.4.1.99999.2"
_CONFIG: Final = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = {policy}
other_policies = 1.3.6.1.4.1.99999.9
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("openssl")
    assert program, "these tests verify with openssl"
    return subprocess.run([program, *map(str, arguments)], capture_output=True, check=False)


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: tuple[x509.Name, ec.EllipticCurvePrivateKey] | None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = by or (subject, key)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if by is not None:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(usage, critical=True)
    return made.sign(signer, SHA256())


@dataclass
class Authority:
    """Answers as `openssl ts -reply` does; `how` says what is wrong with the next answers."""

    folder: Path
    how: str = ""
    asked: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def chain(self) -> str:
        return (self.folder / "root.pem").read_text() + (self.folder / "tsa.pem").read_text()

    def settings(self, **other: str) -> dict[str, str]:
        url = f"http://127.0.0.1:{self.port}/tsr"
        return {"url": url, "chain": (self.folder / "root.pem").read_text(), "policy": POLICY} | other

    def reply(self, query: bytes, policy: str = POLICY) -> bytes:
        config, asked, answer = (self.folder / name for name in ("tsa.cnf", "query", "answer"))
        config.write_text(_CONFIG.format(folder=self.folder, policy=policy))
        asked.write_bytes(query)
        done = openssl(
            "ts", "-reply", "-config", config, "-section", "one", "-queryfile", asked, "-out", answer
        )
        assert done.returncode == 0, done.stderr
        return answer.read_bytes()


def make_authority(folder: Path) -> Authority:
    """Make a root, and a certificate for time stamps under it."""
    folder.mkdir()
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    above = _certificate("Root of a test", root, None)
    below = _certificate("Time stamps of a test", key, (above.subject, root))
    (folder / "root.pem").write_bytes(above.public_bytes(Encoding.PEM))
    (folder / "tsa.pem").write_bytes(below.public_bytes(Encoding.PEM))
    (folder / "tsa.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "serial").write_text("01")
    return Authority(folder)


def _said(authority: Authority, other: Authority, query: bytes) -> tuple[int, bytes]:
    """What an authority that is not to be believed answers."""
    strange = TimestampRequestBuilder(b"something else", HashAlgorithm.SHA256).build().as_bytes()
    wrong: dict[str, Callable[[], bytes]] = {
        "garbage": lambda: b"\x30\x82\x01\x00 not a reply",
        "page": lambda: b"<html>Sign in to this network</html>",
        "nothing": lambda: b"",
        "giant": lambda: authority.reply(query) + bytes(1 << 20),
        "policy": lambda: authority.reply(query, OTHER_POLICY),
        "other": lambda: other.reply(query),
        "replay": lambda: authority.reply(authority.asked[0]),
        "imprint": lambda: authority.reply(_with_nonce_of(query, strange)),
        "rejected": lambda: authority.reply(_sha512(query)),
    }
    if authority.how == "error":
        return 500, b"out of order"
    return 200, wrong.get(authority.how, lambda: authority.reply(query))()


def _with_nonce_of(query: bytes, other: bytes) -> bytes:
    """The same question over another digest: the nonce stays. Both digests are 32 bytes at one place."""
    start = query.index(b"\x04\x20") + 2
    there = other.index(b"\x04\x20") + 2
    return query[:start] + other[there : there + 32] + query[start + 32 :]


def _sha512(_query: bytes) -> bytes:
    """A question that this authority does not take: it answers with a rejection."""
    return TimestampRequestBuilder(b"x", HashAlgorithm.SHA512).build().as_bytes()


@contextmanager
def serving(authority: Authority, other: Authority) -> Iterator[Authority]:
    """Answer on this machine until the end of the block."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(query)
            if authority.how == "elsewhere":
                self.send_response(307)
                self.send_header("Location", f"http://127.0.0.1:{authority.port}/other")
                self.end_headers()
                authority.how = ""
                return
            status, body = _said(authority, other, query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            return

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: Any) -> None:
            """A client that hangs up on a giant answer is what we want."""

    server = Server(("127.0.0.1", 0), Handler)
    authority.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
