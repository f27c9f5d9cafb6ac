"""Holds over what ends by hand: over by now, placed meanwhile, or got round with another's name."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.holds import ask_lift, lift_hold, place_hold
from cases.models import LegalHold
from exports.actions import disposal
from exports.errors import KeptByHold
from exports.models import Disposal
from exports.vocabulary import DestructionMethod, DisposalState, Thing
from tests import factories
from tests.exports.disposing import a_medium, agreed, asked, deed, row
from tests.exports.worlds import World
from tests.personas import signed_in

DAY = timedelta(days=1)


def agreed_before(world: World, days: int) -> Disposal:
    with time_machine.travel(timezone.now() - days * DAY):
        return agreed(world)


def held(world: World, since: timedelta, until: timedelta, *, is_lifted: bool) -> None:
    """A hold of which nothing is left now: so long ago it began, and so long ago it was over."""
    now = timezone.now()
    ends_at = None if is_lifted else now - until
    with time_machine.travel(now - since), entering(world.lead, "test"):
        hold = place_hold(
            by=world.lead, case=world.case, witness=world.witness, ends_at=ends_at, authority="Court order 7"
        )
    if is_lifted:
        with time_machine.travel(now - until):
            lifted_by_two(world, hold)
    with entering(world.lead, "test"):
        assert not LegalHold.over(world.case.pk, whole=False).exists()


def lifted_by_two(world: World, hold: LegalHold) -> None:
    with entering(world.lead, "test"):
        ask_lift(by=world.lead, hold=hold, reason="The court said so")
    with entering(world.supervisor, "test"):
        lift_hold(by=world.supervisor, hold=hold)


def write_down(world: World, first: Disposal, days: int) -> None:
    with entering(world.lead, "test"):
        facts = deed(done_on=timezone.localdate() - days * DAY)
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=facts)


@pytest.mark.parametrize("is_lifted", [True, False])
def test_a_hold_of_the_day_of_the_deed_refuses_though_it_is_over(world: World, is_lifted: bool) -> None:
    first = agreed_before(world, 9)
    held(world, 6 * DAY, 2 * DAY, is_lifted=is_lifted)
    for days in (6, 4, 2):
        with pytest.raises(KeptByHold):
            write_down(world, first, days)
    assert row(world).state == DisposalState.AGREED
    assert len(world.events(Kind.DISPOSAL_REFUSED)) == 3


@pytest.mark.parametrize("days", [8, 1])
def test_what_was_done_before_or_after_a_hold_is_told_as_it_happened(world: World, days: int) -> None:
    first = agreed_before(world, 9)
    held(world, 6 * DAY, 2 * DAY, is_lifted=True)
    write_down(world, first, days)
    assert row(world).state == DisposalState.CARRIED_OUT


def test_a_hold_that_was_over_when_they_agreed_forbids_nothing_of_that_day(world: World) -> None:
    first = agreed(world)
    held(world, 2 * DAY, timedelta(hours=1), is_lifted=True)
    write_down(world, first, 0)
    assert row(world).state == DisposalState.CARRIED_OUT


@pytest.mark.parametrize(
    ("thing", "method"),
    [(Thing.MEDIUM, DestructionMethod.SECURE_ERASE), (Thing.PRINTED, DestructionMethod.PHYSICAL)],
)
def test_another_witnesses_name_takes_nothing_out_of_a_hold(
    world: World, thing: Thing, method: DestructionMethod
) -> None:
    """Whose words lie on a disk nobody sees: whoever asks could name anybody."""
    other = factories.make_witness(world.case, world.investigator, pseudonym="Nadia")
    facts = a_medium(world, thing=thing, method=method, witness=other)
    first = asked(world, facts)
    with entering(world.lead, "test"):
        place_hold(by=world.lead, case=world.case, witness=world.witness, authority="Court order 7")
    url = reverse("disposal-detail", kwargs={"case": world.case.pk, "disposal": first.pk})
    assert "A legal hold forbids it" in signed_in(world.supervisor).get(url).content.decode()
    with pytest.raises(KeptByHold), entering(world.supervisor, "test"):
        disposal.agree_disposal(by=world.supervisor, disposal=first)
    with pytest.raises(KeptByHold):
        asked(world, facts)
