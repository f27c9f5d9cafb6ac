"""What stops the start-up: forgetting must close, not open.

Promise: a column nobody said how to handle, a view nobody said who may call, and a table that points into a
higher room are errors of `manage.py check`, which every start runs. Registered by `CasemgrConfig.ready`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import BinaryField, Field, Model
from django.urls import URLPattern, URLResolver, get_resolver

from vault.fields import SealedField
from vault.handling import Handling, How, TableKind

# From the highest room to the lowest: a room may point down, never up.
ROOMS = ("casemgr", "exports", "findings", "evidence", "cases", "accounts", "audit", "vault")
_SELF_EVIDENT = frozenset({"id", "created_at", "created_by"})
_CLOSED = frozenset({How.SEALED, How.IDENTITY})


def our_models() -> list[type[Model]]:
    """Return the models of our rooms, room by room from the top, by name."""
    found = [model for model in apps.get_models() if model._meta.app_label in ROOMS and not model._meta.proxy]
    return sorted(found, key=lambda model: (ROOMS.index(model._meta.app_label), model.__name__))


def declared(model: type[Model]) -> dict[str, Handling]:
    """Return the declarations of a model; what a base class declares holds for its children."""
    collected: dict[str, Handling] = {}
    for base in reversed(model.__mro__):
        collected |= base.__dict__.get("handling", {})
    return collected


def fields(model: type[Model]) -> list["Field[Any, Any]"]:
    """Return the columns of a model that need a word."""
    meta = model._meta
    every = [*meta.local_concrete_fields, *meta.local_many_to_many]
    return [one for one in every if one.name not in _SELF_EVIDENT and not one.primary_key]


def check_handling(**_options: object) -> list[CheckMessage]:
    """Every column says how it lies in the database, why it is kept and how long."""
    return [message for model in our_models() for message in _handling_of(model)]


def _handling_of(model: type[Model]) -> Iterator[CheckMessage]:
    said, columns = declared(model), {one.name: one for one in fields(model)}
    if not isinstance(getattr(model, "table_kind", None), TableKind):
        yield Error("says not which kind of table it is.", obj=model, id="casemgr.E001")
    for name in sorted(columns.keys() - said.keys()):
        yield Error(f"says not how {name} is handled.", obj=model, id="casemgr.E002")
    known = {one.name for one in model._meta.get_fields()}
    for name in sorted(said.keys() - known):
        yield Error(f"says how {name} is handled, which it does not have.", obj=model, id="casemgr.E003")
    for name, column in columns.items():
        if name in said and not _fits(column, said[name].how):
            yield Error(f"says {said[name].how} of {name}, which is otherwise.", obj=model, id="casemgr.E004")


def _fits(column: "Field[Any, Any]", how: How) -> bool:
    """A sealed column is said to be one; what is said to be sealed holds bytes, never text."""
    if isinstance(column, SealedField):
        return how in _CLOSED
    return how not in _CLOSED or isinstance(column, BinaryField)


def check_policies(**_options: object) -> list[CheckMessage]:
    """Every view wears a policy."""
    return [
        Error(f"/{route} has a view without a policy.", obj=_name(pattern), id="casemgr.E005")
        for route, pattern in patterns(get_resolver().url_patterns)
        if not getattr(pattern.callback, "policy", None)
    ]


def patterns(
    entries: Sequence[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Walk the addresses; yield each whole route with its pattern."""
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route)
        else:
            yield route, entry


def _name(pattern: URLPattern) -> str:
    return f"{pattern.callback.__module__}.{getattr(pattern.callback, '__name__', pattern.name)}"


def check_rooms(**_options: object) -> list[CheckMessage]:
    """No table points into a higher room."""
    return [
        Error(f"points up, from {own} to {other}, by {name}.", obj=model, id="casemgr.E006")
        for model in our_models()
        for own, other, name in _pointed(model)
        if ROOMS.index(other) < ROOMS.index(own)
    ]


def _pointed(model: type[Model]) -> Iterator[tuple[str, str, str]]:
    for column in [*model._meta.local_concrete_fields, *model._meta.local_many_to_many]:
        target = column.remote_field.model if column.remote_field else None
        if target is not None and target._meta.app_label in ROOMS:
            yield model._meta.app_label, target._meta.app_label, column.name


CHECKS = (check_handling, check_policies, check_rooms)
