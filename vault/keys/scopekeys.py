"""L2: making the key of a case, of the staff or of the recipients.

Promise: a key is random, wrapped under the root key in use (a case's under its share of the keystore as well,
see `shares`), and told to the recorder, in the caller's transaction. Called by the action that makes a case,
and by `initialise` for the two fixed scopes.
"""

from uuid import UUID, uuid4

from django.db import transaction

from vault import cipher, ports
from vault.keys import held, locks, shares, startup, wrapping
from vault.keys.ring import ring
from vault.models.keys import ScopeKey
from vault.scopes import RECIPIENTS, STAFF, Scope
from vault.vocabulary import MACHINE, KeyState, ScopeKind


def create_scope_key(scope: Scope, *, by: str = MACHINE) -> UUID:
    """Make the first key of a scope and return its id. Raises `IntegrityError` where the scope has one.

    The root key is checked against the canary first: nothing is ever sealed under a wrong one.
    """
    if scope.unit is not None:
        raise ValueError("A unit's key is made by create_unit_key().")
    recorder = ports.current()
    with transaction.atomic():
        locks.writing()
        startup.check_root_key()
        key_id = insert_scope_key(scope, KeyState.PRIMARY).pk
        recorder.key_event(event="created", key_id=key_id, scope=scope, by=by)
    ring().forget(scope)
    return key_id


def insert_scope_key(scope: Scope, state: KeyState) -> ScopeKey:
    """Write a fresh key's row, under the newest root key; the caller holds `locks.writing`."""
    root = held.reread().primary
    key_id, key = uuid4(), cipher.new_key()
    if scope.kind is ScopeKind.CASE:
        key = wrapping.seal_under_share(key_id, scope, key, shares.make(key_id, scope))
    return ScopeKey.objects.create(
        id=key_id,
        kind=scope.kind,
        scope_id=scope.id,
        state=state,
        root_id=root.id,
        wrapped=wrapping.wrap_scope_key(key_id, scope, key, root),
    )


def ensure_fixed_scopes() -> None:
    """Make the keys of the staff and of the recipients where they are missing. Safe to repeat."""
    with transaction.atomic():
        for scope in (STAFF, RECIPIENTS):
            if not ScopeKey.objects.filter(kind=scope.kind, scope_id=scope.id).exists():
                create_scope_key(scope)
