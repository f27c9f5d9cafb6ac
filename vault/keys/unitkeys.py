"""L3: making and destroying the key of one witness or file, in the keystore.

Promise: such a key lies in the keystore alone, under the epoch's and its scope's key, and can be destroyed
alone. Called by the action that registers a witness, by the sealer of files, and by erasure.
"""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from vault import cipher, ports
from vault.keys import epoch, gone, locks, wrapping
from vault.keys.ring import ring
from vault.models.keys import DestroyedKey, KeystoreKey
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import MACHINE, KeyState, UnitKind


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that the keystore does not hold yet: what is sealed under it is lost until it is kept."""

    id: UUID
    kind: UnitKind
    belongs_to: UUID | None
    key: bytes = field(repr=False)


def new_unit_key(kind: UnitKind = UnitKind.FILE, *, belongs_to: UUID | None = None) -> NewKey:
    """Return a fresh key. `belongs_to` names the witness whose erasure takes a file's key with it."""
    return NewKey(uuid4(), kind, belongs_to, cipher.new_key())


def create_unit_key(scope: Scope, *, by: str = MACHINE) -> UUID:
    """Make the key of a witness and return its id. Raises `IntegrityError` where there is one."""
    return keep_unit_key(scope, new_unit_key(UnitKind.WITNESS), by=by)


def keep_unit_key(scope: Scope, new: NewKey, *, by: str) -> UUID:
    """Put a key into the keystore and return its id. Raises `IntegrityError` where the unit has one."""
    if scope.unit is None:
        raise ValueError("A scope without a unit has its key from create_scope_key().")
    recorder = ports.current()
    with transaction.atomic():
        locks.writing()
        insert_unit_key(scope, scope.unit, new)
        recorder.key_event(event="created", key_id=new.id, scope=scope, by=by)
    return new.id


def insert_unit_key(scope: Scope, unit: UUID, new: NewKey) -> None:
    """Write the key's row; the caller holds `locks.writing` and says what it was for."""
    row = _row(scope, unit, new)
    with stepping_into(Guarded.KEYSTORE):
        row.save(force_insert=True)


def _row(scope: Scope, unit: UUID, new: NewKey) -> KeystoreKey:
    scope_key_id, scope_key = ring().primary(scope.whole)
    now = epoch.load().primary
    row = KeystoreKey(
        id=new.id,
        kind=new.kind,
        scope_kind=scope.kind,
        scope_id=scope.id,
        unit=unit,
        belongs_to=new.belongs_to,
        state=KeyState.PRIMARY,
        scope_key_id=scope_key_id,
        epoch_id=now.id,
    )
    row.sealed = wrapping.seal_unit_key(row, wrapping.wrap_unit_key(row, new.key, scope_key), now)
    return row


def destroy_unit_key(scope: Scope, *, by: str) -> list[UUID]:
    """Delete every key of the scope's unit, and of the files that belong to it; return the ids.

    Their ids are remembered as destroyed. What backups still hold becomes unreadable with the next rotation
    of the epoch. Raises nothing where there is no key left: an erasure that was interrupted is repeated.
    """
    if scope.unit is None:
        raise ValueError("Only a unit's key is destroyed alone.")
    recorder = ports.current()
    with transaction.atomic():
        locks.writing()
        with stepping_into(Guarded.KEYSTORE):
            mine = Q(unit=scope.unit) | Q(belongs_to=scope.unit)
            rows = KeystoreKey.objects.filter(mine, scope_kind=scope.kind, scope_id=scope.id)
            key_ids: list[UUID] = [row.pk for row in rows.select_for_update()]
            rows.delete()
        DestroyedKey.objects.bulk_create([DestroyedKey(id=key_id) for key_id in key_ids])
        for key_id in key_ids:
            recorder.key_event(event="destroyed", key_id=key_id, scope=scope, by=by)
        # Not before: an id that was written down and then kept would be refused at the next start.
        transaction.on_commit(lambda: gone.remember(key_ids))
    ring().forget(scope)
    return key_ids
