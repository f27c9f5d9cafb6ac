"""Rotating keys while the product runs.

Promise: each row is wrapped anew in a transaction of its own, so a rotation that is killed anywhere is
resumed by calling it again; every row is readable at every moment; the old key is given up only when, with
all writers of keys held off, no row names it. Called by `manage.py rotate_keys`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from vault import ports
from vault.errors import KeyStillInUse, UnknownKey
from vault.keys import epoch, held, locks, recovery, startup, wrapping
from vault.keys.epoch import Epochs
from vault.keys.ring import Ring
from vault.keys.root import RootKey, RootKeys, new_root_key
from vault.keys.scopekeys import insert_scope_key
from vault.keys.unitkeys import keep_unit_key, new_unit_key
from vault.models.keys import KeystoreKey, ScopeKey
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import KeyState, ScopeKind, UnitKind

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows one rotation wrapped anew, and how many were so already."""

    what: str
    done: int
    before: int


@locks.rotating()
def rotate_root(*, by: str) -> Count:
    """L0: make a new root key, wrap every scope key, the epoch and the canary under it, drop the old one.

    The seed of the tags stays. Raises `KeyStillInUse` when something still names an old root key.
    """
    startup.check_root_key()
    keys = held.reread()
    if not keys.older:  # else a rotation was interrupted: go on with its key
        keys = RootKeys(new_root_key(), (keys.primary,), keys.seed)
        held.provider().replace(keys)
        recovery.renew(Path(settings.ROOT_RECOVERY_FILE), held.reread())
    new = keys.primary
    before = ScopeKey.objects.filter(root_id=new.id).count()
    done = sum(_rewrap_scope_key(key_id, new) for key_id in _ids(_under_other_root(new)))
    _finish_root(new, keys.seed, by)
    return Count("root", done, before)


def _under_other_root(root: RootKey) -> "models.QuerySet[ScopeKey]":
    return ScopeKey.objects.exclude(root_id=root.id).exclude(state=KeyState.DESTROYED)


def _rewrap_scope_key(key_id: UUID, root: RootKey) -> int:
    with transaction.atomic():
        row = _under_other_root(root).select_for_update().filter(pk=key_id).first()
        if row is None:
            return 0
        row.wrapped = wrapping.wrap_scope_key(row.pk, row.scope, wrapping.unwrap_scope_key(row), root)
        row.root_id = root.id
        row.save(update_fields=["wrapped", "root_id"])
    return 1


def _finish_root(new: RootKey, seed: bytes, by: str) -> None:
    with transaction.atomic():
        locks.finishing()
        for key_id in _ids(_under_other_root(new)):  # made by others meanwhile; nobody makes more now
            _rewrap_scope_key(key_id, new)
        if epoch.named_roots() != {new.id}:
            epoch.replace(epoch.load())
        startup.write_canary(new)
        if _under_other_root(new).exists() or epoch.named_roots() != {new.id}:
            raise KeyStillInUse
        ports.current().key_event(event="rotated", key_id=new.id, scope=None, by=by)
    # Only after the transaction is durable: a canary of the old root must never meet a file without it.
    held.provider().replace(RootKeys(new, (), seed))
    recovery.renew(Path(settings.ROOT_RECOVERY_FILE), held.reread())


@locks.rotating()
def rotate_epoch(*, by: str) -> Count:
    """Turn the epoch: put every key of the keystore under a new epoch key and destroy the old one.

    What was deleted from the keystore is unreadable from then on, in every copy of the database; and, where a
    service seals the epoch's file, with every older copy of that file.
    """
    epochs = epoch.load()
    if not epochs.older:
        with transaction.atomic():
            locks.finishing()
            epoch.replace(Epochs(epoch.new(), (epochs.primary,)))
        epochs = epoch.load()
    new = epochs.primary
    before = _count(lambda: KeystoreKey.objects.filter(epoch_id=new.id))
    done = sum(_turn(key_id, epochs) for key_id in _guarded_ids(lambda: _under_other_epoch(new.id)))
    with transaction.atomic():
        locks.finishing()
        if _count(lambda: _under_other_epoch(new.id)):
            raise KeyStillInUse
        ports.current().key_event(event="rotated", key_id=new.id, scope=None, by=by)
    epoch.leave_behind(new)
    return Count("epoch", done, before)


@locks.rotating()
def settle_epoch() -> None:
    """Finish a turn whose new file is written, where a service must destroy what opened the older ones."""
    epoch.settle()


def _under_other_epoch(epoch_id: UUID) -> "models.QuerySet[KeystoreKey]":
    return KeystoreKey.objects.exclude(epoch_id=epoch_id)


def _turn(key_id: UUID, epochs: Epochs) -> int:
    with transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        row = _under_other_epoch(epochs.primary.id).select_for_update().filter(pk=key_id).first()
        if row is None:
            return 0
        inner = wrapping.open_outer(row, epochs)
        row.sealed = wrapping.seal_unit_key(row, inner, epochs.primary)
        row.epoch_id = epochs.primary.id
        row.save(update_fields=["sealed", "epoch_id"])
    return 1


@locks.rotating()
def rotate_scope(scope: Scope, *, by: str) -> Count:
    """L2: make a new key for a scope and wrap the keys of its witnesses and files under it.

    The old key opens what was sealed under it and seals nothing any more: rows of content are never
    rewritten.
    """
    new_id = _new_primary(scope, by)
    mine = KeystoreKey.objects.filter(scope_kind=scope.kind, scope_id=scope.id)
    before = _count(lambda: mine.filter(scope_key_id=new_id))
    other = mine.exclude(scope_key_id=new_id)
    done = sum(_rewrap_unit_key(key_id, new_id, scope) for key_id in _guarded_ids(other.all))
    with transaction.atomic():
        locks.finishing()
        if _count(other.all):
            raise KeyStillInUse
        old = ScopeKey.objects.filter(kind=scope.kind, scope_id=scope.id, state=KeyState.ENABLED)
        old.update(state=KeyState.DECRYPT_ONLY)
        ports.current().key_event(event="rotated", key_id=new_id, scope=scope, by=by)
    return Count(f"{scope.kind}:{scope.id}", done, before)


def _new_primary(scope: Scope, by: str) -> UUID:
    """Make the new key, or find an interrupted rotation's: its predecessor is `enabled` still.

    Raises `UnknownKey` where the scope has none.
    """
    with transaction.atomic():
        locks.finishing()
        startup.check_root_key()
        keys = ScopeKey.objects.filter(kind=scope.kind, scope_id=scope.id)
        primary = keys.select_for_update().filter(state=KeyState.PRIMARY).first()
        if primary is None:
            raise UnknownKey
        if keys.filter(state=KeyState.ENABLED).exists():
            return primary.pk
        primary.state = KeyState.ENABLED
        primary.save(update_fields=["state"])
        key_id = insert_scope_key(scope, KeyState.PRIMARY).pk
        ports.current().key_event(event="created", key_id=key_id, scope=scope, by=by)
    return key_id


def _rewrap_unit_key(key_id: UUID, new_id: UUID, scope: Scope) -> int:
    with transaction.atomic():
        locks.writing()  # the epoch in the file stays the one in use until this row is written
        with stepping_into(Guarded.KEYSTORE):
            rows = KeystoreKey.objects.select_for_update().exclude(scope_key_id=new_id)
            row = rows.filter(pk=key_id).first()
        if row is None:
            return 0
        ring, epochs = Ring(), epoch.load()
        old_key, new_key = ring.key(row.scope_key_id, scope), ring.key(new_id, scope)
        key = wrapping.open_inner(row, wrapping.open_outer(row, epochs), old_key)
        row.scope_key_id, row.epoch_id = new_id, epochs.primary.id
        row.sealed = wrapping.seal_unit_key(row, wrapping.wrap_unit_key(row, key, new_key), epochs.primary)
        with stepping_into(Guarded.KEYSTORE):
            row.save(update_fields=["sealed", "scope_key_id", "epoch_id"])
    return 1


@locks.rotating()
def rotate_witnesses(scope: Scope, *, by: str) -> Count:
    """L3: give each witness of a scope a new key; the old one opens what it sealed and seals nothing more."""
    mine = KeystoreKey.objects.filter(
        kind=UnitKind.WITNESS, scope_kind=scope.kind, scope_id=scope.id, state=KeyState.PRIMARY
    )
    done = sum(_renew_unit_key(key_id, scope, by) for key_id in _guarded_ids(mine.all))
    return Count(f"witnesses of {scope.kind}:{scope.id}", done, 0)


def _renew_unit_key(key_id: UUID, scope: Scope, by: str) -> int:
    with transaction.atomic():
        locks.writing()
        with stepping_into(Guarded.KEYSTORE):
            rows = KeystoreKey.objects.select_for_update().filter(pk=key_id, state=KeyState.PRIMARY)
            row = rows.first()
            if row is None:  # erased meanwhile
                return 0
            row.state = KeyState.DECRYPT_ONLY
            row.save(update_fields=["state"])
        of = Scope(scope.kind, scope.id, row.unit)
        new = keep_unit_key(of, new_unit_key(UnitKind.WITNESS), by=by)
        ports.current().key_event(event="rotated", key_id=new, scope=of, by=by)
    return 1


def every_scope() -> Iterator[Scope]:
    """Yield each scope that has a key in use."""
    found = ScopeKey.objects.filter(state=KeyState.PRIMARY).order_by("created_at", "id")
    for kind, scope_id in found.values_list("kind", "scope_id"):
        yield Scope(ScopeKind(kind), scope_id)


def _ids(rows: "models.QuerySet[Row]") -> list[UUID]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _guarded_ids(rows: Callable[[], "models.QuerySet[KeystoreKey]"]) -> list[UUID]:
    with transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        return _ids(rows())


def _count(rows: Callable[[], "models.QuerySet[KeystoreKey]"]) -> int:
    with transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        return rows().count()
