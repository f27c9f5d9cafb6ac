"""How the keys of rows are wrapped, and how they are taken out.

Promise: a wrapped key opens in its own row alone, for its own scope; a row moved to another scope raises.
Called by `vault.keys` only.
"""

from uuid import UUID

from vault import cipher, envelope
from vault.envelope import Place
from vault.errors import DestroyedKey, NotVerified
from vault.keys import held
from vault.keys.epoch import Epoch, Epochs
from vault.keys.root import RootKey
from vault.models.keys import KeystoreKey, ScopeKey
from vault.scopes import Scope
from vault.vocabulary import KeyState, Use


def wrap_scope_key(key_id: UUID, scope: Scope, inner: bytes, root: RootKey) -> bytes:
    """Return L2, or L2 under its share, under L1 `wrap-scope` of `root`."""
    return envelope.seal(
        held.wrapping_key(root, held.WRAP_SCOPE), root.id, _scope_place(key_id, scope), inner
    )


def unwrap_scope_key(row: ScopeKey) -> bytes:
    """Return the key of a row, or of a case the key under its share; no share is asked for.

    Raises `DestroyedKey`, `WrongRootKey` or `NotVerified`.
    """
    if row.state == KeyState.DESTROYED:
        raise DestroyedKey
    root_id: UUID = row.root_id
    blob = bytes(row.wrapped)
    if envelope.read_header(blob).key_id != root_id:
        raise NotVerified
    wrapping = held.wrapping_key(held.named(root_id), held.WRAP_SCOPE)
    return envelope.unseal(wrapping, _scope_place(row.pk, row.scope), blob)


def seal_under_share(key_id: UUID, scope: Scope, key: bytes, share: bytes) -> bytes:
    """Return the key of a case under its share, which lies in the keystore alone."""
    return envelope.seal(share, key_id, _scope_place(key_id, scope, Use.SCOPE_KEY_INNER), key)


def is_under_share(inner: bytes) -> bool:
    """Tell whether what the root key opened is a key yet."""
    return len(inner) != cipher.KEY_LENGTH


def open_under_share(row: ScopeKey, inner: bytes, share: bytes) -> bytes:
    """Return the key of a case. Raises `NotVerified`."""
    return envelope.unseal(share, _scope_place(row.pk, row.scope, Use.SCOPE_KEY_INNER), inner)


def seal_unit_key(row: KeystoreKey, inner: bytes, epoch: Epoch) -> bytes:
    """Return the inner blob under the epoch's key."""
    return envelope.seal(epoch.key, epoch.id, _unit_place(row, Use.UNIT_KEY_OUTER), inner)


def wrap_unit_key(row: KeystoreKey, key: bytes, scope_key: bytes) -> bytes:
    """Return L3 under the scope key that the row names: the inner blob."""
    scope_key_id: UUID = row.scope_key_id
    return envelope.seal(scope_key, scope_key_id, _unit_place(row, Use.UNIT_KEY), key)


def open_outer(row: KeystoreKey, epochs: Epochs) -> bytes:
    """Return the inner blob. Raises `DestroyedKey`, `UnknownKey` (its epoch is over) or `NotVerified`."""
    if row.state == KeyState.DESTROYED:
        raise DestroyedKey
    epoch_id: UUID = row.epoch_id
    blob = bytes(row.sealed)
    if envelope.read_header(blob).key_id != epoch_id:
        raise NotVerified
    return envelope.unseal(epochs.named(epoch_id).key, _unit_place(row, Use.UNIT_KEY_OUTER), blob)


def open_inner(row: KeystoreKey, inner: bytes, scope_key: bytes) -> bytes:
    """Return the key itself. Raises `NotVerified`."""
    if envelope.read_header(inner).key_id != row.scope_key_id:
        raise NotVerified
    return envelope.unseal(scope_key, _unit_place(row, Use.UNIT_KEY), inner)


def _scope_place(key_id: UUID, scope: Scope, use: Use = Use.SCOPE_KEY) -> Place:
    return Place(use, "vault_scopekey", "wrapped", key_id, scope)


def _unit_place(row: KeystoreKey, use: Use) -> Place:
    # The kind and the unit stand in the column's name, so that a row edited to serve another unit does not
    # open.
    return Place(
        use, "keystore_key", f"sealed|{row.kind}|{row.unit}|{row.belongs_to}", row.pk, row.scope.whole
    )
