"""Nothing but an opening shows a sealed value: no print, dump, copy, query, form, error or length."""

import copy
import io
import json
import pickle
import traceback

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import connection
from django.db.models import Model
from django.template import Context, Engine
from django.test.utils import CaptureQueriesContext

from tests.vault.cellar import Jar, jar
from tests.vault.conftest import store
from vault.errors import VaultError
from vault.opening import Opened, open_row
from vault.rows import SealedRow
from vault.scopes import Scope
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


def test_nothing_shows_a_sealed_value(case: Scope) -> None:
    row = jar(case, CANARY, note=CANARY, tags=[CANARY])
    template = Engine().from_string("{{ row }} {{ row.title }} {{ row.title.blob }}")
    dumped = serializers.serialize("json", [row])
    with CaptureQueriesContext(connection) as queries:
        row.seal(title=CANARY)
        row.save()
        values = list(Jar.objects.values())
        pairs = list(Jar.objects.values_list("title", "note"))
    shown = [
        repr(row), str(row), repr(row.title), f"{row.title}", f"{row.title!r:>20}", repr(values), repr(pairs),
        repr(row.__dict__), template.render(Context({"row": row})), dumped, repr(list(queries)),
        repr(pickle.dumps(row)), repr(opened(row)), str(opened(row)),
    ]  # fmt: skip
    assert not any(CANARY in text or CANARY.encode().hex() in text for text in shown)
    assert "<sealed>" in repr(row.title)


def test_opened_values_are_not_written_down(case: Scope) -> None:
    values = opened(jar(case, CANARY))
    assert values["title"] == CANARY
    assert list(values) == ["title"]
    assert "title" in values
    assert Engine().from_string("{{ row.title }}").render(Context({"row": values})) == CANARY
    for write_down in (pickle.dumps, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            write_down(values)
    with pytest.raises(KeyError):
        values["note"]
    with pytest.raises(TypeError):
        opened(jar(case, tags=[1]), "tags").text("tags")


def test_an_error_shows_no_value(case: Scope) -> None:
    row = jar(case, CANARY)
    sealed = raw(row, "title")
    write(row, "title", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    row = Jar.objects.get(pk=row.pk)
    with pytest.raises(VaultError) as caught:
        opened(row)
    report = io.StringIO()
    traceback.print_exception(caught.value, file=report)
    assert CANARY not in report.getvalue()
    assert "tests_jar" in report.getvalue()


def test_a_sealed_value_copies_as_itself(case: Scope) -> None:
    row = jar(case)
    title = row.title
    assert title is not None
    assert copy.copy(title) is title
    assert copy.deepcopy(title) is title
    assert pickle.loads(pickle.dumps(title)) == title  # noqa: S301 - our own bytes
    assert title != row.pk
    assert len({title, copy.copy(title)}) == 1


def test_a_pickled_row_carries_ciphertext(case: Scope) -> None:
    stored = store(case, b"x")
    again = pickle.loads(pickle.dumps(stored))  # noqa: S301 - our own bytes
    assert again.manifest == copy.deepcopy(stored).manifest == stored.manifest
    assert opened(again, "manifest")["manifest"] == opened(stored, "manifest")["manifest"]


def test_a_sealed_value_fits_no_other_row(case: Scope) -> None:
    one, other = jar(case, note="x"), jar(case)
    with pytest.raises(ValueError, match="one row"):
        other.title = one.title
    with pytest.raises(ValueError, match="one row"):
        one.title = one.note
    one.title = one.title


def test_dumped_rows_load_as_ciphertext(case: Scope) -> None:
    row = jar(case, CANARY)
    dumped = serializers.serialize("json", [row])
    fields = json.loads(dumped)[0]["fields"]
    field = Jar._meta.get_field("title")
    assert opened(row).text("title") == CANARY
    assert field.to_python(fields["title"]) == row.title
    with pytest.raises(ValidationError):
        field.to_python("not base64!")


@pytest.mark.parametrize("lookup", ["exact", "in", "contains", "startswith", "gt", "length", "regex"])
def test_a_sealed_column_answers_one_question_only(case: Scope, lookup: str) -> None:
    jar(case)
    with pytest.raises(FieldError):
        list(Jar.objects.filter(**{f"title__{lookup}": "x"}))
    assert Jar.objects.filter(note__isnull=True).count() == 1
    assert Jar.objects.filter(title__isnull=True).count() == 0


def test_sealed_columns_have_no_form_field() -> None:
    from django.forms import modelform_factory

    assert list(modelform_factory(Jar, fields="__all__").base_fields) == [
        "case",
        "unit",
        "status",
        "opened_at",
    ]


def test_lengths_fall_into_buckets(case: Scope) -> None:
    rows = [jar(case, name) for name in ("Sam", "سميرة بنت محمد", "A" * 55, "")]
    assert len({len(row.title.blob) for row in rows if row.title}) == 1


def test_the_same_text_never_seals_alike(case: Scope) -> None:
    rows = [jar(case, "same") for _ in range(5)]
    assert len({row.title.blob[30:] for row in rows if row.title}) == 5
