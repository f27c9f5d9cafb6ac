"""Sealing who a witness is, to two custodians together.

Promise: what is sealed here no one person and no server alone can open again: the key, the secret and the
halves are made, used and forgotten within the one call. Called by the intake's action and by a change of
custodians; erasure takes the server's share out of the keystore.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from vault import cipher, envelope, ports
from vault.custodian import layers, pairs
from vault.custodian.directory import Directory
from vault.custodian.pairs import Binding, Half, Pair, Side, Subject
from vault.keys.ring import ring
from vault.keys.unitkeys import destroy_unit_key, keep_unit_key, new_unit_key
from vault.models.identities import IdentityHalf, SealedIdentity
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import UnitKind

LONGEST = layers.LEAST - 64  # of what is written down; padding adds its own


@dataclass(frozen=True, slots=True)
class SealedAs:
    """What the log keeps of a sealing: which row, and digests by which a change is found."""

    id: UUID
    version: int
    directory: int
    digest: str
    halves: str


def written(identity: Mapping[str, str]) -> bytes:
    """Write an identity down as it is sealed. Raises `UnicodeEncodeError` for what is no text."""
    return json.dumps(dict(identity), ensure_ascii=False).encode()


def seal_to_pairs(
    *,
    case: tuple[UUID, str],
    witness: tuple[UUID, str],
    identity: Mapping[str, str],
    directory: Directory,
    by: str,
) -> SealedAs:
    """Seal one version of who a witness is, for every pair of the directory. `case` and `witness` are id and
    code.

    Must run in a transaction, with the witness locked: versions are counted. Raises `UnicodeEncodeError` for
    what is no text, `ValueError` for more than an identity holds.
    """
    content = written(identity)
    if len(content) > LONGEST:
        raise ValueError("An identity has one length; this is longer.")
    ports.current()
    subject = Subject(*case, *witness, version=_next_version(witness[0]))
    sealed_id, key, secret = uuid4(), cipher.new_key(), pairs.new_secret()
    halves = pairs.split(secret, subject, directory.box_keys, directory.pairs, directory.number)
    with transaction.atomic():
        share = new_unit_key(UnitKind.SHARE, belongs_to=subject.witness_id)
        keep_unit_key(Scope.witness(subject.case_id, sealed_id), share, by=by)
        row = SealedIdentity(
            id=sealed_id,
            scope_id=subject.case_id,
            subject=subject.witness_id,
            version=subject.version,
            sealed=layers.seal_content(key, subject, content),
            wrapped_key=layers.wrap(key, secret, subject, share.key, share.id),
            share_id=share.id,
            directory_number=directory.number,
        )
        row.save(force_insert=True)
        rows = [row_of(sealed_id, half) for half in halves]
        IdentityHalf.objects.bulk_create(rows)
    return SealedAs(row.pk, row.version, directory.number, digest_of(row), digest_of_halves(rows))


def renew_share(row: SealedIdentity, *, case_code: str, witness_code: str, by: str) -> UUID:
    """Put a new server's share in the place of the old one, which is destroyed; return its id.

    No name is opened: the outer layer is taken off and put on again. Every older dump is blind from then on,
    for a departed custodian too. Must run in a transaction.
    """
    scope = Scope.witness(row.scope_id, row.pk)
    subject = subject_of(row, case_code=case_code, witness_code=witness_code)
    with transaction.atomic():
        with stepping_into(Guarded.IDENTITY):
            held = SealedIdentity.objects.select_for_update().get(pk=row.pk)
        old, share = ring().key(held.share_id, scope), new_unit_key(UnitKind.SHARE, belongs_to=held.subject)
        held.wrapped_key = layers.change_share(bytes(held.wrapped_key), subject, old, share.key, share.id)
        held.share_id = share.id
        destroy_unit_key(scope, by=by)
        keep_unit_key(scope, share, by=by)
        with stepping_into(Guarded.IDENTITY):
            held.save(update_fields=["wrapped_key", "share_id"])
    return share.id


def identity_of(identity: UUID) -> SealedIdentity:
    """Return a sealed identity. Must run in a transaction."""
    with stepping_into(Guarded.IDENTITY):
        return SealedIdentity.objects.get(pk=identity)


def subject_of(row: SealedIdentity, *, case_code: str, witness_code: str) -> Subject:
    """What a sealed identity is bound to."""
    return Subject(row.scope_id, case_code, row.subject, witness_code, row.version)


def half_of(half: IdentityHalf, subject: Subject) -> Half:
    """A kept half as the custodians' tools know it."""
    side = Side(half.side)
    two = (half.custodian, half.partner) if side is Side.FIRST else (half.partner, half.custodian)
    binding = Binding(subject, Pair(*two), side, half.directory_number)
    return Half(binding, bytes(half.encrypted), bytes(half.digest))


def digest_of(row: SealedIdentity) -> str:
    """SHA-256 over the sealed identity and its place; the server's layer may change, this does not."""
    parts = (row.pk.bytes, row.subject.bytes, row.version.to_bytes(8), bytes(row.sealed))
    return hashlib.sha256(envelope.encode(b"sealed identity 1", *parts)).hexdigest()


def digest_of_halves(halves: Iterable[IdentityHalf]) -> str:
    """SHA-256 over halves of one identity under one directory, in a fixed order."""
    parts = [
        envelope.encode(half.custodian.bytes, half.partner.bytes, bytes(half.encrypted), bytes(half.digest))
        for half in sorted(halves, key=lambda one: (one.custodian.bytes, one.partner.bytes))
    ]
    return hashlib.sha256(envelope.encode(b"halves of an identity 1", *parts)).hexdigest()


def _next_version(witness: UUID) -> int:
    with stepping_into(Guarded.IDENTITY):
        found = SealedIdentity.objects.filter(subject=witness).aggregate(last=Max("version"))
    return int(found["last"] or 0) + 1


def row_of(sealed_id: UUID, half: Half) -> IdentityHalf:
    """A half as it is kept."""
    return IdentityHalf(
        identity_id=sealed_id,
        custodian=half.binding.holder,
        partner=half.binding.partner,
        side=int(half.binding.side),
        encrypted=half.encrypted,
        digest=half.digest,
        directory_number=half.binding.directory,
    )
