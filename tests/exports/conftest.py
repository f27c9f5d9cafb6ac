from collections.abc import Iterator
from typing import Any

import pytest

from tests.exports import handing
from tests.exports.erasing import scene
from tests.exports.handing import Handing, copied, make_done, make_handing
from tests.exports.worlds import World, make_world
from tests.sharing import Kept, keeping

__all__ = ["scene"]

kept_world = keeping(make_world)
kept_handing = keeping(make_handing)
kept_done = keeping(make_done)


@pytest.fixture
def world(kept_world: Kept[World], db: None) -> World:
    return kept_world.copy()


@pytest.fixture
def real(kept_handing: Kept[Handing], db: None, settings: Any) -> Iterator[Handing]:
    """An approved export, a confirmed second key, custodians; a process for each session."""
    copy = copied(kept_handing, settings)
    yield copy
    copy.keeper.close()


@pytest.fixture
def made(real: Handing, monkeypatch: pytest.MonkeyPatch) -> Handing:
    """The same, with what the process does in this very one."""
    handing.here(monkeypatch)
    return real


@pytest.fixture
def done(kept_done: Kept[Handing], db: None, settings: Any) -> Handing:
    """A hand-over that was made: its file waits for the build."""
    return copied(kept_done, settings)
