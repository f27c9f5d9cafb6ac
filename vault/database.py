"""Operations of migrations: tables that are made together, and what a role may do with them, each by name.

Promise: the default for a new table is SELECT and INSERT for `app`; whoever needs more says so in a
migration, column by column, where CI prints it. Called from migrations only, which run as `owner`.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.operations.special import RunSQL
from django.db.migrations.state import ProjectState
from psycopg import sql

_ROLE = sql.Identifier("app")
_SCHEMAS = ("keystore", "identity")


def _run(forwards: list[sql.Composed], backwards: list[sql.Composed]) -> RunSQL:
    return RunSQL(
        [statement.as_string() for statement in forwards],
        [statement.as_string() for statement in backwards],
    )


def allow_update(table: str, *columns: str) -> RunSQL:
    """Let `app` change the named columns of `table`, and no others."""
    if not columns:
        raise ValueError("Name the columns.")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    give = sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(names, sql.Identifier(table), _ROLE)
    take = sql.SQL("REVOKE UPDATE ({}) ON {} FROM {}").format(names, sql.Identifier(table), _ROLE)
    return _run([give], [take])


def allow_delete(table: str) -> RunSQL:
    """Let `app` delete rows of `table`; row-level security and foreign keys still hold."""
    give = sql.SQL("GRANT DELETE ON {} TO {}").format(sql.Identifier(table), _ROLE)
    take = sql.SQL("REVOKE DELETE ON {} FROM {}").format(sql.Identifier(table), _ROLE)
    return _run([give], [take])


def into_schema(table: str, schema: str) -> RunSQL:
    """Move a table that was just created into `keystore` or `identity`, and take it from `app`.

    In `keystore` `app` keeps nothing, in `identity` INSERT; everything else asks for the schema's role, taken
    for one statement (`vault.stepping`).
    """
    if schema not in _SCHEMAS:
        raise ValueError("There are two guarded schemas: keystore and identity.")
    there, role = sql.Identifier(schema, table), sql.Identifier(schema)
    forwards = [
        sql.SQL("ALTER TABLE public.{} SET SCHEMA {}").format(sql.Identifier(table), sql.Identifier(schema)),
        sql.SQL("REVOKE ALL ON {} FROM {}, PUBLIC").format(there, _ROLE),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(there, role),
    ]
    if schema == "identity":
        forwards.append(sql.SQL("GRANT INSERT ON {} TO {}").format(there, _ROLE))
    back = [
        sql.SQL("REVOKE ALL ON {} FROM {}").format(there, role),
        sql.SQL("ALTER TABLE {} SET SCHEMA public").format(there),
        sql.SQL("GRANT SELECT, INSERT ON public.{} TO {}").format(sql.Identifier(table), _ROLE),
    ]
    return _run(forwards, back)


class CreateTables(Operation):
    """Create several tables in one step; they may point to each other in a ring.

    Django keeps every model drawn, and after each CreateModel draws anew all that the new one is tied to.
    Where everything is tied to people and cases, a hundred tables take thousands of drawings, and the first
    start waits for them. Here the drawing is put away while the tables are named; whoever asks next draws
    each once.
    """

    category = OperationCategory.ADDITION

    def __init__(self, *tables: CreateModel) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)  # a cached property: it is made again when it is read
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "Create tables " + ", ".join(table.name for table in self.tables)
