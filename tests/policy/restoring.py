"""Last week's dump, really made and really restored: beside today's database, with today's keystore."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connection
from psycopg import sql

from tests import migrated
from tests.policy.hunting import forms


@dataclass(frozen=True)
class Dump:
    """A dump of every schema as `pg_dump` writes it, and the same as text."""

    path: Path
    text: bytes

    def hits(self, *words: str) -> list[str]:
        """Every word that stands in it, in any form that a program might write."""
        found = []
        for word in words:
            needles = {**forms(word)} if word.isascii() else {"utf-8": word.encode()}
            found += [f"{word}: {form}" for form, needle in needles.items() if needle in self.text]
        return found


def dump(folder: Path) -> Dump:
    """Dump the database as it is now."""
    path = folder / f"{uuid4().hex}.dump"
    migrated.run("pg_dump", "--format=custom", "--file", str(path), os.environ["DATABASE_SUPERUSER_URL"])
    text = path.with_suffix(".sql")
    migrated.run("pg_restore", "--file", str(text), str(path))
    return Dump(path, text.read_bytes())


@contextmanager
def restored(last_week: Dump) -> Iterator[None]:
    """Work in the restored dump, with the keystore of today in the place of its own."""
    here = os.environ["DATABASE_SUPERUSER_URL"]
    server, _, _name = here.rpartition("/")
    name, before = f"restored_{uuid4().hex[:8]}", connection.settings_dict["NAME"]
    migrated.create(server, name, "template0")
    try:
        migrated.run("pg_restore", "--exit-on-error", "--dbname", f"{server}/{name}", str(last_week.path))
        _put_keystore(here, f"{server}/{name}")
        connection.close()
        connection.settings_dict["NAME"] = name
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with psycopg.connect(f"{server}/postgres", autocommit=True) as top:
            top.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _put_keystore(from_: str, to: str) -> None:
    with psycopg.connect(from_) as today, psycopg.connect(to) as there:
        there.execute("SET session_replication_role = replica")
        found = today.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'keystore'").fetchall()
        for table in [sql.Identifier("keystore", str(row[0])) for row in found]:
            there.execute(sql.SQL("DELETE FROM {}").format(table))
            with (
                today.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows,
                there.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy,
            ):
                for row in rows:
                    copy.write(row)
