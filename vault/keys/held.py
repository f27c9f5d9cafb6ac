"""The root key that this process holds, and the domain keys (L1) derived from it.

Promise: one root key a process, read once from its provider; two domains never share a key. The keys of the
tags come from the root's seed, the wrapping keys from the root key a row names. Called by the vault only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import RLock
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from vault.errors import WrongRootKey
from vault.keys import providers
from vault.keys.root import Provider, RootKey, RootKeys

WRAP_SCOPE = "wrap-scope"
WRAP_KEYSTORE = "wrap-keystore"


class _Holder:
    """What the process holds. Threads share it."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.provider: Provider | None = None
        self.keys: RootKeys | None = None


_holder = _Holder()


def provider() -> Provider:
    """Return the provider in use; the settings name it unless a command chose one."""
    with _holder.lock:
        if _holder.provider is None:
            _holder.provider = providers.from_settings()
        return _holder.provider


def keys() -> RootKeys:
    """Return the root keys, reading them the first time. Raises `RootKeyMissing` or `RootKeyRefused`."""
    with _holder.lock:
        if _holder.keys is None:
            _holder.keys = provider().load()
        return _holder.keys


def reread() -> RootKeys:
    """Read the provider again: another process may have rotated the root key meanwhile."""
    with _holder.lock:
        _holder.keys = provider().load()
        _derive.cache_clear()  # what came from a key that was given up goes with it
        return _holder.keys


def named(root_id: UUID) -> RootKey:
    """Return the root key a row names, asking the provider again before raising `WrongRootKey`."""
    try:
        return keys().named(root_id)
    except WrongRootKey:
        return reread().named(root_id)


@contextmanager
def using(other: Provider | None) -> Iterator[None]:
    """Take the root key from another provider for the length of a block (None: ask the settings again)."""
    with _holder.lock:
        before = _holder.provider, _holder.keys
        _holder.provider, _holder.keys = other, None
    try:
        yield
    finally:
        with _holder.lock:
            _holder.provider, _holder.keys = before


def wrapping_key(root: RootKey, label: str) -> bytes:
    """Return the key under which `root` wraps scope keys or the epoch key."""
    return _derive(root.key, label)


def tag_key(label: str) -> bytes:
    """Return the domain key of a kind of tag."""
    return _derive(keys().seed, label)


# The derived keys are held as long as the root key itself, from which anyone who reads them could make them.
@lru_cache(maxsize=64)
def _derive(secret: bytes, label: str) -> bytes:
    return HKDFExpand(SHA512(), 32, b"casemgr domain key 1|" + label.encode()).derive(secret)
