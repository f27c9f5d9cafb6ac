"""A ring that is held saves unwrapping, and answers for nothing that may change while it is held."""

import contextvars
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import transaction

from vault.errors import DestroyedKey, UnknownKey
from vault.keys import create_unit_key
from vault.keys import ring as module
from vault.keys.ring import holding, ring
from vault.keys.rotation import rotate_scope
from vault.keys.unitkeys import destroy_unit_key
from vault.scopes import Scope

pytestmark = pytest.mark.django_db


def elsewhere(act: Callable[[], object]) -> None:
    """Act as another request does: under no ring that is held here."""

    def run() -> None:
        module._kept.set(None)
        act()

    contextvars.copy_context().run(run)


def test_key_that_was_rotated_meanwhile_seals_nothing_more(case: Scope) -> None:
    with transaction.atomic(), holding():
        before = ring().primary(case)
        elsewhere(lambda: rotate_scope(case, by="INV-01"))
        after = ring().primary(case)
        assert after[0] != before[0]
        assert ring().key(before[0], case) == before[1]  # what it sealed still opens


def test_key_that_was_destroyed_meanwhile_opens_and_seals_nothing(case: Scope) -> None:
    witness = Scope.witness(case.id, uuid4())
    with transaction.atomic(), holding():
        create_unit_key(witness)
        key_id, _key = ring().primary(witness)
        elsewhere(lambda: destroy_unit_key(witness, by="INV-01"))
        with pytest.raises(DestroyedKey):
            ring().key(key_id, witness)
        with pytest.raises(UnknownKey):
            ring().primary(witness)


def test_key_that_was_undone_seals_nothing(case: Scope) -> None:
    witness = Scope.witness(case.id, uuid4())
    with transaction.atomic(), holding():
        with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012  # a savepoint that is undone
            create_unit_key(witness)
            ring().primary(witness)
            raise RuntimeError
        with pytest.raises(UnknownKey):
            ring().primary(witness)
