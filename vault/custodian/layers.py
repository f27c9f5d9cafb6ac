"""An identity's key under two layers, and the identity under its key.

    wrapped = Seal(server share, Seal(HKDF-SHA512(custodian secret, info=context), identity key))

Promise: the server's share alone opens nothing and the custodians' secret alone opens nothing. The server can
change its share (`change_share`) without opening a name, which blinds every older copy of its database, for a
departed custodian too. All of it is bound to case, witness and version. Called by the vault's sealing, by
revocation and by what opens an answer.
"""

from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault import cipher, envelope, padding
from vault.custodian.pairs import Matter, Subject
from vault.envelope import Place
from vault.scopes import Scope
from vault.vocabulary import Use

LEAST: Final = 4096  # every identity is one length: the longest name tells nothing
_KEY: Final = b"casemgr custodian secret to key 1"
_INNER_ID: Final = UUID("5afe0000-0000-4000-8000-000000000071")
_CONTENT_ID: Final = UUID("5afe0000-0000-4000-8000-000000000072")


def wrap(identity_key: bytes, secret: bytes, subject: Subject, share: bytes, share_id: UUID) -> bytes:
    """Return the identity's key under both layers."""
    inner = envelope.seal(
        _key_of(secret, subject), _INNER_ID, _place(Use.IDENTITY_KEY, subject), identity_key
    )
    return _wrap_outer(inner, subject, share, share_id)


def open_outer(wrapped: bytes, subject: Subject, share: bytes) -> bytes:
    """Take the server's layer off: what is left opens to two custodians. Raises `NotVerified`."""
    return envelope.unseal(share, _place(Use.IDENTITY_KEY_OUTER, subject), wrapped)


def open_inner(inner: bytes, subject: Subject, secret: bytes) -> bytes:
    """Take the custodians' layer off and return the identity's key. Raises `NotVerified`."""
    return envelope.unseal(_key_of(secret, subject), _place(Use.IDENTITY_KEY, subject), inner)


def change_share(wrapped: bytes, subject: Subject, old: bytes, new: bytes, new_id: UUID) -> bytes:
    """Return the identity's key under another share of the server; no name is opened for it."""
    return _wrap_outer(open_outer(wrapped, subject, old), subject, new, new_id)


def share_of(wrapped: bytes) -> UUID:
    """Return the id of the server's share that a wrapped key names."""
    return envelope.read_header(wrapped).key_id


def seal_content(identity_key: bytes, subject: Subject, content: bytes) -> bytes:
    """Seal an identity under its own key, padded to one length."""
    place = _place(Use.IDENTITY, subject)
    return envelope.seal(identity_key, _CONTENT_ID, place, padding.pad(content, LEAST))


def open_content(identity_key: bytes, subject: Subject, sealed: bytes) -> bytes:
    """Open what `seal_content` returned; raises `NotVerified`."""
    return padding.unpad(envelope.unseal(identity_key, _place(Use.IDENTITY, subject), sealed))


def _wrap_outer(inner: bytes, subject: Subject, share: bytes, share_id: UUID) -> bytes:
    return envelope.seal(share, share_id, _place(Use.IDENTITY_KEY_OUTER, subject), inner)


def _key_of(secret: bytes, subject: Subject) -> bytes:
    kdf = HKDF(algorithm=SHA512(), length=cipher.KEY_LENGTH, salt=None, info=subject.context(_KEY))
    return kdf.derive(secret)


_OF_A_LOCK: Final = {
    Use.IDENTITY: Use.CASE_LOCK,
    Use.IDENTITY_KEY: Use.CASE_LOCK_KEY,
    Use.IDENTITY_KEY_OUTER: Use.CASE_LOCK_KEY_OUTER,
}


def _place(use: Use, subject: Subject) -> Place:
    column = f"{subject.case_code}|{subject.witness_code}|{subject.version}"
    table = "sealed_identity"
    if subject.matter is Matter.CASE_LOCK:
        use, table = _OF_A_LOCK[use], "sealed_case"
    return Place(use, table, column, subject.witness_id, Scope.case(subject.case_id))
