"""Forgetting closes: a column without a word, a view without a policy, a table that points up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from audit.models import Event
from casemgr import checks
from casemgr.management.commands.data_handling import TARGET, page
from vault.fields import SealedText
from vault.handling import TableKind, plain, sealed
from vault.rows import SealedRow
from vault.scopes import STAFF, Scope


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Models made here are no part of the program afterwards."""
    known = {label: dict(found) for label, found in apps.all_models.items()}
    yield
    for label, found in apps.all_models.items():
        for name in set(found) - set(known.get(label, {})):
            del found[name]
    apps.clear_cache()
    # A relation also leaves a trace in its target, which the cleared cache forgets.


def ids(messages: list[CheckMessage]) -> set[tuple[str, str]]:
    return {(str(one.id), one.msg) for one in messages}


def test_the_program_itself_passes() -> None:
    for check in checks.CHECKS:
        assert check() == []
    assert not [one for one in run_checks() if str(one.id).startswith("casemgr.")]


def test_column_without_a_word_is_an_error() -> None:
    class Silent(models.Model):
        table_kind = TableKind.RECORD
        handling = {"said": plain("is said"), "gone": plain("is not there")}
        said = models.TextField()
        unsaid = models.TextField()

        class Meta:
            app_label = "casemgr"

        def __str__(self) -> str:
            return "Silent"

    assert ids(checks.check_handling()) == {
        ("casemgr.E002", "says not how unsaid is handled."),
        ("casemgr.E003", "says how gone is handled, which it does not have."),
    }


def test_sealed_column_called_plain_is_an_error_and_so_is_the_reverse() -> None:
    class Mistaken(SealedRow):
        table_kind = TableKind.RECORD
        handling = {"title": plain("is not"), "note": sealed("is not")}
        title = SealedText()
        note = models.TextField()

        class Meta:
            app_label = "casemgr"

        def scope(self) -> Scope:
            return STAFF

    assert {one for one, _ in ids(checks.check_handling())} == {"casemgr.E004"}
    assert len(checks.check_handling()) == 2


def test_table_without_a_kind_is_an_error() -> None:
    class Kindless(models.Model):
        class Meta:
            app_label = "casemgr"

        def __str__(self) -> str:
            return "Kindless"

    assert {one for one, _ in ids(checks.check_handling())} == {"casemgr.E001"}


def test_declaration_of_a_base_class_holds_for_its_children() -> None:
    class Base(models.Model):
        handling = {"shared": plain("by all")}
        shared = models.TextField()

        class Meta:
            abstract = True
            app_label = "casemgr"

    class Child(Base):
        table_kind = TableKind.RECORD
        handling = {"own": plain("by one")}
        own = models.TextField()

        class Meta:
            app_label = "casemgr"

        def __str__(self) -> str:
            return "Child"

    assert set(checks.declared(Child)) == {"shared", "own"}
    assert checks.check_handling() == []


def test_table_that_points_up_is_an_error() -> None:
    class Upward(models.Model):
        table_kind = TableKind.RECORD
        handling = {"event": plain("points up")}
        event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "vault"

        def __str__(self) -> str:
            return "Upward"

    assert ids(checks.check_rooms()) == {("casemgr.E006", "points up, from vault to audit, by event.")}


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def guarded(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


guarded.policy = "public"  # type: ignore[attr-defined]  # what a policy leaves on a view
inner = [path("bare/", bare), path("guarded/", guarded)]
urlpatterns = [path("outer/", include((inner, "inner")))]


@override_settings(ROOT_URLCONF="tests.casemgr.test_checks")
def test_view_without_a_policy_is_an_error_however_deep() -> None:
    assert ids(checks.check_policies()) == {("casemgr.E005", "/outer/bare/ has a view without a policy.")}


def test_page_of_data_handling_fits_the_models() -> None:
    assert TARGET.exists(), "run: manage.py data_handling"
    assert TARGET.read_text() == page(), "stale: run manage.py data_handling"


def test_every_column_stands_on_the_page() -> None:
    text = page()
    for model in checks.our_models():
        section = text.partition(f"`{model._meta.db_table}`")[2].partition("\n### ")[0]
        for column in checks.fields(model):
            assert f"| {column.name} |" in section, f"{model.__name__}.{column.name}"


def test_command_writes_the_page_and_refuses_a_stale_one(tmp_path: Path) -> None:
    target = tmp_path / "data-handling.md"
    with pytest.raises(CommandError, match="stale"):
        call_command("data_handling", "--check", to=target)
    call_command("data_handling", to=target)
    call_command("data_handling", "--check", to=target)
    target.write_text(target.read_text().replace("sealed", "plain"))
    with pytest.raises(CommandError, match="stale"):
        call_command("data_handling", "--check", to=target)
