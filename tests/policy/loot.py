"""What somebody who takes the server has: every byte of it, every key on it, and one custodian's private key.

And what they can do with it: open every half with that key, try every key and every value they hold on each
layer of each identity, open everything else that the server can open, and look for names in all the bytes.
"""

import base64
import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import psycopg
import redis
from django.apps import apps
from django.conf import settings
from django.db import transaction
from psycopg import sql

from accounts import sessionstore
from accounts.models import Session
from cases.models import NameWatch
from tests import databases
from vault import cipher, smallsecrets
from vault.copies import open_copy
from vault.custodian import layers, pairs
from vault.custodian.errors import CustodianError
from vault.custodian.keys import PrivateKeys
from vault.custodian.pairs import Subject
from vault.errors import VaultError
from vault.fields import sealed_fields
from vault.identities import half_of, subject_of
from vault.keys import epoch, held
from vault.keys.ring import Ring
from vault.macs import Domain
from vault.models import IdentityHalf, KeystoreKey, ScopeKey, SealedIdentity
from vault.opening import open_rows
from vault.rows import SealedRow
from vault.vocabulary import Purpose

Codes = Mapping[UUID, tuple[str, str]]  # of a witness: the case's code and theirs; both are plain
T = TypeVar("T")
Custodians = Mapping[UUID, PrivateKeys]
OWNER = "owner"  # for the tables' owner there are no walls
SMALL = 200  # a file in which each 32 bytes could be a key


@dataclass
class Loot:
    """One look at everything, as the thief carries it off."""

    raw: dict[str, bytes] = field(default_factory=dict)  # by where it was found
    identities: list[SealedIdentity] = field(default_factory=list)
    halves: list[IdentityHalf] = field(default_factory=list)
    copies: list[NameWatch] = field(default_factory=list)
    keys: set[bytes] = field(default_factory=set)

    def holding(self, canaries: Iterable[str], known: set[bytes] | None = None) -> list[tuple[str, str]]:
        """Which canary stands where, in any spelling that programs give bytes.

        Bytes that were looked through before, or taken before any name was typed, are `known` by digest.
        """
        seen: set[bytes] = known if known is not None else set()
        spellings = {one: set(_spellings(one)) for one in canaries}
        found: list[tuple[str, str]] = []
        for at, content in self.raw.items():
            digest = hashlib.sha256(content).digest()
            if digest not in seen:
                seen.add(digest)
                found += [(c, at) for c, forms in spellings.items() if any(one in content for one in forms)]
        return found

    def digests(self) -> set[bytes]:
        """By which these bytes are known again."""
        return {hashlib.sha256(content).digest() for content in self.raw.values()}


def _spellings(canary: str) -> Iterator[bytes]:
    plain = canary.encode()
    yield from (plain, canary.encode("utf-16-le"), canary.encode("utf-16-be"), ascii(canary)[1:-1].encode())
    yield from (plain.hex().encode(), plain.hex().upper().encode())
    yield "".join(f"%{byte:02X}" for byte in plain).encode()
    for shift in range(
        3
    ):  # Base64 at each place where it may begin, without the letters that neighbours change
        whole = base64.b64encode(b"\0" * shift + plain)
        yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]


def take() -> Loot:
    """Take everything there is now."""
    loot = Loot()
    _files(loot)
    _tables(loot)
    _queue(loot)
    with transaction.atomic():
        _keys(loot)
        _open_all(loot)
    return loot


def _files(loot: Loot) -> None:
    """DATA_DIR, the keys' files, the store, and the database's own files: tables, WAL, logs."""
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True) as top:
        top.execute("CHECKPOINT")
        cluster = Path(str((top.execute("SHOW data_directory").fetchone() or ("",))[0]))
    for folder in (Path(settings.DATA_DIR).parent, Path(settings.MEDIA_STORE), cluster):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                loot.raw[str(path)] = path.read_bytes().rstrip(b"\0")  # of the log most is still empty
    assert any("/pg_wal/" in where for where in loot.raw)
    assert str(settings.EPOCH_KEY_FILE) in loot.raw


def _tables(loot: Loot) -> None:
    """Every committed row of every schema."""
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True) as top:
        tables = top.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)", [databases.SCHEMAS]
        ).fetchall()
        for schema, table in tables:
            name = sql.Identifier(str(schema), str(table))
            with top.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as rows:
                loot.raw[f"table {schema}.{table}"] = b"".join(bytes(row) for row in rows)
    loot.identities = list(SealedIdentity.objects.using(OWNER))
    loot.halves = list(IdentityHalf.objects.using(OWNER))
    loot.copies = list(NameWatch.objects.using(OWNER))


def _queue(loot: Loot) -> None:
    queue = redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket", "unix"))
    for key in map(bytes, queue.scan_iter("*")):
        loot.raw[f"redis {key!r}"] = key + bytes(queue.dump(key) or b"")


def _keys(loot: Loot) -> None:
    """Root key, what is derived from it, the epoch's, every key of a row, and what could be one in a file."""
    roots, ring = held.keys(), Ring()
    loot.keys |= {roots.primary.key, roots.seed, epoch.load().primary.key}
    loot.keys |= {held.tag_key(label) for one in Domain for label in (one.value, f"seal {one.value}")}
    loot.keys |= {held.wrapping_key(roots.primary, one) for one in (held.WRAP_SCOPE, held.WRAP_KEYSTORE)}
    scopes = [(row.pk, row.scope) for row in ScopeKey.objects.using(OWNER)]
    units = [(row.pk, row.scope) for row in KeystoreKey.objects.using(OWNER)]
    loot.keys |= {ring.key(*named) for named in (*scopes, *units)}
    own = str(Path(settings.DATA_DIR).parent)
    for content in [one for at, one in loot.raw.items() if at.startswith(own) and len(one) < SMALL]:
        loot.keys |= {
            content[at : at + cipher.KEY_LENGTH] for at in range(len(content) - cipher.KEY_LENGTH + 1)
        }


def _open_all(loot: Loot) -> None:
    """Everything that the server's own keys open: each sealed cell of each table, each session."""
    for model in apps.get_models():
        names = list(sealed_fields(model)) if issubclass(model, SealedRow) else []
        if issubclass(model, SealedRow) and names:
            rows = list(model._default_manager.using(OWNER))
            opened = open_rows(rows, *names, reader="THIEF", purpose=Purpose.READ).values()
            loot.raw[f"opened {model._meta.db_table}"] = repr(
                [one[n] for one in opened for n in one]
            ).encode()
    for session in Session.objects.using(OWNER):
        context = sessionstore._context(session.digest)
        loot.raw[f"session {session.pk}"] = smallsecrets.unseal(
            Domain.SESSION, context, bytes(session.content)
        )


def names_from(taken: Iterable[Loot], codes: Codes, custodians: Custodians, *more: bytes) -> list[bytes]:
    """What all the loot, with these custodians' keys and any further ones, opens of who people are."""
    loots = list(taken)
    keys = set[bytes]().union(*(loot.keys for loot in loots)) | set(more)
    found: list[bytes] = []
    for loot in loots:
        found += [name.encode() for copy in loot.copies for key in keys for name in _copied(copy, key)]
        for row in loot.identities:
            subject = subject_of(row, case_code=codes[row.subject][0], witness_code=codes[row.subject][1])
            mine = [one for one in loot.halves if one.identity_id == row.pk]
            found += _opened(row, subject, keys | set(_halves(mine, subject, custodians)))
    return found


def _copied(copy: NameWatch, key: bytes) -> list[str]:
    return _try(lambda: open_copy(key, row=copy.pk, case=copy.case_id, blob=bytes(copy.sealed))) or []


def _halves(halves: Iterable[IdentityHalf], subject: Subject, custodians: Custodians) -> Iterator[bytes]:
    """Every half that one of the keys opens, whoever it was meant for, and every two of them joined."""
    found = []
    for half in halves:
        for key in custodians.values():
            try:
                found.append(pairs.open_half(half_of(half, subject), key.box).half)
            except CustodianError:
                continue
    yield from found
    yield from (pairs.xor(one, other) for one, other in itertools.combinations(found, 2))


def _opened(row: SealedIdentity, subject: Subject, keys: set[bytes]) -> list[bytes]:
    """Every key on every layer, the inner one also without the outer."""
    wrapped, sealed = bytes(row.wrapped_key), bytes(row.sealed)
    inners = {wrapped, *_each(keys, partial(layers.open_outer, wrapped, subject))}
    found = set(keys)
    for inner in inners:
        found |= set(_each(keys, partial(layers.open_inner, inner, subject)))
    return list(_each(found, partial(layers.open_content, subject=subject, sealed=sealed)))


def _each(keys: Iterable[bytes], opening: Callable[[bytes], bytes]) -> Iterator[bytes]:
    for key in keys:
        if len(key) == cipher.KEY_LENGTH and (found := _try(partial(opening, key))) is not None:
            yield found


def _try(opening: Callable[[], T]) -> T | None:
    try:
        return opening()
    except VaultError:
        return None
