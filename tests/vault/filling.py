"""A vault with something in it: made once and put back, or written to while something else goes on."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from tests import databases
from tests.vault.cellar import jar
from tests.vault.conftest import new_case, new_witness, store
from vault.scopes import Scope


@dataclass(frozen=True)
class Filled:
    """What every row says, and what a database and a store held then."""

    said: dict[UUID, str]
    rows: databases.Kept
    files: Path

    def put_back(self, media: Path) -> None:
        """Let the database and an empty store hold it again."""
        databases.restore(self.rows)
        shutil.copytree(self.files, media)


def fill(media: Path, files: Path) -> Filled:
    """Make three cases, each with a witness and a file; `files` becomes a copy of what lies in the store."""
    said: dict[UUID, str] = {}
    for number in range(3):
        case = new_case()
        for scope in (case, new_witness(case)):
            row = jar(scope, f"title {number} {scope.unit}")
            said[row.pk] = f"title {number} {scope.unit}"
        store(case, f"file {number}".encode())
    shutil.copytree(media, files)
    return Filled(said, databases.remember(), files)


def write_round(case: Scope, said: dict[UUID, str]) -> None:
    """Write a case, two witnesses, a draft twice and a file; what the rows say is added to `said`."""
    scope = new_witness(new_case())
    text = str(uuid4())
    row = jar(scope, "draft")
    with transaction.atomic():
        row.seal(title=text)
        row.save()
    said[row.pk] = text
    text = str(uuid4())
    said[jar(new_witness(case), text).pk] = text
    store(case, text.encode())
