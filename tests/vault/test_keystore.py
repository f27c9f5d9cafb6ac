"""The keystore is behind its role, and what was destroyed there stays destroyed."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from tests.vault.cellar import Jar, jar
from tests.vault.conftest import Remembering, new_case, new_witness, store
from vault.errors import DestroyedKey, NotVerified, OutsideTransaction, UnknownKey, VaultError
from vault.files import open_file
from vault.keys import create_scope_key, create_unit_key, holding
from vault.keys.ring import Ring
from vault.keys.unitkeys import destroy_unit_key
from vault.models import DestroyedKey as DestroyedRow
from vault.models import KeystoreKey, ScopeKey
from vault.opening import open_row
from vault.scopes import STAFF, Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import KeyState, Purpose

pytestmark = pytest.mark.django_db


def whole_row(scope: Scope) -> KeystoreKey:
    assert scope.unit is not None
    with stepping_into(Guarded.KEYSTORE):
        return KeystoreKey.objects.get(unit=scope.unit)


def title(row: Jar) -> str:
    return open_row(row, "title", reader="INV-01", purpose=Purpose.READ).text("title")


def statement(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM keystore.keystore_key",
        "INSERT INTO keystore.keystore_key (id) VALUES (gen_random_uuid())",
        "UPDATE keystore.keystore_key SET state = 'primary'",
        "DELETE FROM keystore.keystore_key",
        "TRUNCATE keystore.keystore_key",
        "SELECT * FROM identity.sealed_identity",
        "SELECT * FROM identity.identity_half",
        "UPDATE identity.sealed_identity SET version = 2",
        "DELETE FROM identity.sealed_identity",
        "DELETE FROM vault_scopekey",
        "UPDATE vault_scopekey SET scope_id = gen_random_uuid()",
        "UPDATE vault_scopekey SET kind = 'case'",
        "DELETE FROM vault_destroyedkey",
        "UPDATE vault_destroyedkey SET destroyed_at = now()",
        "UPDATE vault_storedfile SET sealed_size = 0",
        "DELETE FROM vault_storedfile",
        "DELETE FROM vault_rootcheck",
        "SET ROLE owner",
        "CREATE TABLE public.mine (id int)",
        "CREATE TABLE keystore.mine (id int)",
        "ALTER TABLE keystore.keystore_key OWNER TO app",
        "GRANT SELECT ON keystore.keystore_key TO app",
    ],
)
def test_the_application_is_denied(case: Scope, sql: str) -> None:
    store(new_witness(case), b"x")
    with pytest.raises(ProgrammingError, match=r"denied|owner|permission"):
        statement(sql)


def test_the_role_reaches_the_keystore_and_nothing_else(case: Scope) -> None:
    new_witness(case)
    for sql in (
        "SELECT * FROM vault_scopekey",
        "SELECT * FROM tests_jar",
        "INSERT INTO vault_destroyedkey VALUES (1)",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), stepping_into(Guarded.KEYSTORE):
            statement(sql)
    with stepping_into(Guarded.KEYSTORE):
        assert KeystoreKey.objects.count() == 2  # a witness, and the share of the case
    assert current_role() == "app"


def current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_the_role_ends_with_its_block(case: Scope) -> None:
    with stepping_into(Guarded.KEYSTORE):
        assert current_role() == "keystore"
    assert current_role() == "app"
    with pytest.raises(RuntimeError), stepping_into(Guarded.KEYSTORE):
        raise RuntimeError
    assert current_role() == "app"
    with pytest.raises(DatabaseError), transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        statement("SELECT 1/0")
    assert current_role() == "app"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_reached() -> None:
    case = new_case()
    with pytest.raises(OutsideTransaction), stepping_into(Guarded.KEYSTORE):
        pass
    with pytest.raises(OutsideTransaction):
        Ring().primary(Scope.witness(case.id, uuid4()))


def test_a_unit_has_one_key(case: Scope) -> None:
    witness = new_witness(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_unit_key(witness)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_scope_key(case)
    assert current_role() == "app"


def test_scopes_and_units_are_not_confused(case: Scope) -> None:
    with pytest.raises(ValueError, match="unit"):
        create_scope_key(Scope.witness(case.id, uuid4()))
    with pytest.raises(ValueError, match="unit"):
        create_unit_key(case)
    with pytest.raises(ValueError, match="unit"):
        destroy_unit_key(case, by="SUP-01")
    with pytest.raises(UnknownKey):
        Ring().primary(Scope.case(uuid4()))
    with pytest.raises(UnknownKey):
        Ring().primary(Scope.witness(case.id, uuid4()))


def test_a_witness_asked_for_under_another_case_is_unknown(case: Scope) -> None:
    witness = new_witness(case)
    assert witness.unit is not None
    with pytest.raises(UnknownKey):
        Ring().primary(Scope.witness(new_case().id, witness.unit))
    assert Ring().primary(witness)


def test_keys_are_wrapped_twice_and_lie_nowhere_else(case: Scope) -> None:
    witness = new_witness(case)
    key_id, key = Ring().primary(witness)
    row = whole_row(witness)
    assert row.pk == key_id
    assert key not in bytes(row.sealed)
    assert Ring().primary(case)[1] != key
    assert len({Ring().primary(new_witness(case))[1] for _ in range(5)}) == 5


@pytest.mark.parametrize("column", ["unit", "belongs_to", "kind", "scope_id", "sealed", "id"])
def test_a_key_row_moved_to_serve_another_opens_nothing(case: Scope, column: str) -> None:
    """The administrator exchanges what two rows say, so that one witness's key would serve another."""
    one, other = new_witness(case), new_witness(new_case())
    assert one.unit is not None
    row = whole_row(other)
    value = {"kind": "file", "belongs_to": uuid4(), "id": uuid4()}.get(
        column, getattr(whole_row(one), column)
    )
    mine = jar(other)
    with stepping_into(Guarded.KEYSTORE):
        if column == "unit":
            KeystoreKey.objects.filter(unit=one.unit).delete()
        KeystoreKey.objects.filter(pk=row.pk).update(**{column: value})
    with pytest.raises((NotVerified, UnknownKey)):
        title(mine)
    with pytest.raises((NotVerified, UnknownKey)):
        Ring().primary(Scope(other.kind, other.id, one.unit if column == "unit" else other.unit))


def test_a_destroyed_witness_is_unreadable_and_others_are_not(case: Scope, recorder: Remembering) -> None:
    gone, kept = new_witness(case), new_witness(case)
    mine, theirs, of_case = jar(gone), jar(kept), jar(case)
    key_id = Ring().primary(gone)[0]
    assert destroy_unit_key(gone, by="SUP-01") == [key_id]
    assert ("destroyed", key_id) in recorder.keys
    with pytest.raises(UnknownKey):
        title(mine)
    with pytest.raises(UnknownKey):
        mine.seal(title="again")
    assert title(theirs) == title(of_case) == "the title"
    assert destroy_unit_key(gone, by="SUP-01") == []


def test_a_key_that_a_backup_brings_back_is_refused(case: Scope) -> None:
    gone = new_witness(case)
    mine, row = jar(gone), whole_row(gone)
    destroy_unit_key(gone, by="SUP-01")
    with stepping_into(Guarded.KEYSTORE):
        row.save(force_insert=True)
    with pytest.raises(DestroyedKey):
        title(mine)
    with pytest.raises(DestroyedKey):
        Ring().primary(gone)


def test_a_scope_key_in_the_list_of_destroyed_is_refused(case: Scope) -> None:
    row = jar(case)
    DestroyedRow.objects.create(id=Ring().primary(case)[0])
    with pytest.raises(DestroyedKey):
        title(row)


def test_a_scope_key_marked_destroyed_opens_nothing(case: Scope) -> None:
    row = jar(case)
    ScopeKey.objects.filter(scope_id=case.id).update(state=KeyState.DESTROYED)
    with pytest.raises(DestroyedKey):
        title(row)


def test_a_destroyed_file_is_unreadable(case: Scope) -> None:
    stored = store(case, b"x")
    destroy_unit_key(stored.scope(), by="SUP-01")
    with pytest.raises(VaultError):
        open_file(stored, reader="INV-01", purpose=Purpose.MEDIA)


def test_a_ring_is_forgotten_and_learns_of_destruction(case: Scope) -> None:
    witness = new_witness(case)
    row = jar(witness)
    with holding() as ring:
        assert title(row) == "the title"
        assert repr(ring) == "<ring>"
        destroy_unit_key(witness, by="SUP-01")
        with pytest.raises(UnknownKey):
            title(row)
        create_unit_key(witness)
        with holding() as inner:
            assert inner is ring
            row.seal(title="new words")
        assert title(row) == "new words"
    assert Ring() is not Ring()


def test_making_and_destroying_keys_is_recorded(recorder: Remembering, db: None) -> None:
    case = new_case()
    witness = new_witness(case)
    destroy_unit_key(witness, by="SUP-01")
    assert [event for event, _ in recorder.keys] == ["created", "created", "destroyed"]


def test_when_the_recorder_fails_no_key_is_made(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from vault import ports

    def fails(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(ports.current(), "key_event", fails)
    before = ScopeKey.objects.count()
    with pytest.raises(RuntimeError):
        new_case()
    assert ScopeKey.objects.count() == before
    ports.install(None)
    with pytest.raises(VaultError):
        new_case()


def test_the_fixed_scopes_have_keys(db: None) -> None:
    assert len(Ring().primary(STAFF)[1]) == 32
