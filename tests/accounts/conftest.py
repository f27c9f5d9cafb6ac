"""The custodians of this room's tests."""

from collections.abc import Iterator

import pytest

from tests.custodians import Board, founded


@pytest.fixture
def ours(db: None) -> Iterator[Board]:
    """Three custodians, whose directory is in force."""
    with founded() as made:
        yield made
