"""System checks over every model with sealed columns. Promise: what they refuse stops the start."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models

from vault.fields import sealed_fields
from vault.rows import SealedRow


@register(Tags.models)
def check_sealed_columns(app_configs: Iterable[Any] | None, **_: Any) -> list[CheckMessage]:
    """Refuse whatever would sort, index or compare ciphertext, or a sealed column outside a `SealedRow`."""
    configs = apps.get_app_configs() if app_configs is None else app_configs
    return [error for config in configs for model in config.get_models() for error in faults(model)]


def faults(model: type[models.Model]) -> list[CheckMessage]:
    """Return what is wrong with one model's sealed columns."""
    names = set(sealed_fields(model))
    if not names:
        return []
    found: list[CheckMessage] = []
    if not issubclass(model, SealedRow):
        found.append(Error("A sealed column belongs to a SealedRow.", obj=model, id="vault.E001"))
    if names & _ordered(model):
        found.append(Error("Nothing is ordered by a sealed column.", obj=model, id="vault.E002"))
    if names & _indexed(model):
        found.append(Error("A sealed column has no index and no constraint.", obj=model, id="vault.E003"))
    return found


def _ordered(model: type[models.Model]) -> set[str]:
    named: set[str] = set()
    latest: Any = model._meta.get_latest_by or ()
    terms: list[Any] = [latest] if isinstance(latest, str) else list(latest)
    for term in [*(model._meta.ordering or ()), *terms]:
        named |= {term.lstrip("-")} if isinstance(term, str) else _mentioned(term)
    return named


def _indexed(model: type[models.Model]) -> set[str]:
    fields = sealed_fields(model).values()
    named = {field.attname for field in fields if field.unique or getattr(field, "db_index", False)}
    for together in model._meta.unique_together:
        named |= set(together)
    for index in model._meta.indexes:
        named |= {name.lstrip("-") for name in index.fields} | set(index.include)
        for expression in index.expressions:
            named |= _mentioned(expression)
    for constraint in model._meta.constraints:
        named |= set(getattr(constraint, "fields", ())) | set(getattr(constraint, "include", ()))
        for expression in getattr(constraint, "expressions", ()):
            named |= _mentioned(expression)
    return named


def _mentioned(expression: Any) -> set[str]:
    named: set[str] = {getattr(expression, "name", "")} if isinstance(expression, models.F) else set()
    for inner in getattr(expression, "get_source_expressions", list)():
        named |= _mentioned(inner)
    return named
