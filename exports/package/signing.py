"""The export signing key: Ed25519, used for statements of exports and for nothing else.

Its file is PKCS#8 PEM, mode 0600, outside DATA_DIR; `openssl pkeyutl -verify -rawin` checks what it signs.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from exports.package.errors import SigningKeyMissing, WrongSignature


def create_key(path: Path) -> None:
    """Make the key file once, atomically; a file that is there stays as it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)  # unlike a rename, a link never replaces a key that came first
        except FileExistsError:
            return
    finally:
        partial.unlink()


def load_key(path: Path) -> Ed25519PrivateKey:
    """Return the signing key; raises `SigningKeyMissing` when there is none, or others may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise SigningKeyMissing("the export signing key may be read by others: set its mode to 0600")
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        raise SigningKeyMissing("the export signing key is missing or is not one") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyMissing("the export signing key is not an Ed25519 key")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Return the public half as every tool reads it."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def check_signature(statement: bytes, signature: bytes, public: bytes) -> None:
    """Raise `WrongSignature` unless `signature` is that of `statement` under the PEM key `public`."""
    key = serialization.load_pem_public_key(public)
    if not isinstance(key, Ed25519PublicKey):
        raise WrongSignature("the signer's key is not an Ed25519 key")
    try:
        key.verify(signature, statement)
    except InvalidSignature:
        raise WrongSignature("the signature is not of this statement and this key") from None
