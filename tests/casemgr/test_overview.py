"""The overview of a case sums up what every room holds of it, as far as the reader may see."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from cases.models import Witness
from cases.vocabulary import MemberRole
from evidence.models import EvidenceItem
from evidence.vocabulary import FrozenReason
from findings.actions.assertions import LinkFacts, judge_assertion, record_assertion
from findings.vocabulary import FactState, Stance
from tests import factories
from tests.evidence.worlds import World, make_world
from tests.personas import signed_in
from tests.sharing import Kept, keeping

pytestmark = pytest.mark.django_db


kept_world = keeping(make_world)


@pytest.fixture
def world(kept_world: Kept[World], db: None) -> World:
    return kept_world.copy()


def overview(world: World, user: User) -> str:
    return signed_in(user).get(reverse("case-detail", args=[world.case.pk])).content.decode()


def test_frozen_exhibits_and_contested_facts_stand_under_what_is_missing(world: World) -> None:
    item = world.item
    assert item.exhibit_no not in overview(world, world.supervisor)
    with entering(world.analyst, "test"):
        fact = record_assertion(
            by=world.analyst,
            case=world.case,
            text="The door was broken from outside.",
            links=[LinkFacts(target=item, stance=Stance.CONTRADICTS, independence_group="the pictures")],
        )
        EvidenceItem.objects.filter(pk=item.pk).update(
            frozen_at=timezone.now(), frozen_reason=FrozenReason.RECEIPT
        )
        judge_assertion(by=world.analyst, assertion=fact, expected=fact.revision, state=FactState.CONTESTED)
    page = overview(world, world.supervisor)
    assert item.exhibit_no in page
    assert str(FrozenReason.RECEIPT.label) in page
    assert "Facts that are contested" in page


def test_full_desk_elsewhere_hides_nothing_that_waits_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_submitted_testimony(world.witness, world.investigator)
    other = make_world_beside(world)
    waits = factories.make_submitted_testimony(other, world.lead)
    monkeypatch.setattr("casemgr.waiting.MOST", 1)
    page = signed_in(world.supervisor).get(reverse("case-detail", args=[other.case_id])).content.decode()
    assert "Take up a testimony for review" in page
    assert page.count(waits.registration_no) == 2  # not read back, and waiting


def make_world_beside(world: World) -> Witness:
    """A second case of the same people, and a witness in it."""
    case = factories.make_case(world.lead, prefix="LAT")
    factories.join(case, world.lead, world.supervisor, MemberRole.SUPERVISOR)
    return factories.make_consented_witness(case, world.lead)


def test_somebody_elses_case_has_no_overview(world: World) -> None:
    answer = signed_in(world.outsider).get(reverse("case-detail", args=[world.case.pk]))
    assert answer.status_code == 404
