"""Two tables of the tests alone, in a registry of their own: the product's models and migrations never see
them.
"""

from typing import ClassVar
from uuid import UUID

from django.apps.registry import Apps
from django.db import connections, models, transaction

from vault.fields import SealedJSON, SealedText
from vault.handling import TableKind
from vault.rows import SealedRow
from vault.scopes import Scope
from vault.vocabulary import ScopeKind

_registry = Apps(["vault"])


class _Jar(SealedRow):
    """Two texts, one of which may be empty, and a column of JSON."""

    table_kind: ClassVar[TableKind] = TableKind.RECORD
    deciding: ClassVar[tuple[str, ...]] = ("status", "opened_at", "unit")

    case = models.UUIDField()
    unit = models.UUIDField(null=True)
    status = models.CharField(max_length=9, default="new")
    opened_at = models.DateTimeField(null=True)
    title = SealedText()
    note = SealedText(null=True)
    tags = SealedJSON(null=True)

    class Meta:
        abstract = True

    def scope(self) -> Scope:
        case: UUID = self.case
        unit: UUID | None = self.unit
        return Scope(ScopeKind.CASE, case, unit)


class Jar(_Jar):
    objects: ClassVar[models.Manager["Jar"]] = models.Manager()

    class Meta:
        apps = _registry
        app_label = "vault"
        db_table = "tests_jar"


class Urn(_Jar):
    objects: ClassVar[models.Manager["Urn"]] = models.Manager()

    class Meta:
        apps = _registry
        app_label = "vault"
        db_table = "tests_urn"


def build() -> None:
    """Make both tables as `owner`."""
    owner = connections["owner"]
    with owner.schema_editor() as editor:
        for model in (Jar, Urn):
            editor.create_model(model)
    with owner.cursor() as cursor:
        for model in (Jar, Urn):
            cursor.execute(f"GRANT UPDATE, DELETE ON {model._meta.db_table} TO app")


def drop() -> None:
    """Leave the database as it was."""
    with connections["owner"].schema_editor() as editor:
        for model in (Jar, Urn):
            editor.delete_model(model)


def jar(scope: Scope, title: str = "the title", **sealed: object) -> Jar:
    """Write a row and read it back."""
    row = Jar(case=scope.id, unit=scope.unit)
    with transaction.atomic():
        row.seal(title=title, **sealed)
        row.save()
    return Jar.objects.get(pk=row.pk)
