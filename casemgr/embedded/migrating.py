"""Migrating a database that holds nothing yet, without drawing every model again after each step.

While it migrates Django keeps classes of all models as they stood at each step. Every model here leads to
persons and cases, so that one new table would make it draw all of them again: nine tenths of a first start.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.models import Model

_reload = vars(ProjectState)["_find_reload_model"]


def _touched(
    state: ProjectState,
    app_label: str,
    model_name: str,
    delay: bool = False,  # noqa: FBT001, FBT002  # as in the method that it stands for
) -> set[tuple[str, str]]:
    """Return which models are drawn again now: the changed one alone, where no table of another follows it.

    That is so of a model that is new or was given one more field, and wherever Django itself would put the
    others off (`delay`): they are drawn before code asks for them, as ever.
    """
    drawn = state.apps.all_models[app_label].get(model_name)
    grows = drawn is None or len(state.models[app_label, model_name].fields) > _count(drawn)
    if delay or grows:
        state.is_delayed = True
        return {(app_label, model_name)}
    found: set[tuple[str, str]] = _reload(state, app_label, model_name, delay)
    return found


def _count(model: type[Model]) -> int:
    return len(model._meta.local_fields) + len(model._meta.local_many_to_many)


@contextmanager
def _drawing_little() -> Iterator[None]:
    setattr(ProjectState, "_find_reload_model", _touched)  # noqa: B010  # the stubs do not know it
    try:
        yield
    finally:
        setattr(ProjectState, "_find_reload_model", _reload)  # noqa: B010


def migrate(alias: str) -> None:
    """Bring the tables to this release, as the role that this alias signs in with."""
    if MigrationRecorder(connections[alias]).applied_migrations():
        call_command("migrate", database=alias, verbosity=0, interactive=False)
        return
    with _drawing_little():
        call_command("migrate", database=alias, verbosity=0, interactive=False)
