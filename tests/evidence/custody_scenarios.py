"""What each action of custody does, for the table that runs all of them."""

from functools import partial
from typing import Any

from accounts.door import entering
from audit.vocabulary import Kind
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence.actions import collecting, custody, handing
from evidence.facts import CollectionFacts, CustodyFacts, HandOverFacts, OutsideFacts
from evidence.vocabulary import CustodyKind
from tests.evidence.worlds import World, flip, photo, stored_path
from tests.scenarios import Scenario


def _kept(world: World, name: str) -> Any:
    return world.__dict__[name]


def _with_file(world: World) -> None:
    world.__dict__["file"] = world.receive(photo())


def _offered(world: World) -> None:
    world.__dict__["file"] = world.receive(photo())
    with entering(world.investigator, "test"):
        facts = HandOverFacts(to=world.keeper)
        offered = handing.propose_hand_over(by=world.investigator, item=world.item, facts=facts)
    world.__dict__["hand_over"] = offered


def _offered_and_lost(world: World) -> None:
    _offered(world)
    flip(stored_path(_kept(world, "file")))


MARCH = Dated("2025-03-07", Precision.DAY)
_scenario = partial(Scenario[World], prepare=lambda world: world.item, denied=("supervisor",))
HANDING = [
    _scenario(
        "record_collection",
        Kind.EVIDENCE_COLLECTED,
        lambda w, by: collecting.record_collection(
            by=by, item=w.item, facts=CollectionFacts(url="https://example.org/clip", collected=MARCH)
        ),
    ),
    _scenario(
        "record_custody",
        Kind.CUSTODY_RECORDED,
        lambda w, by: custody.record_custody(
            by=by, item=w.item, facts=CustodyFacts(event=CustodyKind.EXAMINED, place="The office")
        ),
    ),
    _scenario(
        "propose_hand_over",
        Kind.CUSTODY_PROPOSED,
        lambda w, by: handing.propose_hand_over(by=by, item=w.item, facts=HandOverFacts(to=w.keeper)),
        prepare=_with_file,
    ),
    _scenario(
        "hand_outside",
        Kind.CUSTODY_HANDED_OUT,
        lambda w, by: handing.hand_outside(
            by=by, item=w.item, facts=OutsideFacts(outside="A laboratory", reference="R-17")
        ),
        prepare=_with_file,
    ),
    _scenario(
        "confirm_hand_over",
        Kind.CUSTODY_CONFIRMED,
        lambda w, by: handing.confirm_hand_over(by=by, hand_over=_kept(w, "hand_over")),
        prepare=_offered,
        by="keeper",
    ),
    _scenario(
        "decline_hand_over",
        Kind.CUSTODY_DECLINED,
        lambda w, by: handing.decline_hand_over(
            by=by, hand_over=_kept(w, "hand_over"), reason="The seal is broken."
        ),
        prepare=_offered,
        by="keeper",
    ),
    _scenario(
        "take_back_hand_over",
        Kind.CUSTODY_TAKEN_BACK,
        lambda w, by: handing.take_back_hand_over(by=by, hand_over=_kept(w, "hand_over")),
        prepare=_offered,
    ),
    _scenario(
        "stop_a_hand_over",
        Kind.CUSTODY_STOPPED,
        lambda w, by: handing.confirm_hand_over(by=by, hand_over=_kept(w, "hand_over")),
        prepare=_offered_and_lost,
        by="keeper",
    ),
]
