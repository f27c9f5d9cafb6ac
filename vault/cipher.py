"""The one module that meets a cipher: C2SP chunked encryption (Cobblestone-256, AES-256-GCM underneath).

Promise: what opens is exactly what was sealed, under this key and this context, complete and in order, or
`NotVerified` is raised. The construction commits to its key and keeps no nonce for a caller to get wrong; a
fresh salt makes two sealings of one plaintext differ. Called by the vault's own modules only.

Limits: Python cannot wipe memory, so a key or plaintext may stay in a freed page of the process.
"""

from collections.abc import Iterable

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from vault.errors import NotVerified

KEY_LENGTH = 32
_CHUNK, _TAG, _HEAD = 16 * 1024, 16, 56  # payload of a chunk, its tag, salt and commitment before the first


def new_key() -> bytes:
    """Return 32 random bytes from the operating system."""
    return Cobblestone256Encryptor.generate_key()


def sealed_length(length: int) -> int:
    """Return how many bytes `length` bytes become."""
    return _HEAD + length + _TAG * (length // _CHUNK + 1)


def seal(key: bytes, context: bytes, plaintext: bytes | memoryview) -> bytes:
    """Seal `plaintext` under a 32-byte `key`, bound to `context`."""
    sealer = Cobblestone256Encryptor(key, context)  # refuses a key of another length
    return sealer.update(plaintext) + sealer.finalize()


def unseal(key: bytes, context: bytes, ciphertext: bytes | memoryview) -> bytes:
    """Open what `seal` returned; raises `NotVerified` for anything else."""
    try:
        opener = Cobblestone256Decryptor(key, context)  # refuses a key of another length
        return opener.update(ciphertext) + opener.finalize()
    except InvalidTag:
        raise NotVerified from None


def seal_into(key: bytes, context: bytes, plaintext: memoryview, room: memoryview) -> None:
    """Seal `plaintext` into `room`, which holds `sealed_length` bytes: no memory is asked for on the way."""
    sealer = Cobblestone256Encryptor(key, context)
    done = sealer.update_into(plaintext, room)
    room[done:] = sealer.finalize()


def unseal_into(key: bytes, context: bytes, ciphertext: memoryview, room: memoryview) -> int:
    """Open what was sealed into `room`, large enough for it; return the length of the plaintext.

    Raises `NotVerified`; then what lies in `room` is nothing that may be used.
    """
    try:
        opener = Cobblestone256Decryptor(key, context)
        done = opener.update_into(ciphertext, room)
        rest = opener.finalize()
    except InvalidTag:
        raise NotVerified from None
    room[done : done + len(rest)] = rest
    return done + len(rest)


def unseal_parts(key: bytes, context: bytes, parts: Iterable[bytes | memoryview]) -> bytes:
    """Open a ciphertext that arrives in parts of any size; nothing is returned before all of it verified."""
    try:
        opener = Cobblestone256Decryptor(key, context)
        opened = [opener.update(part) for part in parts]
        opened.append(opener.finalize())
    except InvalidTag:
        raise NotVerified from None
    return b"".join(opened)
