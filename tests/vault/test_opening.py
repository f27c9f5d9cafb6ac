"""A sealed cell opens in its own place, is recorded, and shows itself in no other way."""

from collections.abc import Callable
from typing import cast
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vault.cellar import Jar, Urn, jar
from tests.vault.conftest import Remembering, new_case, new_witness
from vault import ports
from vault.errors import NoRecorder, NotVerified, UnknownKey, VaultError
from vault.opening import Opened, open_row, open_rows
from vault.rows import SealedRow
from vault.scopes import Scope
from vault.sealed import Sealed
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a"


def opened(row: SealedRow, *fields: str) -> Opened:
    return open_row(row, *(fields or ("title",)), reader="INV-01", purpose=Purpose.READ)


def write(row: Model, column: str, blob: bytes | None) -> None:
    """Write bytes into a cell past the application, as a database administrator would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [blob, row.pk])


def raw(row: Model, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(title=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_comes_back(case: Scope, title: str) -> None:
    assert opened(jar(case, title)).text("title") == title


@pytest.mark.parametrize("value", [[], {}, [1, "zwei", None, {"ثلاثة": 3.5}], "text", 7, False, {"a": [1]}])
def test_json_comes_back(case: Scope, value: object) -> None:
    assert opened(jar(case, tags=value), "tags").json("tags") == value


def test_empty_cells(case: Scope) -> None:
    values = opened(jar(case), "note", "tags")
    assert values.text("note") == ""
    assert values.json("tags") is None
    with pytest.raises(ValueError, match="empty"):
        jar(case).seal(title=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Jar(case=case.id).save()


def test_an_emptied_cell_looks_like_any_other(case: Scope) -> None:
    row = jar(case, note="words")
    row.seal(note=None)
    row.save()
    again = Jar.objects.get(pk=row.pk)
    assert again.note is not None
    assert again.note.header.number == 2
    assert opened(again, "note").text("note") == ""


def test_what_may_not_be_sealed(case: Scope) -> None:
    row = jar(case)
    for name in ("status", "nothing"):
        with pytest.raises(ValueError, match="no sealed column"):
            row.seal(**{name: "x"})
    wrong: list[dict[str, object]] = [{"title": 3}, {"title": b"x"}, {"tags": {1, 2}}]
    for values in wrong:
        with pytest.raises(TypeError):
            row.seal(**values)
    with pytest.raises(ValueError, match="Out of range"):
        row.seal(tags=float("nan"))
    for name, value in (("title", f"{CANARY}\ud800"), ("tags", [f"{CANARY}\ud800"])):
        with pytest.raises(ValueError, match="no text") as caught:
            row.seal(**{name: value})
        assert CANARY not in repr(caught.value)
        assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_only_seal_puts_a_value_in(case: Scope) -> None:
    for value in ("words", b"words", memoryview(b"words"), F("note")):
        with pytest.raises(TypeError):
            Jar(case=case.id, title=value)
        with pytest.raises(TypeError):
            Jar.objects.update(title=value)


def test_the_number_rises_with_every_change(case: Scope) -> None:
    row = jar(case)
    for number in range(2, 6):
        row.seal(title=f"title {number}")
        row.save()
        row = Jar.objects.defer("title").get(pk=row.pk)
        assert row.title is not None
        assert row.title.header.number == number


def test_a_rolled_back_cell_shows_in_the_digest(case: Scope) -> None:
    row = jar(case, "first")
    old, before = raw(row, "title"), row.row_digest()
    row.seal(title="second")
    row.save()
    after = row.row_digest()
    write(row, "title", old)
    again = Jar.objects.get(pk=row.pk)
    assert opened(again).text("title") == "first"
    assert again.row_digest() == before
    assert again.row_digest() != after


def test_the_digest_covers_deciding_columns_and_survives_the_database(case: Scope) -> None:
    from django.utils import timezone

    row = Jar(case=case.id, opened_at=timezone.now())
    row.seal(title="x", tags=[1])
    row.save()
    again = Jar.objects.get(pk=row.pk)
    assert again.row_digest() == row.row_digest()
    digests = {row.row_digest()}
    for column, value in (("status", "old"), ("opened_at", None), ("unit", uuid4())):
        setattr(again, column, value)
        digests.add(again.row_digest())
    assert len(digests) == 4


def swap_rows(case: Scope) -> Jar:
    one, other = jar(case), jar(case)
    write(one, "title", raw(other, "title"))
    return one


def swap_columns(case: Scope) -> Jar:
    row = jar(case, note="the note")
    write(row, "title", raw(row, "note"))
    return row


def swap_cases(case: Scope) -> Jar:
    row, other = jar(case), jar(new_case())
    write(row, "title", raw(other, "title"))
    return row


def move_row_to_another_case(case: Scope) -> Jar:
    row, other = jar(case), new_case()
    Jar.objects.filter(pk=row.pk).update(case=other.id)
    return row


def swap_tables(case: Scope) -> Jar:
    row = jar(case)
    twin = Urn(id=row.pk, case=case.id)
    twin.seal(title="of another table")
    twin.save()
    write(row, "title", raw(twin, "title"))
    return row


def swap_witnesses(case: Scope) -> Jar:
    one, other = jar(new_witness(case)), jar(new_witness(case))
    write(one, "title", raw(other, "title"))
    return one


def witness_under_the_case(case: Scope) -> Jar:
    row = jar(new_witness(case))
    Jar.objects.filter(pk=row.pk).update(unit=None)
    return row


def case_under_a_witness(case: Scope) -> Jar:
    row, witness = jar(case), new_witness(case)
    Jar.objects.filter(pk=row.pk).update(unit=witness.unit)
    return row


SWAPS = [
    swap_rows, swap_columns, swap_cases, move_row_to_another_case, swap_tables, swap_witnesses,
    witness_under_the_case, case_under_a_witness,
]  # fmt: skip


@pytest.mark.parametrize("swap", SWAPS, ids=lambda swap: swap.__name__)
def test_a_swapped_cell_is_refused(case: Scope, swap: Callable[[Scope], Jar], recorder: Remembering) -> None:
    row = Jar.objects.get(pk=swap(case).pk)
    with pytest.raises((NotVerified, UnknownKey)):
        opened(row)
    assert recorder.openings == []


@pytest.mark.parametrize("blob", [b"", b"plaintext", b"CMSV\x01\x01", b"\0" * 200, None])
def test_what_was_written_past_us_is_never_shown(case: Scope, blob: bytes | None) -> None:
    row = jar(case, note="words")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if blob is None:
        row.__dict__["title"] = None  # the column itself refuses NULL; so would a restored, looser table
    else:
        write(row, "title", blob)
        row = Jar.objects.get(pk=row.pk)
    with pytest.raises(NotVerified):
        opened(row)
    with pytest.raises(VaultError):
        open_rows([jar(case), row], "title", reader="INV-01", purpose=Purpose.LIST)


def test_every_byte_of_a_cell_counts(case: Scope) -> None:
    row = jar(case)
    assert row.title is not None
    blob = row.title.blob
    for at in range(len(blob)):
        changed = bytearray(blob)
        changed[at] ^= 1
        row.__dict__["title"] = Sealed(bytes(changed))
        with pytest.raises((NotVerified, UnknownKey)):
            opened(row)


def test_a_text_is_no_json(case: Scope) -> None:
    """A blob sealed for the place but of the other kind is refused too."""
    from vault import envelope, padding
    from vault.envelope import Place
    from vault.keys.ring import ring
    from vault.vocabulary import Use

    row = jar(case)
    key_id, key = ring().primary(case)
    place = Place(Use.CELL, "tests_jar", "title", row.pk, case)
    for content in (b"\x02[1]", b"\x00", b"", b"\x07x"):
        row.__dict__["title"] = Sealed(envelope.seal(key, key_id, place, padding.pad(content)))
        with pytest.raises(NotVerified):
            opened(row)


def test_one_call_is_one_leaf_and_one_unwrapping_a_key(case: Scope, recorder: Remembering) -> None:
    witness, other = new_witness(case), new_case()
    rows = [jar(scope, f"{number}") for scope in (case, witness, other) for number in range(5)]
    rows = list(Jar.objects.filter(pk__in=[row.pk for row in rows]))
    with CaptureQueriesContext(connection) as queries:
        values = open_rows(rows, "title", "note", reader="INV-01", purpose=Purpose.LIST)
    assert len(values) == 15
    assert sorted(value.text("title") for value in values.values()) == sorted("01234" * 3)
    (leaf,) = recorder.openings
    assert (leaf["reader"], leaf["purpose"], leaf["kind"], leaf["count"]) == (
        "INV-01",
        "list",
        "tests_jar",
        15,
    )
    assert leaf["scopes"] == sorted([case, other], key=lambda scope: scope.name)
    more = [jar(case) for _ in range(40)]
    with CaptureQueriesContext(connection) as again:
        open_rows([*rows, *more], "title", reader="INV-01", purpose=Purpose.LIST)
    # However many values there are; of these, five bring the share of a case's key out of the keystore.
    assert len(again) == len(queries) <= 13


def test_the_commitment_tells_which_rows(case: Scope, recorder: Remembering) -> None:
    one, other = jar(case), jar(case)
    for rows in ([one, other], [other, one], [one]):
        open_rows(rows, "title", reader="INV-01", purpose=Purpose.LIST)
    first, second, third = (leaf["commitment"] for leaf in recorder.openings)
    assert first == second != third


def test_nothing_opens_without_a_recorder(case: Scope) -> None:
    row = jar(case)
    ports.install(None)
    with pytest.raises(NoRecorder):
        opened(row)
    with pytest.raises(NoRecorder):
        open_rows([], "title", reader="INV-01", purpose=Purpose.LIST)


def test_nothing_opens_when_the_recorder_fails(case: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    row = jar(case)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(ports.current(), "opened", fails)
    with pytest.raises(RuntimeError):
        opened(row)


def test_an_opening_names_reader_columns_and_purpose(case: Scope) -> None:
    row = jar(case)
    with pytest.raises(ValueError, match="reader"):
        open_row(row, "title", reader="", purpose=Purpose.READ)
    with pytest.raises(ValueError, match="columns"):
        open_row(row, reader="INV-01", purpose=Purpose.READ)
    with pytest.raises(ValueError, match="no such sealed column"):
        open_row(row, "status", reader="INV-01", purpose=Purpose.READ)
    with pytest.raises(ValueError, match="curiosity"):
        open_row(row, "title", reader="INV-01", purpose=cast("Purpose", "curiosity"))
    assert open_rows([], "title", reader="INV-01", purpose=Purpose.LIST) == {}
