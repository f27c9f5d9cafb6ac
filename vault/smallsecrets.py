"""Small sealed values outside the tables of sealed rows: a second factor's secret, a session's content.

Promise: a blob opens under its domain and the very context it was sealed with, or raises `NotVerified`. They
lie under the root key's seed: there is no row to record and no scope. Called by `accounts` only.
"""

from uuid import UUID

from vault import cipher, envelope, padding
from vault.envelope import Header, Place
from vault.errors import UnknownKey
from vault.keys import held
from vault.macs import Domain
from vault.vocabulary import Use

_SEED = UUID("5afe0000-0000-4000-8000-0000000000ff")


def seal(domain: Domain, bound_to: bytes, secret: bytes) -> bytes:
    """Seal `secret`, bound to `bound_to`."""
    return envelope.seal(_key(domain), _SEED, _place(domain), padding.pad(secret), bound_to)


def unseal(domain: Domain, bound_to: bytes, blob: bytes) -> bytes:
    """Open what `seal` returned; raises `NotVerified` or `UnknownKey`."""
    blob = bytes(blob)
    header: Header = envelope.read_header(blob)
    if header.key_id != _SEED:
        raise UnknownKey
    return padding.unpad(envelope.unseal(_key(domain), _place(domain), blob, bound_to))


def _place(domain: Domain) -> Place:
    return Place(Use.SMALL_SECRET, "small-secret", Domain(domain).value, _SEED)


def _key(domain: Domain) -> bytes:
    key = held.tag_key(f"seal {Domain(domain).value}")
    if len(key) != cipher.KEY_LENGTH:
        raise UnknownKey
    return key
