"""What the vault's tests share: scopes with keys, rows of the vault's own, and a recorder that remembers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.vault import cellar
from tests.vault.shelves import Shelf, shelf_of
from vault import ports
from vault.files import FileSealer
from vault.files.folder import MARK
from vault.keys import create_scope_key, create_unit_key
from vault.models import StoredFile
from vault.scopes import Scope


@dataclass
class Remembering:
    """A recorder for tests: keeps what it was told."""

    openings: list[dict[str, object]] = field(default_factory=list)
    keys: list[tuple[str, UUID]] = field(default_factory=list)

    def opened(
        self, *, reader: str, purpose: str, scopes: Sequence[Scope], kind: str, count: int, commitment: bytes
    ) -> None:
        self.openings.append(
            {
                "reader": reader,
                "purpose": purpose,
                "scopes": list(scopes),
                "kind": kind,
                "count": count,
                "commitment": commitment,
            }
        )

    def key_event(self, *, event: str, key_id: UUID, scope: Scope | None, by: str) -> None:
        self.keys.append((event, key_id))


@pytest.fixture(autouse=True)
def recorder() -> Iterator[Remembering]:
    """Every test of the vault runs with its own recorder; the one before is put back."""
    remembering = Remembering()
    before = ports.install(remembering)
    yield remembering
    ports.install(before)


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    """Sealed files of a test lie in its own folder."""
    settings.MEDIA_STORE = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, media: Path) -> Shelf:
    """Each kind of store by turns, as the settings name it."""
    return shelf_of(request)


def left_in(media: Path) -> list[str]:
    """What lies in the store, but for its mark."""
    return [path.name for path in media.rglob("*") if path.is_file() and path.name != MARK]


@pytest.fixture(scope="package", autouse=True)
def cellar_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tables of these tests are there while they run, and in no other test's database."""
    with django_db_blocker.unblock():
        cellar.build()
    yield
    with django_db_blocker.unblock():
        cellar.drop()


@pytest.fixture
def case(db: None) -> Scope:
    return new_case()


def new_case() -> Scope:
    scope = Scope.case(uuid4())
    create_scope_key(scope)
    return scope


def new_witness(case: Scope) -> Scope:
    scope = Scope.witness(case.id, uuid4())
    with transaction.atomic():
        create_unit_key(scope)
    return scope


def store(scope: Scope, content: bytes) -> StoredFile:
    with transaction.atomic(), FileSealer(scope=scope, by="INV-01") as sealer:
        sealer.write(content)
        return sealer.commit()[0]
