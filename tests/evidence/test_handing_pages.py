"""The pages of a hand-over: from the proposal to the chain, and nothing for whom it is not."""

from django.urls import reverse

from accounts.door import entering
from accounts.vocabulary import Role
from cases.vocabulary import MemberRole
from evidence.models import HandOver
from evidence.waiting import waiting_for
from tests import factories
from tests.evidence.test_handing import page as address
from tests.evidence.test_handing import propose
from tests.evidence.worlds import World
from tests.personas import make_person, signed_in


def test_pages_lead_from_the_proposal_to_the_chain(world: World) -> None:
    giver, receiver = signed_in(world.investigator), signed_in(world.keeper)
    form = reverse("custody-propose", args=[world.case.pk, world.item.pk])
    assert world.outsider.staff_code not in giver.get(form).content.decode()
    kept = giver.post(form, {"to": "", "place": "The office in the hills"})
    assert (kept.status_code, "The office in the hills" in kept.content.decode()) == (422, True)
    sent = giver.post(form, {"to": str(world.keeper.pk), "place": "The office in the hills"})
    assert sent.status_code == 302
    page = giver.get(sent["Location"]).content.decode()
    assert "Take it back" in page
    assert "Take custody" not in page
    with entering(world.keeper, "test"):
        (waits,) = waiting_for(world.keeper)
        hand_over = HandOver.objects.get(pk=waits.id)
    assert address(world, hand_over) in receiver.get(reverse("dashboard")).content.decode()
    assert "Take custody" in receiver.get(sent["Location"]).content.decode()
    assert giver.get(address(world, hand_over, "confirm")).status_code == 403
    assert giver.post(address(world, hand_over, "confirm")).status_code == 403
    done = receiver.post(address(world, hand_over, "confirm"), {"condition": "As described"}, follow=True)
    assert "You have the exhibit now" in done.content.decode()
    chain = giver.get(reverse("custody-list", args=[world.case.pk, world.item.pk])).content.decode()
    assert "Confirmed by both sides" in chain
    assert "As described" in chain
    with entering(world.keeper, "test"):
        assert waiting_for(world.keeper) == []


def test_pages_say_that_it_is_outside_and_that_it_was_declined(world: World) -> None:
    giver, receiver = signed_in(world.investigator), signed_in(world.keeper)
    hand_over = propose(world)
    assert receiver.post(address(world, hand_over, "decline"), {"reason": ""}).status_code == 422
    declined = receiver.post(
        address(world, hand_over, "decline"), {"reason": "The seal is broken."}, follow=True
    )
    assert "The seal is broken." in declined.content.decode()
    second = propose(world)
    assert giver.post(address(world, second, "take-back")).status_code == 302
    form = reverse("custody-hand-outside", args=[world.case.pk, world.item.pk])
    assert "Give the number" in giver.post(form, {"outside": "A court"}).content.decode()
    sent = giver.post(form, {"outside": "A court", "reference": "R-17"}, follow=True).content.decode()
    assert "stands in place of their confirmation" in sent
    for name in ("custody-list", "exhibit-detail"):
        page = giver.get(reverse(name, args=[world.case.pk, world.item.pk])).content.decode()
        assert "A court" in page
        assert "Outside this system, against a receipt" in page


def test_hand_over_of_another_case_does_not_exist(world: World) -> None:
    hand_over = propose(world)
    stranger = make_person(Role.INVESTIGATOR)
    other = factories.make_case(stranger, prefix="HOM")
    factories.join(other, stranger, world.outsider, MemberRole.INVESTIGATOR)
    for person in (stranger, world.outsider):
        browser = signed_in(person)
        for case in (world.case, other):
            for step in ("hand-over", "confirm", "decline"):
                address = reverse(f"custody-{step}", args=[case.pk, hand_over.pk])
                assert browser.get(address).status_code == 404
            assert browser.post(reverse("custody-take-back", args=[case.pk, hand_over.pk])).status_code == 404
