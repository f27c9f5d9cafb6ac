"""A thing on its way to its end, as far as a test needs it."""

from typing import Any

from django.utils import timezone

from accounts.door import entering
from exports.actions import disposal
from exports.actions.disposal import DeedFacts, DisposalFacts
from exports.models import Disposal
from exports.vocabulary import DestructionMethod, Thing
from tests.exports.worlds import World, make_exhibit

DENIED = ("outsider", "investigator", "officer")
MARK = "Disk 7, label blue"
DEED = {"done_by": "INV-EV", "place": "The cellar", "how": "Shredded to 2 mm", "present": "Nobody else"}


def a_medium(world: World, **changes: Any) -> DisposalFacts:
    """A disk to be overwritten, before the case is due."""
    facts: dict[str, Any] = {
        "thing": Thing.MEDIUM,
        "method": DestructionMethod.SECURE_ERASE,
        "mark": MARK,
        "reason": "It was copied and is not needed",
        "early": "A copy of what is kept",
    }
    return DisposalFacts(**{**facts, **changes})


def an_object(world: World, **changes: Any) -> DisposalFacts:
    """An exhibit that can be held in the hand, of a witness."""
    item = world.__dict__.setdefault("object", None)
    if item is None:
        item = make_exhibit(
            world.case,
            world.investigator,
            witness=world.witness,
            kind="physical_object",
            title="A coat with a hole",
            number="BAN-EX-0009",
            content=b"A photograph of the coat",
        )
        world.__dict__["object"] = item
    said: dict[str, Any] = {
        "thing": Thing.EXHIBIT,
        "method": DestructionMethod.PHYSICAL,
        "mark": "Seal 00471",
        "item": item,
    }
    return a_medium(world, **{**said, **changes})


def deed(**changes: Any) -> DeedFacts:
    return DeedFacts(**{"done_on": timezone.localdate(), **DEED, **changes})


def asked(world: World, facts: DisposalFacts | None = None) -> Disposal:
    """The lead asks."""
    with entering(world.lead, "test"):
        return disposal.ask_disposal(by=world.lead, case=world.case, facts=facts or a_medium(world))


def agreed(world: World, facts: DisposalFacts | None = None) -> Disposal:
    """The supervisor agrees."""
    row = asked(world, facts)
    with entering(world.supervisor, "test"):
        return disposal.agree_disposal(by=world.supervisor, disposal=row)


def carried_out(world: World, facts: DisposalFacts | None = None) -> Disposal:
    """The lead does it and writes it down."""
    row = agreed(world, facts)
    with entering(world.lead, "test"):
        return disposal.carry_out_disposal(by=world.lead, disposal=row, facts=deed())


def confirmed(world: World, facts: DisposalFacts | None = None) -> Disposal:
    """The supervisor saw it."""
    row = carried_out(world, facts)
    with entering(world.supervisor, "test"):
        return disposal.confirm_disposal(by=world.supervisor, disposal=row)


def row(world: World) -> Disposal:
    """The one there is, as it is now."""
    with entering(world.lead, "test"):
        return Disposal.objects.select_related("case", "item", "witness").get()
