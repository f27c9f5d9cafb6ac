"""Somebody who writes into the database agrees for others, or lifts a hold: nothing ends by it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.vocabulary import OwedState
from audit.vocabulary import Kind
from cases.actions.holds import ask_lift, lift_hold, place_hold
from cases.errors import HoldAltered
from cases.models import LegalHold, Witness
from exports import tasks
from exports.actions import disposal, shredding
from exports.errors import DecisionAltered, KeptByHold, UnderHold
from exports.models import Destruction, Disposal, ErasureJob
from exports.vocabulary import DestructionState, DisposalState
from tests.exports.disposing import agreed, asked, carried_out, deed, row
from tests.exports.worlds import World
from tests.personas import signed_in

NOW = timezone.now()
AGREED = {"state": DisposalState.AGREED, "agreed_at": NOW}
CONFIRMED = {"state": DisposalState.CONFIRMED, "confirmed_at": NOW}


def write_in(world: World, first: Disposal, **values: object) -> None:
    with entering(world.lead, "test"):
        Disposal.objects.filter(pk=first.pk).update(**values)


def pages(world: World, name: str, **key: object) -> list[int]:
    """What the row's page and its certificate answer."""
    here = {"case": world.case.pk, **key}
    browser = signed_in(world.lead)
    return [
        browser.get(reverse(f"{name}-{one}", kwargs=here)).status_code for one in ("detail", "certificate")
    ]


def test_nothing_is_destroyed_on_an_agreement_that_nobody_gave(world: World) -> None:
    first = asked(world)
    write_in(world, first, agreed_by=world.supervisor, **AGREED)
    with pytest.raises(DecisionAltered), entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())
    assert row(world).done_on is None
    assert pages(world, "disposal", disposal=first.pk) == [409, 409]
    assert len(world.events(Kind.DISPOSAL_REFUSED)) == 3


def test_an_agreement_is_of_its_day(world: World) -> None:
    """A deed of the week before a hold came would get round it."""
    first = agreed(world)
    write_in(world, first, agreed_at=NOW - timedelta(days=9))
    with pytest.raises(DecisionAltered), entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())


def test_no_certificate_says_that_somebody_saw_what_they_did_not(world: World) -> None:
    first = carried_out(world)
    assert pages(world, "disposal", disposal=first.pk) == [200, 200]
    write_in(world, first, confirmed_by=world.supervisor, **CONFIRMED)
    assert pages(world, "disposal", disposal=first.pk) == [409, 409]


def test_no_key_goes_on_a_confirmation_that_nobody_gave(world: World) -> None:
    before = world.erasure
    with entering(world.lead, "test"):
        Destruction.objects.filter(pk=before.pk).update(
            state=DestructionState.CONFIRMED, confirmed_at=NOW, confirmed_by=world.lead
        )
        job = ErasureJob.objects.create(destruction=before, by=world.lead)
    tasks.shred(str(job.pk))
    with entering(world.lead, "test"):
        assert ErasureJob.objects.get(pk=job.pk).reason == "DecisionAltered"
        assert Witness.objects.get(pk=world.witness.pk).erased_at is None
    assert pages(world, "erasure", erasure=before.pk) == [409, 409]
    for decide in (shredding.confirm_erasure, shredding.check_erasable, shredding.destroy_keys):
        with pytest.raises(DecisionAltered), entering(world.lead, "test"):
            decide(by=world.lead, destruction=before)


def test_nobody_is_lent_to_the_worker(world: World) -> None:
    """It acts for whoever confirmed, and for nobody else whom its row may name."""
    agreed_to = world.agreed
    with entering(world.lead, "test"):
        ErasureJob.objects.filter(destruction=agreed_to).update(by=world.custodian)
        job = ErasureJob.objects.get(destruction=agreed_to)
    tasks.shred(str(job.pk))
    with entering(world.lead, "test"):
        ended = ErasureJob.objects.get(pk=job.pk)
        assert (ended.state, Witness.objects.get(pk=world.witness.pk).erased_at) == (OwedState.FAILED, None)


@pytest.mark.parametrize("is_lifted", [True, False])
def test_no_row_lifts_a_hold(world: World, is_lifted: bool) -> None:
    """Not even half: whoever asked for the lift is whose word counts as the first of two."""
    first = agreed(world)
    assert world.erasure
    with entering(world.supervisor, "test"):
        hold = place_hold(by=world.supervisor, case=world.case, authority="Court order 7")
        LegalHold.objects.filter(pk=hold.pk).update(
            lift_asked_by=world.supervisor,
            lift_asked_at=NOW,
            **({"lifted_by": world.lead, "lifted_at": NOW} if is_lifted else {}),
        )
        assert LegalHold.over(world.case.pk, world.witness.pk).exists() is not is_lifted
    with pytest.raises(KeptByHold) as kept, entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())
    assert kept.value.facts["hold"] == str(hold.pk)
    with pytest.raises(UnderHold), entering(world.lead, "test"):
        shredding.confirm_erasure(by=world.lead, destruction=world.erasure)
    for name, key in (("disposal", first.pk), ("erasure", world.erasure.pk)):
        page = signed_in(world.lead).get(reverse(f"{name}-detail", args=[world.case.pk, key]))
        assert "A legal hold forbids it" in page.content.decode()
    with pytest.raises(HoldAltered), entering(world.lead, "test"):
        lift_hold(by=world.lead, hold=hold)
    with pytest.raises(HoldAltered), entering(world.lead, "test"):
        ask_lift(by=world.lead, hold=hold, reason="So that it is written down as ours")
