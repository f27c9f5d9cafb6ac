"""Taking a case's key from the server and giving it to the custodians; and the way back.

What goes is the shares under which the case's keys lie (`vault.keys.shares`): sealed to every pair of
custodians, by the construction that seals a name and under a context of its own, and deleted from the
keystore. Once the epoch has turned (`vault.keys.shredding`), nothing that this machine holds or held opens
anything of the case.

Promise: in one transaction the shares are sealed and deleted, or neither; what two custodians answer opens
one lock and never a name, nor the other way round; what comes back is tried on every key of the case before
anything counts as open. Must run in a transaction. Called by the actions that lock and reopen a case.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from vault import cipher, ports
from vault.custodian import canonical, layers, pairs
from vault.custodian.canonical import Reader, Value, written
from vault.custodian.directory import Directory
from vault.custodian.errors import CustodianError
from vault.custodian.pairs import Binding, Half, Matter, Subject
from vault.custodian.papers import half_facts, read_binding
from vault.errors import NotVerified
from vault.keys import epoch, locks, shares
from vault.keys.ring import Ring, ring
from vault.keys.unitkeys import NewKey, destroy_unit_key, keep_unit_key, new_unit_key
from vault.models.keys import ScopeKey
from vault.scopes import Scope
from vault.vocabulary import KeyState, ScopeKind, UnitKind

_LIMIT = 64 * 1024 * 1024
_MOST_HALVES = 1000
_ID = 16


@dataclass(frozen=True, slots=True)
class Taken:
    """What a lock leaves: what only custodians open, and under which epochs older copies can lie."""

    sealed: bytes
    keys: int
    epochs: list[UUID]


def subject_of(*, case: tuple[UUID, str], lock: tuple[UUID, str]) -> Subject:
    """What the halves of a lock are bound to; ids and codes."""
    return Subject(*case, *lock, version=1, matter=Matter.CASE_LOCK)


def digest_of(sealed: bytes) -> str:
    """SHA-256 over what only custodians open."""
    return hashlib.sha256(b"sealed case 1" + sealed).hexdigest()


def take_away(subject: Subject, directory: Directory, *, by: str) -> Taken:
    """Seal the shares of a case to every pair, and delete them. Raises `KeyLocked` where they are gone."""
    locks.writing()  # no epoch begins or ends until this transaction does
    epochs = epoch.load()
    found = Ring().shares(_keys_of(subject.case_id))
    content = b"".join(key_id.bytes + share for key_id, share in sorted(found.items()))
    key, secret = cipher.new_key(), pairs.new_secret()
    halves = pairs.split(secret, subject, directory.box_keys, directory.pairs, directory.number)
    destroy_unit_key(shares.scope_of(subject.case_id), by=by)
    own = new_unit_key(UnitKind.SHARE)
    keep_unit_key(shares.scope_of(subject.witness_id), own, by=by)
    sealed = _written(subject, halves, _wrap(key, secret, subject, own), key, content)
    ring().forget(Scope.case(subject.case_id))
    return Taken(sealed, len(found), [one.id for one in (epochs.primary, *epochs.older)])


def halves_of(sealed: bytes, subject: Subject, holder: UUID | None = None) -> list[Half]:
    """The halves of a lock, or those that one person can open. Raises `NotVerified`."""
    found = _read(sealed, subject).halves
    return [one for one in found if holder in (None, one.binding.holder)]


def digests_of(sealed: bytes, subject: Subject) -> dict[Binding, bytes]:
    """The digest that was kept for each half."""
    return {half.binding: half.digest for half in halves_of(sealed, subject)}


def give_back(sealed: bytes, subject: Subject, secret: bytes, *, by: str) -> int:
    """Put the shares back with what two custodians joined; return how many keys of the case open again.

    Raises `NotVerified` or `KeyLocked` where one does not, and nothing came back.
    """
    paper, recorder = _read(sealed, subject), ports.current()
    locks.writing()
    scope = shares.scope_of(subject.witness_id)
    own = Ring().primary(scope)[1]
    key = layers.open_inner(layers.open_outer(paper.wrapped, subject, own), subject, secret)
    found = _parted(layers.open_content(key, subject, paper.content))
    for key_id, share in found.items():
        shares.put_back(key_id, subject.case_id, share)
        recorder.key_event(event="created", key_id=key_id, scope=Scope.case(subject.case_id), by=by)
    destroy_unit_key(scope, by=by)
    ring().forget(Scope.case(subject.case_id))
    wanted = _keys_of(subject.case_id)
    Ring().take([(key_id, Scope.case(subject.case_id)) for key_id in wanted])
    return len(wanted)


def _keys_of(case: UUID) -> list[UUID]:
    rows = ScopeKey.objects.filter(kind=ScopeKind.CASE, scope_id=case).exclude(state=KeyState.DESTROYED)
    return list(rows.values_list("pk", flat=True))


def _wrap(key: bytes, secret: bytes, subject: Subject, own: NewKey) -> bytes:
    return layers.wrap(key, secret, subject, own.key, own.id)


def _parted(content: bytes) -> dict[UUID, bytes]:
    step = _ID + cipher.KEY_LENGTH
    if not content or len(content) % step:
        raise NotVerified
    parts = [content[at : at + step] for at in range(0, len(content), step)]
    return {UUID(bytes=part[:_ID]): part[_ID:] for part in parts}


@dataclass(frozen=True, slots=True)
class _Paper:
    halves: list[Half]
    wrapped: bytes
    content: bytes


def _written(subject: Subject, halves: list[Half], wrapped: bytes, key: bytes, content: bytes) -> bytes:
    listed: list[Value] = [
        half_facts(one.binding, [subject])
        | {"encrypted": written(one.encrypted), "digest": written(one.digest)}
        for one in halves
    ]
    sealed = written(layers.seal_content(key, subject, content))
    return canonical.encode({"halves": listed, "wrapped": written(wrapped), "sealed": sealed})


def _read(sealed: bytes, subject: Subject) -> _Paper:
    try:
        reader = Reader(canonical.decode(bytes(sealed), limit=_LIMIT))
        listed = [Reader(one) for one in reader.list("halves", most=_MOST_HALVES)]
        halves = [
            Half(read_binding(one, [subject]), one.raw("encrypted"), one.raw("digest", 32)) for one in listed
        ]
        paper = _Paper(halves, reader.raw("wrapped"), reader.raw("sealed"))
        for one in (reader, *listed):
            one.end()
    except CustodianError:
        raise NotVerified from None
    return paper
