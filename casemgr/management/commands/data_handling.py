"""Writes down how each column is handled, from what the models themselves declare."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model

from casemgr import env
from casemgr.checks import ROOMS, declared, fields, our_models
from vault.handling import How, TableKind

TARGET = env.ROOT / "docs" / "data-handling.md"
_HEAD = """# How data is handled

Written by `manage.py data_handling` from the declarations in the models; `make test` refuses a page that no
longer fits them. Every row also has a random id; `created_at` and `created_by` say when and by whom it was
written. Kept `case` means: as long as the case that it belongs to.

| word | means |
|---|---|
| plain | readable by whoever reads the database or a copy of it |
| sealed | readable by a running server that holds the root key |
| identity | names a witness: no server alone may read it |
| index | a keyed digest, made to find or to check a row by |
"""
_ROWS = {
    TableKind.LOG: "rows are added and never changed",
    TableKind.VERSION: "rows are added and never changed: a new version is a new row",
    TableKind.RECORD: "the columns that say how things stand may change",
}


def page() -> str:
    """Return the whole page."""
    models = our_models()
    parts = [_HEAD, _counts(models)]
    for room in ROOMS:
        own = [model for model in models if model._meta.app_label == room]
        if own:
            parts += [f"## {room}\n", *(_section(model) for model in own)]
    return "\n".join(parts)


def _counts(models: list[type[Model]]) -> str:
    hows = [said.how for model in models for said in declared(model).values()]
    counted = ", ".join(f"{hows.count(how)} {how}" for how in How)
    return f"{len(models)} tables; columns: {counted}.\n"


def _section(model: type[Model]) -> str:
    said = declared(model)
    kind = getattr(model, "table_kind", TableKind.RECORD)
    lines = [f"### {model.__name__}\n", f"`{model._meta.db_table}`: {_ROWS[kind]}.\n"]
    lines += ["| column | how | why | kept |", "|---|---|---|---|"]
    lines += [
        f"| {one.name} | {said[one.name].how} | {_cell(said[one.name].why)} | {_cell(said[one.name].keep)} |"
        for one in fields(model)
        if one.name in said
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


class Command(BaseCommand):
    help = "Writes docs/data-handling.md; with --check only says whether it still fits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")
        parser.add_argument("--to", type=Path, default=TARGET, help="where the page lies")

    def handle(self, *args: Any, check: bool, to: Path, **options: Any) -> None:
        fresh = page()
        if check:
            if not to.exists() or to.read_text() != fresh:
                raise CommandError("docs/data-handling.md is stale: run manage.py data_handling")
            return
        to.write_text(fresh)
        self.stdout.write(f"{to.name}: {len(our_models())} tables")
