"""Opening 10,000 sealed cells of one case and its witnesses in one call, beside the bare cipher over as many
values.

The rows are in memory on both sides: what is measured is contexts, keys, checks, padding and the leaf.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from cryptography.cobblestone import Cobblestone256Decryptor
from django.db import transaction

from benchmarks import Benchmark, Pair
from tests.vault.cellar import Jar
from vault import envelope
from vault.envelope import HEADER_LENGTH, Place
from vault.keys import create_scope_key, create_unit_key
from vault.keys.ring import holding, ring
from vault.opening import open_rows
from vault.scopes import Scope
from vault.sealed import Sealed
from vault.vocabulary import Purpose, Use

VALUES, WITNESSES = 10_000, 20
TEXT = "A sentence of an account, long enough to fill a bucket of its own. " * 3


@contextmanager
def _prepare() -> Iterator[Pair]:
    case = Scope.case(uuid4())
    scopes = [case, *(Scope.witness(case.id, uuid4()) for _ in range(WITNESSES))]
    with transaction.atomic():
        create_scope_key(case)
        for witness in scopes[1:]:
            create_unit_key(witness)
        rows = []
        for number in range(VALUES):
            scope = scopes[number % len(scopes)]
            row = Jar(case=scope.id, unit=scope.unit)
            row.seal(title=TEXT)
            rows.append(row)
    with transaction.atomic(), holding():
        bare = [_bare(row) for row in rows]

    def ours() -> None:
        with transaction.atomic():
            opened = open_rows(rows, "title", reader="machine:bench", purpose=Purpose.LIST)
        assert len(opened) == VALUES

    def yardstick() -> None:
        for key, context, sealed in bare:
            opener = Cobblestone256Decryptor(key, context)
            opener.update(sealed)
            opener.finalize()

    yield Pair(ours=ours, yardstick=yardstick, per=lambda seconds: seconds / VALUES * 1e6)


def _bare(row: Jar) -> tuple[bytes, bytes, bytes]:
    """Return key, context and ciphertext of a cell: all that the cipher needs."""
    sealed: Sealed | None = row.title
    assert sealed is not None
    place = Place(Use.CELL, row._meta.db_table, "title", row.id, row.scope())
    return (
        ring().key(sealed.header.key_id, row.scope()),
        envelope.context(place, sealed.header),
        sealed.blob[HEADER_LENGTH:],
    )


BENCHMARK = Benchmark(
    path="open-fields",
    unit="microseconds a value",
    yardstick="bare Cobblestone over the same values",
    target=1.6,
    prepare=_prepare,
)
