"""The first start, and the check at every later one.

Promise: `initialise` makes a root key for an empty database only; where rows exist, a missing or another key
stops the start (`RootKeyMissing`, `WrongRootKey`) and nothing is made, repaired or opened. `initialise` is
called by `manage.py up` and by tests; `check_root_key` by every process before it serves.
"""

import hmac
from uuid import UUID

from django.db import transaction

from vault import envelope
from vault.envelope import Place
from vault.errors import NotVerified, RootKeyMissing, WrongRootKey
from vault.keys import epoch, gone, held, locks
from vault.keys.root import RootKey, new_root_keys
from vault.models.keys import RootCheck, ScopeKey
from vault.vocabulary import Use

_CANARY = UUID("5afe0000-0000-4000-8000-00000000000c")


def initialise() -> None:
    """Make root key, epoch key and canary for a database without keys; check them where there are some."""
    from vault.keys import shares  # noqa: PLC0415 - both need the root key checked
    from vault.keys.scopekeys import ensure_fixed_scopes  # noqa: PLC0415

    with transaction.atomic():
        locks.finishing()
        if not _holds_keys():
            _first_keys()
        check_root_key()
        epoch.load()
        ensure_fixed_scopes()
        gone.replay()
        shares.give_missing()


def _holds_keys() -> bool:
    return RootCheck.objects.exists() or ScopeKey.objects.exists()


def _first_keys() -> None:
    try:
        held.reread()
    except RootKeyMissing:
        held.provider().create(new_root_keys())
        held.reread()
    if not epoch.exists():
        epoch.create()
    write_canary(held.keys().primary)


def check_root_key() -> None:
    """Raise `WrongRootKey` unless this process holds the root key that the database was sealed under."""
    canary = RootCheck.objects.filter(pk=_CANARY).first()
    if canary is None:
        raise RootKeyMissing("This database has no keys yet: `manage.py up` makes them.")
    root_id: UUID = canary.root_id
    try:
        root = held.named(root_id)
        said = envelope.unseal(held.wrapping_key(root, held.WRAP_SCOPE), _place(), bytes(canary.sealed))
    except NotVerified:
        raise WrongRootKey from None
    if not hmac.compare_digest(said, _words()):
        raise WrongRootKey


def write_canary(root: RootKey) -> None:
    """Seal the canary under `root`: at the first start, and when the root key is rotated."""
    blob = envelope.seal(held.wrapping_key(root, held.WRAP_SCOPE), root.id, _place(), _words())
    if not RootCheck.objects.filter(pk=_CANARY).update(root_id=root.id, sealed=blob):
        RootCheck.objects.create(id=_CANARY, root_id=root.id, sealed=blob)


def _words() -> bytes:
    # A tag under the seed: so a root key with another seed is found out as well.
    return hmac.digest(held.tag_key("canary"), b"canary", "sha256")


def _place() -> Place:
    return Place(Use.CANARY, "vault_rootcheck", "sealed", _CANARY)
