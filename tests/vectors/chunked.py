"""The published vectors of C2SP chunked encryption, from the package `cryptography-vectors`, and a second
reading of the specification (https://c2sp.org/chunked-encryption), plain and slow, to hold against the
product's.

The set is made with SHA-256; Cobblestone-256, which the product uses, is the same construction with SHA-512.
So the second reading is held against the set as it is published, and then puts each vector under SHA-512:
chunk for chunk, with whatever is wrong in it (a swapped chunk stays swapped, a bad tag bad, a false
commitment false).
"""

import base64
import hashlib
import hmac
import json
import zlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cryptography_vectors
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

CHUNK, TAG, SALT, HEAD = 16 * 1024, 16, 24, 56


@dataclass(frozen=True, slots=True)
class Vector:
    """One vector. `payload_sha256` counts only where it `succeeds`."""

    name: str
    aead: str
    succeeds: bool
    key: bytes
    context: bytes
    ciphertext: bytes
    payload_sha256: str
    payload_length: int


@cache
def load() -> tuple[Vector, ...]:
    """Return every vector of the set, of every AEAD."""
    folder = Path(cryptography_vectors.__file__).parent / "chunked-encryption"
    entries = json.loads((folder / "vectors.json").read_text())["vectors"]
    return tuple(_vector(entry) for entry in entries)


def _vector(entry: dict[str, str | int | bool]) -> Vector:
    ciphertext = base64.b64decode(str(entry["ciphertext"]))
    return Vector(
        name=str(entry["name"]),
        aead=str(entry["aead"]),
        succeeds=entry["expect"] == "success",
        key=bytes.fromhex(str(entry["key"])),
        context=str(entry["context"]).encode(),
        ciphertext=zlib.decompress(ciphertext) if entry.get("compressed") else ciphertext,
        payload_sha256=str(entry.get("payload_sha256", "")),
        payload_length=int(entry.get("payload_length") or 0),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """The specification, read once more: for one AEAD, hash, key, salt and context."""

    cipher: AESGCM | ChaCha20Poly1305
    base_nonce: int
    commitment: bytes

    @staticmethod
    def derive(vector: Vector, salt: bytes, digest: str) -> "Reading":
        length = 16 if vector.aead == "AEAD_AES_128_GCM" else 32
        if len(vector.key) != length:
            raise ValueError("key length")
        info = b"c2sp.org/chunked-encryption@v1+" + vector.aead.encode() + b"\0" + salt + vector.context
        stream = block = b""
        for counter in range(1, 5):  # HKDF-Expand, RFC 5869
            block = hmac.digest(vector.key, block + info + bytes((counter,)), digest)
            stream += block
        key, nonce = stream[:length], stream[length : length + 12]
        cipher = ChaCha20Poly1305(key) if "CHACHA" in vector.aead else AESGCM(key)
        return Reading(cipher, int.from_bytes(nonce), stream[length + 12 : length + 44])

    def nonce(self, number: int) -> bytes:
        return (self.base_nonce ^ number).to_bytes(12)


def chunks(ciphertext: bytes) -> list[bytes]:
    """Cut a ciphertext behind its head into sealed chunks; the last is always shorter than a whole one."""
    body, size = ciphertext[HEAD:], CHUNK + TAG
    return [body[at : at + size] for at in range(0, len(body) + 1, size)]


def read(vector: Vector, digest: str) -> bytes:
    """Open a vector by the second reading; raises `InvalidTag` or `ValueError`."""
    reading = Reading.derive(vector, vector.ciphertext[:SALT], digest)
    if len(vector.ciphertext) < HEAD or vector.ciphertext[SALT:HEAD] != reading.commitment:
        raise InvalidTag
    found = chunks(vector.ciphertext)
    return b"".join(reading.cipher.decrypt(reading.nonce(at), one, None) for at, one in enumerate(found))


def seal(vector: Vector, payload: bytes, salt: bytes, digest: str) -> bytes:
    """Seal a payload by the second reading, under a vector's key and context."""
    reading = Reading.derive(vector, salt, digest)
    parts = [payload[at : at + CHUNK] for at in range(0, len(payload) + 1, CHUNK)]
    sealed = [reading.cipher.encrypt(reading.nonce(at), part, None) for at, part in enumerate(parts)]
    return b"".join((salt, reading.commitment, *sealed))


def under_sha512(vector: Vector) -> Vector:
    """Return the vector as Cobblestone has it: the same chunks at the same places, the same faults."""
    if len(vector.ciphertext) < HEAD or len(vector.key) not in {16, 32}:
        return vector
    salt, commitment = vector.ciphertext[:SALT], vector.ciphertext[SALT:HEAD]
    old, new = Reading.derive(vector, salt, "sha256"), Reading.derive(vector, salt, "sha512")
    fault = int.from_bytes(commitment) ^ int.from_bytes(old.commitment)
    head = salt + (int.from_bytes(new.commitment) ^ fault).to_bytes(32)
    found = chunks(vector.ciphertext)
    body = b"".join(_moved(chunk, old, new, len(found)) for chunk in found)
    return replace(vector, ciphertext=head + body)


def _moved(chunk: bytes, old: Reading, new: Reading, count: int) -> bytes:
    for number in range(count + 1):
        try:
            return new.cipher.encrypt(
                new.nonce(number), old.cipher.decrypt(old.nonce(number), chunk, None), None
            )
        except InvalidTag:
            continue
    return chunk  # good under no number: as bad as before


def digest_of(payload: bytes) -> str:
    """Return the digest that the set gives of a payload."""
    return hashlib.sha256(payload).hexdigest()
