"""A review whose holder lost sight of the account does not stand still for ever."""

from django.urls import reverse

from accounts.door import entering
from cases.actions.members import change_member
from cases.actions.reviews import take_up_review
from cases.models import Review
from cases.vocabulary import MemberRole
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.test_strict_witness import mark
from tests.cases.worlds import World
from tests.personas import signed_in


def test_another_takes_over_from_a_holder_who_no_longer_sees_the_account(world: World) -> None:
    account = factories.make_submitted_testimony(world.consented, world.investigator)
    first, second = (factories.make_person_like(world.supervisor) for _ in range(2))
    held = factories.join(world.case, world.lead, first, MemberRole.SUPERVISOR, sees_strict=True)
    factories.join(world.case, world.lead, second, MemberRole.SUPERVISOR, sees_strict=True)
    mark(world)
    with entering(first, "test"):
        take_up_review(by=first, testimony=account)
    browser, ids = signed_in(second), {"case": world.case.pk, "testimony": account.pk}
    offer = reverse("review-take-over", kwargs=ids)
    # While the holder sees the account the review is theirs.
    assert offer not in browser.get(reverse("review-workbench", kwargs=ids)).content.decode()
    assert browser.post(offer).status_code == 409
    with entering(world.lead, "test"):
        change_member(
            by=world.lead, membership=held, role=MemberRole.SUPERVISOR, sees_strict=False, reason="moved"
        )
    assert offer in browser.get(reverse("review-workbench", kwargs=ids)).content.decode()
    send(browser, "review-take-over", {}, case=world.case.pk, testimony=account.pk)
    with entering(second, "test"):
        assert Review.objects.get(closed_at__isnull=True).created_by_id == second.pk
    look(signed_in(first), "review-workbench", 404, case=world.case.pk, testimony=account.pk)


def test_empty_queue_says_so(world: World) -> None:
    page = look(signed_in(world.supervisor), "review-queue", case=world.case.pk)
    for words in ("You hold no review.", "Nothing waits that you may take up."):
        assert words in page
