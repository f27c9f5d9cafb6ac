"""A package tells both sides of each hand-over, in codes of this recipient's alone."""

import csv
import json
from pathlib import Path

from accounts.door import entering
from evidence.actions.handing import confirm_hand_over, hand_outside, propose_hand_over
from evidence.facts import HandOverFacts, OutsideFacts
from tests.exports.worlds import World, unzip


def test_package_names_giver_and_receiver_and_says_what_a_receipt_stands_for(
    world: World, tmp_path: Path
) -> None:
    giver, receiver = world.investigator, world.lead
    with entering(giver, "test"):
        offered = propose_hand_over(by=giver, item=world.clip, facts=HandOverFacts(to=receiver))
    with entering(receiver, "test"):
        confirm_hand_over(by=receiver, hand_over=offered)
        facts = OutsideFacts(outside="The laboratory in Ghent", reference="R-17")
        hand_outside(by=receiver, item=world.clip, facts=facts)
    root = unzip(world.opened(world.verified), tmp_path)
    table = (root / "data" / "tables" / "custody.csv").read_text("utf-8-sig")
    inside, out = [row for row in csv.DictReader(table.splitlines()) if row["EVENT"] == "moved"]
    assert (inside["CONFIRMED"], out["CONFIRMED"]) == ("by both", "by receipt")
    assert inside["BY"]
    assert inside["BY"] != inside["TO"] == out["BY"]
    assert out["TO"] == "outside"
    (told,) = (root / "data" / "evidence").glob("*/item.json")
    moved = [one for one in json.loads(told.read_text())["custody"] if one["event"] == "moved"]
    assert [(one["by"], one["to"]) for one in moved] == [(inside["BY"], inside["TO"]), (out["BY"], "outside")]
    for path in root.rglob("*"):
        if path.is_file():
            assert b"Ghent" not in path.read_bytes(), path.name
