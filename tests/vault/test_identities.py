"""Who a witness is: sealed in a demonstration alone, written and never read by the application."""

from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.vault.conftest import new_witness
from vault.errors import IdentityRefused, OutsideTransaction, VaultError
from vault.identities import LEAST, seal_demo_identity
from vault.models import SealedIdentity
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into

pytestmark = pytest.mark.django_db


def seal(scope: Scope, *, demonstration: bool = True, **identity: str) -> UUID:
    return seal_demo_identity(
        scope=scope, identity=identity, by="INV-01", is_demonstration=lambda: demonstration
    )


def rows() -> list[SealedIdentity]:
    with stepping_into(Guarded.IDENTITY):
        return list(SealedIdentity.objects.all())


def test_outside_a_demonstration_it_is_refused(case: Scope) -> None:
    witness = new_witness(case)
    with pytest.raises(IdentityRefused):
        seal(witness, demonstration=False, name="canary")
    assert rows() == []


def test_in_a_demonstration_it_is_sealed_and_unreadable(case: Scope) -> None:
    witness = new_witness(case)
    sealed_id = seal(witness, name="سميرة canary", phone="+963 000")
    (row,) = rows()
    assert (row.pk, row.subject, row.scope_id) == (sealed_id, witness.unit, case.id)
    assert b"canary" not in bytes(row.sealed)
    with pytest.raises(ProgrammingError), transaction.atomic():
        list(SealedIdentity.objects.all())
    with pytest.raises(ProgrammingError), transaction.atomic():
        SealedIdentity.objects.filter(pk=sealed_id).update(version=2)


def test_every_identity_has_one_length(case: Scope) -> None:
    for name in ("A", "سميرة" * 40, ""):
        seal(new_witness(case), name=name)
    assert {len(bytes(row.sealed)) for row in rows()} == {LEAST + 30 + 72}


def test_an_identity_belongs_to_a_witness(case: Scope) -> None:
    with pytest.raises(ValueError, match="witness"):
        seal(case, name="x")


def test_a_case_without_a_key_seals_no_identity(db: None) -> None:
    with pytest.raises(VaultError):
        seal(Scope.witness(UUID(int=1), UUID(int=2)), name="x")


def test_the_role_reads_identities_and_no_keys(case: Scope) -> None:
    with (
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        stepping_into(Guarded.IDENTITY),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM keystore.keystore_key")


@pytest.mark.django_db(transaction=True)
def test_identities_are_read_in_a_transaction_alone() -> None:
    with pytest.raises(OutsideTransaction):
        rows()
