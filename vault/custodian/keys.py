"""A custodian's keys, and the one-time key of a request.

Promise: to a `BoxKey` anybody can encrypt and its owner alone opens (HPKE, RFC 9180, with the hybrid KEM
MLKEM768_X25519, HKDF-SHA256 and AES-256-GCM: it stays closed to a later quantum computer); what a signing key
signed says what it is (a label) and verifies or raises. A malformed or low-order public key is refused when
it is read, not when it is used. Called by `vault.custodian` and the vault's sealing of identities.

The library's composite private key cannot be exported: its two parts are kept (ML-KEM seed, X25519 scalar).
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from vault.custodian import words
from vault.custodian.errors import KeyRefused
from vault.envelope import encode
from vault.errors import NotVerified

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_MLKEM_PUBLIC: Final = 1184
_MLKEM_SEED: Final = 64
_CURVE: Final = 32
BOX_LENGTH: Final = _MLKEM_PUBLIC + _CURVE
SIGNING_LENGTH: Final = _CURVE
PRIVATE_LENGTH: Final = _MLKEM_SEED + 2 * _CURVE
_FINGERPRINT: Final = b"casemgr custodian fingerprint 1"
_SIGNED: Final = b"casemgr custodian signature 1"


@dataclass(frozen=True, slots=True)
class BoxKey:
    """The public half of an HPKE key. Making one tries it; raises `KeyRefused`."""

    raw: bytes

    def __post_init__(self) -> None:
        _public_box(self.raw)

    @property
    def fingerprint(self) -> bytes:
        """The SHA-256 that people compare."""
        return hashlib.sha256(encode(_FINGERPRINT, b"box", self.raw)).digest()

    def encrypt(self, plaintext: bytes, info: bytes) -> bytes:
        """Encrypt to the owner, bound to `info`."""
        return _SUITE.encrypt(plaintext, _public_box(self.raw), info=info)


@lru_cache(maxsize=256)
def _public_box(raw: bytes) -> MLKEM768X25519PublicKey:
    if len(raw) != BOX_LENGTH:
        raise KeyRefused("A key to encrypt to has another length.")
    try:
        key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]),
        )
        _SUITE.encrypt(b"", key)  # a point of low order is found out by using it
    except ValueError:
        raise KeyRefused("A key to encrypt to is malformed or weak.") from None
    return key


@dataclass(frozen=True, slots=True)
class BoxSecret:
    """The private half of an HPKE key: ML-KEM seed and X25519 scalar."""

    raw: bytes = field(repr=False)

    @staticmethod
    def new() -> "BoxSecret":
        """Return a fresh key."""
        mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        return BoxSecret(mlkem.private_bytes_raw() + x25519.private_bytes_raw())

    @property
    def public(self) -> BoxKey:
        mlkem, x25519 = self._parts()
        return BoxKey(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    def decrypt(self, ciphertext: bytes, info: bytes) -> bytes:
        """Open what was encrypted to this key for `info`; raises `NotVerified`."""
        try:
            return _SUITE.decrypt(ciphertext, MLKEM768X25519PrivateKey(*self._parts()), info=info)
        except InvalidTag:
            raise NotVerified from None

    def _parts(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        if len(self.raw) != _MLKEM_SEED + _CURVE:
            raise KeyRefused("A private key has another length.")
        return (
            MLKEM768PrivateKey.from_seed_bytes(self.raw[:_MLKEM_SEED]),
            X25519PrivateKey.from_private_bytes(self.raw[_MLKEM_SEED:]),
        )


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What everybody may know of a custodian's keys."""

    box: BoxKey
    signing: bytes

    def __post_init__(self) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.signing)
        except ValueError:
            raise KeyRefused("A key to verify signatures with is malformed.") from None

    @property
    def fingerprint(self) -> bytes:
        """The SHA-256 of both keys."""
        return hashlib.sha256(encode(_FINGERPRINT, b"person", self.box.raw, self.signing)).digest()

    @property
    def words(self) -> str:
        """The fingerprint as people say it."""
        return words.as_words(self.fingerprint)

    def verify(self, signature: bytes, label: str, message: bytes) -> None:
        """Raise `NotVerified` unless the owner signed `message` as a `label`."""
        try:
            key = Ed25519PublicKey.from_public_bytes(self.signing)
            key.verify(signature, encode(_SIGNED, label.encode(), message))
        except InvalidSignature:
            raise NotVerified from None


@dataclass(frozen=True, slots=True)
class PrivateKeys:
    """A custodian's private keys. Never on the server, but in a demonstration."""

    box: BoxSecret
    _signing: bytes = field(repr=False)

    @staticmethod
    def new() -> "PrivateKeys":
        """Return fresh keys."""
        return PrivateKeys(BoxSecret.new(), Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> PublicKeys:
        key = Ed25519PrivateKey.from_private_bytes(self._signing)
        return PublicKeys(self.box.public, key.public_key().public_bytes_raw())

    @property
    def raw(self) -> bytes:
        """The bytes that a key file seals."""
        return self.box.raw + self._signing

    @staticmethod
    def from_raw(raw: bytes) -> "PrivateKeys":
        """Read `raw` back; raises `KeyRefused`."""
        if len(raw) != PRIVATE_LENGTH:
            raise KeyRefused("A private key has another length.")
        return PrivateKeys(BoxSecret(raw[:-_CURVE]), raw[-_CURVE:])

    def sign(self, label: str, message: bytes) -> bytes:
        """Sign `message` as a `label`: a signature on one kind of paper is none on another."""
        return Ed25519PrivateKey.from_private_bytes(self._signing).sign(
            encode(_SIGNED, label.encode(), message)
        )
