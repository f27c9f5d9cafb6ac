"""The numbers of papers: random, never twice, and nothing else is drawn anew."""

import pytest
from django.db import IntegrityError, transaction

from accounts.door import entering
from exports.actions.numbering import insert_numbered
from tests.exports.disposing import a_medium, asked
from tests.exports.worlds import World


def test_a_number_that_is_taken_is_drawn_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda _below: next(drawn))
    numbers = [asked(world, a_medium(world, mark=mark)).number for mark in ("Disk 1", "Disk 2")]
    assert [one[-6:] for one in numbers] == ["000007", "000008"]
    assert list(drawn) == []


def test_what_cannot_be_written_for_another_reason_is_refused(world: World) -> None:
    row = asked(world, a_medium(world))
    with entering(world.lead, "test"), pytest.raises(IntegrityError, match="pkey"), transaction.atomic():
        insert_numbered(row, "DIS")
