"""The share of a case's key: one more layer, whose key lies in the keystore alone.

    wrapped = Seal(root key, Seal(share, case key))        share = Seal(epoch key, Seal(staff key, share))

A row under the root key alone could never be taken back: the database's log and each older dump would keep
it, and whoever seizes the machine has the root key too. With the share gone and the epoch turned, none of
them opens (`vault.caselocks`). The share outlives the keystore's row: the same one comes back when the case
is reopened, so that an older dump of the other tables still fits.

Promise: a case's key has one share, made with it. Called by `vault.keys` and by the lock of a case.
"""

from uuid import UUID

from vault.keys import held, locks, wrapping
from vault.keys.unitkeys import NewKey, insert_unit_key, new_unit_key
from vault.models.keys import ScopeKey
from vault.scopes import STAFF, Scope
from vault.vocabulary import KeyState, ScopeKind, UnitKind


def scope_of(unit: UUID) -> Scope:
    """Where a share lies: under the staff's key, for a key of a case or for all of a case's."""
    return Scope(STAFF.kind, STAFF.id, unit)


def make(key_id: UUID, case: Scope) -> bytes:
    """Put a new share for a case's key into the keystore and return it; the caller holds `locks.writing`."""
    new = new_unit_key(UnitKind.SHARE, belongs_to=case.id)
    insert_unit_key(scope_of(key_id), key_id, new)
    return new.key


def put_back(key_id: UUID, case: UUID, share: bytes) -> None:
    """Put a share back, under an id of its own: the one it had is destroyed and stays so."""
    new = new_unit_key(UnitKind.SHARE, belongs_to=case)
    insert_unit_key(scope_of(key_id), key_id, NewKey(new.id, new.kind, case, share))


def give_missing() -> int:
    """Give a share to the keys of cases that were made before there were shares; return how many.

    Called at the start, with all writers of keys held off; the row of before stays in the database's log
    until that is overwritten.
    """
    locks.writing()
    done = 0
    for row in ScopeKey.objects.filter(kind=ScopeKind.CASE).exclude(state=KeyState.DESTROYED):
        key = wrapping.unwrap_scope_key(row)
        if wrapping.is_under_share(key):
            continue
        inner = wrapping.seal_under_share(row.pk, row.scope, key, make(row.pk, row.scope))
        row.wrapped = wrapping.wrap_scope_key(row.pk, row.scope, inner, held.named(row.root_id))
        row.save(update_fields=["wrapped"])
        done += 1
    return done
