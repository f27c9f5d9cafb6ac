"""The keys of one call: each unwrapped once, however many values it opens.

Promise: a key is given out for its own scope alone, never a destroyed one, and is forgotten with the ring.
There is no cache of the process. Called by the vault; the door may keep one ring for a transaction with
`holding`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

from vault.errors import DestroyedKey, KeyLocked, UnknownKey
from vault.keys import epoch, wrapping
from vault.keys.epoch import Epochs
from vault.models.keys import KeystoreKey, ScopeKey
from vault.scopes import STAFF, Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import KeyState

_ANY_DESTROYED = "SELECT EXISTS (SELECT FROM vault_destroyedkey WHERE id = ANY (%s::uuid[]))"
# As text, and with the question whether it was destroyed in the same breath: every opening begins with it.
_SCOPE_KEYS = """
    SELECT k.id, k.kind, k.scope_id, k.state, k.root_id, k.wrapped, k.created_at,
           EXISTS (SELECT FROM vault_destroyedkey d WHERE d.id = k.id) AS is_destroyed
    FROM vault_scopekey k WHERE """
_NAMED = _SCOPE_KEYS + "k.id = ANY (%s::uuid[])"
_SEALING = _SCOPE_KEYS + "k.kind = %s AND k.scope_id = %s AND k.state = %s"
Named = tuple[UUID, Scope]
Reading = Callable[[], list[KeystoreKey]]


class Ring:
    """Unwrapped keys by id, each with the scope it may serve.

    A ring saves unwrapping and nothing else: which key seals now, and whether one was destroyed meanwhile, is
    asked anew at each call, since a rotation or an erasure may end while a ring is held.
    """

    __slots__ = ("_epochs", "_keys")

    def __init__(self) -> None:
        self._keys: dict[UUID, tuple[Scope, bytes]] = {}
        self._epochs: Epochs | None = None

    def __repr__(self) -> str:
        return "<ring>"

    def key(self, key_id: UUID, scope: Scope) -> bytes:
        """Return the key a blob names. Raises `UnknownKey` where it is not a key of this scope."""
        return self.take([(key_id, scope)])[key_id]

    def primary(self, scope: Scope) -> tuple[UUID, bytes]:
        """Return id and key that new values of the scope are sealed under. Raises `UnknownKey`."""
        unit = scope.unit
        if unit is None:
            key_id = self._take_scope_keys(_primary_scope_key(scope))[0]
        else:
            key_id = self._take_unit_keys(lambda: _primary_unit_key(scope, unit))[0]
        return key_id, self._keys[key_id][1]

    def take(self, wanted: Collection[Named], *, also: Collection[UUID] = ()) -> dict[UUID, bytes]:
        """Return all the keys that a call will need: one query a kind of key, one for those that are held.

        `also` names keys that came with them and must not have been destroyed either. Raises `UnknownKey`
        where one is not a key of its scope, `DestroyedKey`.
        """
        missing = {key_id: scope for key_id, scope in wanted if key_id not in self._keys}
        held = [*also, *(key_id for key_id, _scope in wanted if key_id in self._keys)]
        whole = [key_id for key_id, scope in missing.items() if scope.unit is None]
        units = [key_id for key_id, scope in missing.items() if scope.unit is not None]
        if held:
            refuse_destroyed(held)
        if whole:
            self._take_scope_keys(list(ScopeKey.objects.raw(_NAMED, [whole])))
        if units:
            self._take_unit_keys(lambda: list(KeystoreKey.objects.filter(pk__in=units)))
        for key_id, scope in wanted:
            if key_id not in self._keys or self._keys[key_id][0] != scope:
                raise UnknownKey
        return {key_id: self._keys[key_id][1] for key_id, _scope in wanted}

    def forget(self, scope: Scope) -> None:
        """Forget every key of a scope and its units: one of them was just rotated or destroyed."""
        gone = [key_id for key_id, (of, _) in self._keys.items() if of.whole == scope.whole]
        for key_id in gone:
            del self._keys[key_id]

    def _take_scope_keys(self, rows: list[ScopeKey]) -> list[UUID]:
        if not rows:
            raise UnknownKey
        if any(vars(row)["is_destroyed"] for row in rows):
            raise DestroyedKey
        inners = {row: wrapping.unwrap_scope_key(row) for row in rows if row.pk not in self._keys}
        shares = self.shares([row.pk for row, inner in inners.items() if wrapping.is_under_share(inner)])
        for row, inner in inners.items():
            share = shares.get(row.pk)
            key = inner if share is None else wrapping.open_under_share(row, inner, share)
            self._keys[row.pk] = row.scope, key
        return [row.pk for row in rows]

    def shares(self, key_ids: Collection[UUID]) -> dict[UUID, bytes]:
        """Return the shares under which these keys of cases lie. Raises `KeyLocked` where one is not here."""
        if not key_ids:
            return {}
        mine = KeystoreKey.objects.filter(unit__in=key_ids, scope_kind=STAFF.kind, state=KeyState.PRIMARY)
        try:
            rows, inners = self._open_outers(lambda: list(mine.all()))
        except UnknownKey:
            raise KeyLocked from None
        staff = self.take([(row.scope_key_id, STAFF) for row in rows], also=[row.pk for row in rows])
        found = {
            row.unit: wrapping.open_inner(row, inner, staff[row.scope_key_id])
            for row, inner in zip(rows, inners, strict=True)
        }
        if set(found) != set(key_ids):
            raise KeyLocked
        return found

    def _take_unit_keys(self, read: Reading) -> list[UUID]:
        rows, inners = self._open_outers(read)
        self.take([(row.scope_key_id, row.scope.whole) for row in rows], also=[row.pk for row in rows])
        for row, inner in zip(rows, inners, strict=True):
            scope_key = self._keys[row.scope_key_id][1]
            self._keys[row.pk] = row.scope, wrapping.open_inner(row, inner, scope_key)
        return [row.pk for row in rows]

    def _open_outers(self, read: Reading) -> tuple[list[KeystoreKey], list[bytes]]:
        """Read rows of the keystore and take off the epoch's layer; a service may have a part in that."""
        rows = read_keystore(read)
        try:
            epochs = self._epochs or epoch.load()
            inners = [wrapping.open_outer(row, epochs) for row in rows]
        except UnknownKey:
            # A rotation of the epoch ended meanwhile: the rows are under the new one by now.
            rows, epochs = read_keystore(read), epoch.load()
            inners = [wrapping.open_outer(row, epochs) for row in rows]
        self._epochs = epochs
        return rows, inners


def _primary_scope_key(scope: Scope) -> list[ScopeKey]:
    return list(ScopeKey.objects.raw(_SEALING, [scope.kind, scope.id, KeyState.PRIMARY]))


def _primary_unit_key(scope: Scope, unit: UUID) -> list[KeystoreKey]:
    found = KeystoreKey.objects.filter(unit=unit, scope_kind=scope.kind, scope_id=scope.id)
    return list(found.filter(state=KeyState.PRIMARY))


def read_keystore(read: Reading) -> list[KeystoreKey]:
    """Read rows in the keystore's role. Raises `OutsideTransaction`, or `UnknownKey` where there is none."""
    with stepping_into(Guarded.KEYSTORE):
        rows = read()
    if not rows:
        raise UnknownKey
    return rows


def refuse_destroyed(key_ids: Iterable[UUID]) -> None:
    """Raise `DestroyedKey` when one of the keys was destroyed."""
    # A restored backup may bring a destroyed key back; this list is not restored with it.
    with connection.cursor() as cursor:  # as text: every opening asks it, some of them thrice
        cursor.execute(_ANY_DESTROYED, [list(key_ids)])
        if cursor.fetchone() != (False,):
            raise DestroyedKey


_kept: ContextVar[Ring | None] = ContextVar("ring", default=None)


@contextmanager
def holding() -> Iterator[Ring]:
    """Keep one ring for the length of a block (a transaction), and forget it at its end."""
    ring = _kept.get() or Ring()
    token = _kept.set(ring)
    try:
        yield ring
    finally:
        _kept.reset(token)


def ring() -> Ring:
    """Return the ring of the block that is open, or a fresh one for this call."""
    return _kept.get() or Ring()
