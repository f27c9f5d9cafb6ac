"""The tables of the vault: keys, stored files, sealed identities."""

from vault.models.identities import IdentityHalf, SealedIdentity
from vault.models.keys import DestroyedKey, KeystoreKey, RootCheck, ScopeKey
from vault.models.storedfile import StoredFile

__all__ = [
    "DestroyedKey",
    "IdentityHalf",
    "KeystoreKey",
    "RootCheck",
    "ScopeKey",
    "SealedIdentity",
    "StoredFile",
]
