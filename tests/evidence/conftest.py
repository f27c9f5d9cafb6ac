"""The world of this room's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from evidence import tasks
from tests.evidence.runs import look_once
from tests.evidence.worlds import World, make_world, stored_files
from tests.personas import signed_in
from tests.sharing import Kept, keeping

kept_world = keeping(make_world)


@pytest.fixture
def world(kept_world: Kept[World], db: None) -> World:
    return kept_world.copy()


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


@pytest.fixture
def nothing_kept(world: World) -> Iterator[None]:
    """Whatever the test sends, nothing of it may be there afterwards."""
    assert world.item
    before, kept = world.state(), stored_files()
    yield
    assert (world.state(), stored_files()) == (before, kept)


@pytest.fixture
def looked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that need checked files and are not about the look: the same file is looked into once."""
    monkeypatch.setattr(tasks, "examine", look_once)


@pytest.fixture
def own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A run over everything speaks of everything: what other tests left is not this test's."""
    monkeypatch.setattr(settings, "MEDIA_STORE", tmp_path / "media")
    return tmp_path / "media"
