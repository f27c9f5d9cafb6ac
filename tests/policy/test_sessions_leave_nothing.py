"""After names were compared: every byte of the server, and no name in it."""

from pathlib import Path

import pytest

from cases.vocabulary import SessionState
from tests.cases.comparing import HER, OTHER, SAME, Comparing
from tests.cases.guards import found
from tests.cases.worlds import make_world
from tests.policy.loot import take

NAMES = [line for one in (HER, SAME, OTHER) for value in one.values() for line in value.split("\n")]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_session_leaves_no_name_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    world = make_world()
    known = take().digests()  # nobody had typed a name
    made = Comparing(world, found(world))
    try:
        done = made.run()
        assert done.state == SessionState.COMPARED
        assert {one.word.value for one in made.read(done, by=made.guards.people[0]).lines} == {
            "block",
            "clear",
        }
        loot = take()
    finally:
        made.keeper.close()
    assert loot.holding([one for one in NAMES if len(one) > 5], known) == []
    assert not [one for one in NAMES if one in caplog.text]
    loot.raw["a note on the desk"] = b"call " + HER["phones"].encode()
    assert loot.holding([HER["phones"]])
