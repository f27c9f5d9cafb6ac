"""Finding what two custodians open, taking the server's layer off, and keeping a one-time key under words.

Promise: nothing here opens a name: without both halves and the one-time key what it hands out stays closed.
And nothing here is handed out of an invented identity but to a drill: `DrillTouched` undoes the step, and the
door makes an alarm of it. Called by the actions of unsealing, of drills and of the identity session.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from vault.custodian import words
from vault.custodian.answers import Item
from vault.custodian.keys import BoxSecret
from vault.custodian.layers import open_outer
from vault.custodian.pairs import Binding, Half, Subject
from vault.drills import drills_scope
from vault.envelope import Place
from vault.errors import DrillTouched, NotVerified
from vault.identities import half_of, subject_of
from vault.keys.ring import ring
from vault.models.identities import IdentityHalf, SealedIdentity
from vault.passphrase import Cost, Passphrase
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import Use

Codes = Mapping[UUID, str]  # of witnesses
# What each guess at six words costs; the words alone have 66 bits.
WORDS_COST = Cost(memory=128 * 1024, iterations=3, lanes=2)


def versions_of(witnesses: Iterable[UUID]) -> list[SealedIdentity]:
    """Every sealed version of who these people are, in order. Must run in a transaction."""
    with stepping_into(Guarded.IDENTITY):
        rows = SealedIdentity.objects.filter(subject__in=list(witnesses))
        found = list(rows.order_by("subject", "version"))
    _no_drill(row.scope_id for row in found)
    return found


def subjects_of(rows: Sequence[SealedIdentity], *, case_code: str, codes: Codes) -> dict[UUID, Subject]:
    """What each row is bound to, by the row's id."""
    return {row.pk: subject_of(row, case_code=case_code, witness_code=codes[row.subject]) for row in rows}


def halves_of(
    subjects: Mapping[UUID, Subject], holder: UUID | None = None, *, drill: bool = False
) -> list[Half]:
    """All halves of these identities, or those that one person can open. Must run in a transaction."""
    if not drill:
        _no_drill(one.case_id for one in subjects.values())
    with stepping_into(Guarded.IDENTITY):
        rows = IdentityHalf.objects.filter(identity__in=list(subjects))
        if holder is not None:
            rows = rows.filter(custodian=holder)
        found = list(rows.order_by("identity", "custodian", "partner", "directory_number"))
    return [half_of(row, subjects[row.identity_id]) for row in found]


def digests_of(subjects: Mapping[UUID, Subject], *, drill: bool = False) -> dict[Binding, bytes]:
    """The digest that was kept for each half."""
    return {half.binding: half.digest for half in halves_of(subjects, drill=drill)}


def items_of(
    rows: Sequence[SealedIdentity], subjects: Mapping[UUID, Subject], *, drill: bool = False
) -> list[Item]:
    """Take the server's layer off. Raises `UnknownKey` or `DestroyedKey` where a share is gone."""
    if not drill:
        _no_drill(row.scope_id for row in rows)
    keys = ring().take([(row.share_id, Scope.witness(row.scope_id, row.pk)) for row in rows])
    return [
        Item(
            subjects[row.pk],
            open_outer(bytes(row.wrapped_key), subjects[row.pk], keys[row.share_id]),
            bytes(row.sealed),
        )
        for row in rows
    ]


def keep_one_time(
    secret: BoxSecret, request: UUID, typed: str, table: str = "cases_identityrequest"
) -> bytes:
    """Seal a one-time key under six words; nothing else on the server opens it."""
    facts = Passphrase(words.typed(typed), WORDS_COST).seal(_place(request, table), secret.raw)
    return json.dumps(facts).encode()


def one_time_with(kept: bytes, request: UUID, typed: str, table: str = "cases_identityrequest") -> BoxSecret:
    """Open it again. Raises `PassphraseRefused` for other words."""
    try:
        facts = json.loads(bytes(kept))
    except ValueError:
        raise NotVerified from None
    return BoxSecret(Passphrase(words.typed(typed), WORDS_COST).unseal(_place(request, table), facts))


def _no_drill(scopes: Iterable[UUID]) -> None:
    if drills_scope() in set(scopes):
        raise DrillTouched


def _place(request: UUID, table: str) -> Place:
    return Place(Use.ONE_TIME_KEY, table, "held_key", request)
