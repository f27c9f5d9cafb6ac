"""Who a witness is: sealed to pairs, of one length, written and never read by the application."""

from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.vault.conftest import new_witness
from vault.custodian import layers, pairs
from vault.custodian.directory import Directory, Kept, Member, Role
from vault.custodian.keys import PrivateKeys
from vault.custodian.pairs import OpenedHalf
from vault.errors import NotVerified, OutsideTransaction, UnknownKey, VaultError
from vault.identities import SealedAs, half_of, renew_share, seal_to_pairs, subject_of
from vault.keys.ring import Ring
from vault.keys.unitkeys import destroy_unit_key
from vault.models import IdentityHalf, SealedIdentity
from vault.models.keys import DestroyedKey
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into

pytestmark = pytest.mark.django_db
CASE_CODE, CODE = "BAN-7K3Q", "W-7K3Q"


@pytest.fixture(scope="module")
def keys() -> dict[UUID, PrivateKeys]:
    return {uuid4(): PrivateKeys.new() for _ in range(3)}


@pytest.fixture(scope="module")
def directory(keys: dict[UUID, PrivateKeys]) -> Directory:
    members = (
        Member(one, f"CUS-{number:02}", Role.CUSTODIAN, Kept.OFF_SERVER, key.public)
        for number, (one, key) in enumerate(keys.items())
    )
    return Directory(1, b"", tuple(members))


def seal(scope: Scope, directory: Directory, **identity: str) -> SealedAs:
    assert scope.unit is not None
    return seal_to_pairs(
        case=(scope.id, CASE_CODE),
        witness=(scope.unit, CODE),
        identity=identity,
        directory=directory,
        by="INV-01",
    )


def rows() -> list[SealedIdentity]:
    with stepping_into(Guarded.IDENTITY):
        return list(SealedIdentity.objects.order_by("subject", "version"))


def halves(row: SealedIdentity) -> list[IdentityHalf]:
    with stepping_into(Guarded.IDENTITY):
        return list(IdentityHalf.objects.filter(identity=row))


def opened(row: SealedIdentity, keys: dict[UUID, PrivateKeys], *who: UUID) -> bytes:
    """Open a name as two custodians and the server do."""
    subject = subject_of(row, case_code=CASE_CODE, witness_code=CODE)
    mine = [one for one in halves(row) if {one.custodian, one.partner} == set(who)]
    given: list[OpenedHalf] = [
        pairs.open_half(half_of(one, subject), keys[one.custodian].box) for one in mine
    ]
    share = Ring().key(row.share_id, Scope.witness(row.scope_id, row.pk))
    inner = layers.open_outer(bytes(row.wrapped_key), subject, share)
    key = layers.open_inner(inner, subject, pairs.join(given))
    return layers.open_content(key, subject, bytes(row.sealed))


def test_each_two_open_it_and_the_application_does_not_read_it(
    case: Scope, keys: dict[UUID, PrivateKeys], directory: Directory
) -> None:
    made = seal(new_witness(case), directory, name="سميرة canary", phone="+963 000")
    (row,) = rows()
    assert (row.pk, row.version, row.directory_number) == (made.id, 1, 1)
    assert len(halves(row)) == 6
    for pair in directory.pairs:
        assert "سميرة canary".encode() in opened(row, keys, pair.first, pair.second)
    with pytest.raises(ProgrammingError), transaction.atomic():
        list(SealedIdentity.objects.all())
    with pytest.raises(ProgrammingError), transaction.atomic():
        IdentityHalf.objects.filter(identity=row).delete()


def test_a_new_share_blinds_what_was_copied_before(
    case: Scope, keys: dict[UUID, PrivateKeys], directory: Directory
) -> None:
    seal(new_witness(case), directory, name="canary")
    (before,) = rows()
    first, second, *_ = keys
    renew_share(before, case_code=CASE_CODE, witness_code=CODE, by="CUS-01")
    (now,) = rows()
    assert b"canary" in opened(now, keys, first, second)
    with pytest.raises(VaultError):
        opened(before, keys, first, second)
    assert DestroyedKey.objects.filter(pk=before.share_id).exists()
    assert bytes(now.sealed) == bytes(before.sealed)


def test_the_share_goes_with_the_witness(
    case: Scope, keys: dict[UUID, PrivateKeys], directory: Directory
) -> None:
    gone, stays = new_witness(case), new_witness(case)
    seal(gone, directory, name="canary")
    seal(stays, directory, name="another")
    destroy_unit_key(gone, by="LEAD-01")
    first, second, *_ = keys
    for row in rows():
        if row.subject == gone.unit:
            with pytest.raises(UnknownKey):
                opened(row, keys, first, second)
        else:
            assert b"another" in opened(row, keys, first, second)


def test_what_was_put_elsewhere_does_not_open(
    case: Scope, keys: dict[UUID, PrivateKeys], directory: Directory
) -> None:
    seal(new_witness(case), directory, name="one")
    seal(new_witness(case), directory, name="other")
    one, other = rows()
    first, second, *_ = keys
    one.sealed = other.sealed
    with pytest.raises(NotVerified):
        opened(one, keys, first, second)


def test_every_identity_has_one_length(case: Scope, directory: Directory) -> None:
    for name in ("A", "سميرة" * 40, ""):
        seal(new_witness(case), directory, name=name)
    assert {len(bytes(row.sealed)) for row in rows()} == {layers.LEAST + 30 + 72}
    with pytest.raises(ValueError, match="one length"):
        seal(new_witness(case), directory, name="x" * layers.LEAST)


def test_additions_are_counted_and_have_keys_of_their_own(case: Scope, directory: Directory) -> None:
    witness = new_witness(case)
    made = [seal(witness, directory, name="x"), seal(witness, directory, phone="1")]
    assert [one.version for one in made] == [1, 2]
    assert len({row.share_id for row in rows()}) == 2


def test_a_case_without_a_key_seals_no_identity(db: None, directory: Directory) -> None:
    with pytest.raises(VaultError):
        seal(Scope.witness(UUID(int=1), UUID(int=2)), directory, name="x")


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
