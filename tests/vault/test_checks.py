"""Nothing sorts, indexes or compares ciphertext."""

import pytest
from django.apps.registry import Apps
from django.core.checks.registry import registry
from django.db import models
from django.db.models.functions import Length, Upper

from tests.vault.cellar import Jar
from vault.checks import check_sealed_columns, faults
from vault.fields import SealedText
from vault.rows import SealedRow


def model(meta: dict[str, object], base: type[models.Model] = SealedRow) -> type[models.Model]:
    inner = type("Meta", (), {"apps": Apps(["vault"]), "app_label": "vault", **meta})
    body = {
        "__module__": __name__,
        "Meta": inner,
        "title": SealedText(),
        "code": models.CharField(max_length=3),
    }
    made = type("Tried", (base,), body)
    assert issubclass(made, models.Model)
    return made


BAD: list[dict[str, object]] = [
    {"ordering": ["title"]},
    {"ordering": ["code", "-title"]},
    {"ordering": [models.F("title").desc()]},
    {"get_latest_by": "title"},
    {"unique_together": [("code", "title")]},
    {"indexes": [models.Index(fields=["-title"], name="a")]},
    {"indexes": [models.Index(Length("title"), name="a")]},
    {"indexes": [models.Index(fields=["code"], include=["title"], name="a")]},
    {"constraints": [models.UniqueConstraint(fields=["title"], name="a")]},
    {"constraints": [models.UniqueConstraint(Upper("title"), name="a")]},
]


@pytest.mark.parametrize("meta", BAD, ids=str)
def test_using_the_order_of_ciphertext_is_refused(meta: dict[str, object]) -> None:
    (fault,) = faults(model(meta))
    assert fault.id in {"vault.E002", "vault.E003"}


def test_a_sealed_column_outside_a_sealed_row_is_refused() -> None:
    assert [fault.id for fault in faults(model({}, models.Model))] == ["vault.E001"]


def test_good_models_pass() -> None:
    assert faults(Jar) == []
    assert faults(model({"ordering": ["code"], "indexes": [models.Index(fields=["code"], name="a")]})) == []


def test_the_product_passes() -> None:
    assert check_sealed_columns(None) == []
    assert check_sealed_columns in registry.registered_checks
