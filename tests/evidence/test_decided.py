"""What a decision was said about: it never outlives it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from audit.vocabulary import Kind
from cases.facts import Dated
from cases.vocabulary import Precision, Sensitivity
from evidence.actions.items import change_item
from evidence.actions.verification import (
    confirm_verification,
    decide_item,
    record_verification,
    take_up_verification,
)
from evidence.errors import ItemDecided, NoCheckedFile, NotEnoughMethods
from evidence.facts import ItemFacts, VerificationFacts
from evidence.models import Decision, EvidenceItem
from evidence.vocabulary import CopyKind, Finding, ItemStatus, ItemType, Method
from tests import factories
from tests.evidence.worlds import PHOTO, World, photo
from tests.personas import signed_in

BEGINS_WITH = ("item",)


def weigh(world: World, item: EvidenceItem | None = None) -> None:
    """Two methods of two families, each found and confirmed."""
    row = item or world.item
    with entering(world.analyst, "test"):
        found = [
            record_verification(
                by=world.analyst,
                item=row,
                facts=VerificationFacts(method=method, finding=Finding.CONSISTENT, notes="The stairs match."),
            )
            for method in (Method.GEOLOCATION, Method.METADATA)
        ]
    with entering(world.supervisor, "test"):
        for one in found:
            confirm_verification(by=world.supervisor, verification=one)


def decide(world: World, to: ItemStatus, reason: str = "", item: EvidenceItem | None = None) -> None:
    with entering(world.supervisor, "test"):
        decide_item(by=world.supervisor, item=item or world.item, to=to, reason=reason)


def begin(world: World, item: EvidenceItem | None = None) -> None:
    with entering(world.analyst, "test"):
        take_up_verification(by=world.analyst, item=item or world.item)


def verify(world: World) -> None:
    world.receive_checked(photo())
    begin(world)
    weigh(world)
    decide(world, ItemStatus.VERIFIED)


def change(world: World, facts: ItemFacts, **links: object) -> EvidenceItem:
    with entering(world.investigator, "test"):
        return change_item(
            by=world.investigator,
            item=world.item,
            expected=world.now().revision,
            facts=facts,
            **links,  # type: ignore[arg-type]  # a test names a witness or an incident
        )


CHANGES = {
    "title": replace(PHOTO, title="Another street"),
    "place": replace(PHOTO, place="Homs"),
    "day": replace(PHOTO, recorded=Dated("2024-01-01", Precision.DAY)),
    "type": replace(PHOTO, type=ItemType.VIDEO),
    "traits": replace(PHOTO, graphic=True),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_decided_about_is_not_changed_under_the_decision(world: World, what: str) -> None:
    verify(world)
    before = world.state()
    with pytest.raises(ItemDecided):
        change(world, CHANGES[what])
    assert world.state() == before


@pytest.mark.parametrize("link", ["witness", "incident"])
def test_to_whom_it_belongs_is_not_changed_under_the_decision(world: World, link: str) -> None:
    begin(world)
    decide(world, ItemStatus.REJECTED, "An older clip from elsewhere")
    incident = factories.make_incident(world.case, world.investigator)
    with pytest.raises(ItemDecided):
        change(world, PHOTO, **{link: world.witness if link == "witness" else incident})


def test_who_may_see_it_and_under_which_terms_may_still_be_changed(world: World) -> None:
    verify(world)
    change(world, replace(PHOTO, sensitivity=Sensitivity.RESTRICTED, restrictions="Not before 2027"))
    assert (world.now().status, world.now().sensitivity) == (ItemStatus.VERIFIED, Sensitivity.RESTRICTED)


@pytest.mark.usefixtures("contexts")
def test_page_says_why_a_decided_exhibit_is_not_corrected(world: World, browser: Client) -> None:
    verify(world)
    where = reverse("exhibit-edit", args=[world.case.pk, world.item.pk])
    form = browser.get(where).context["form"]
    sent = {name: field.initial for name, field in form.fields.items()} | form.initial
    page = browser.post(where, {**{k: v for k, v in sent.items() if v}, "title": "Another street"})
    assert page.status_code == 422
    assert "has been decided" in page.content.decode()
    assert browser.post(where, {k: v for k, v in sent.items() if v}).status_code == 302


@pytest.mark.parametrize("to", [ItemStatus.REJECTED, ItemStatus.INCONCLUSIVE, ItemStatus.VERIFIED])
def test_new_file_reopens_what_was_decided_without_it(world: World, to: ItemStatus) -> None:
    world.receive_checked(photo())
    begin(world)
    weigh(world)
    decide(world, to, "Looked at by two")
    world.receive_checked(photo(seed=44))
    assert world.now().status == ItemStatus.IN_VERIFICATION
    with entering(world.analyst, "test"):
        step = Decision.objects.filter(item=world.item).latest("created_at")
    assert (step.before, step.to, step.created_by_id) == (
        to,
        ItemStatus.IN_VERIFICATION,
        world.investigator.pk,
    )
    assert len(world.events(Kind.EVIDENCE_REOPENED)) == 1
    page = signed_in(world.supervisor).get(reverse("exhibit-detail", args=[world.case.pk, world.item.pk]))
    assert "A file was added after the decision." in page.content.decode()


def test_copies_and_the_same_content_again_reopen_nothing(world: World) -> None:
    verify(world)
    with entering(world.investigator, "test"):
        original = world.item.files.get()
    world.receive(photo(seed=44), copy_kind=CopyKind.REDACTED, derived_from=original)
    world.receive(photo(), name="sent once more.jpg")
    assert world.now().status == ItemStatus.VERIFIED


def test_nothing_is_verified_without_a_file_that_was_checked(world: World) -> None:
    begin(world)
    weigh(world)
    with pytest.raises(NoCheckedFile):
        decide(world, ItemStatus.VERIFIED)
    world.receive(photo())
    weigh(world)
    with pytest.raises(NoCheckedFile):
        decide(world, ItemStatus.VERIFIED)
    assert len(world.events(Kind.VERIFICATION_REFUSED)) == 2


def test_thing_that_has_no_file_is_verified_without_one(world: World) -> None:
    item = world.register(ItemFacts(type=ItemType.WEAPON_REMNANT, title="A cartridge case"))
    begin(world, item)
    weigh(world, item)
    decide(world, ItemStatus.VERIFIED, item=item)
    assert world.now(item).status == ItemStatus.VERIFIED


def _reopen(world: World) -> None:
    verify(world)
    decide(world, ItemStatus.IN_VERIFICATION, "The title names another street")


def _add_after_the_decision(world: World) -> None:
    verify(world)
    world.receive_checked(photo(seed=44))


def _add_before_the_decision(world: World) -> None:
    world.receive_checked(photo())
    begin(world)
    weigh(world)
    world.receive_checked(photo(seed=44))


def _change_what_is_said(world: World) -> None:
    world.receive_checked(photo())
    begin(world)
    weigh(world)
    change(world, replace(PHOTO, place="Homs"))


OVERTAKEN: list[Callable[[World], None]] = [
    _reopen,
    _add_after_the_decision,
    _add_before_the_decision,
    _change_what_is_said,
]


@pytest.mark.usefixtures("contexts")
@pytest.mark.parametrize("overtake", OVERTAKEN)
def test_findings_count_for_what_they_were_made_of_alone(
    world: World, overtake: Callable[[World], None]
) -> None:
    overtake(world)
    page = signed_in(world.supervisor).get(reverse("exhibit-detail", args=[world.case.pk, world.item.pk]))
    assert page.context["weighing"].methods == set()
    with pytest.raises(NotEnoughMethods):
        decide(world, ItemStatus.VERIFIED, "As before")
    weigh(world)
    decide(world, ItemStatus.VERIFIED)
    assert world.now().status == ItemStatus.VERIFIED


WEIGHED = {
    "title": replace(PHOTO, title="Another street"),
    "description": replace(PHOTO, description="The stairs of the second house"),
    "place": replace(PHOTO, place="Homs"),
    "recorded": replace(PHOTO, recorded=Dated("2024-01-01", Precision.DAY)),
    "published": replace(PHOTO, published=Dated("2024-01-01", Precision.DAY)),
    "obtained": replace(PHOTO, obtained=Dated("2024-01-01", Precision.DAY)),
    "type": replace(PHOTO, type=ItemType.VIDEO),
    "provider": replace(PHOTO, provider="Somebody else"),
}
UNWEIGHED = {
    "nothing": PHOTO,
    "who may see it": replace(PHOTO, sensitivity=Sensitivity.RESTRICTED),
    "terms": replace(PHOTO, restrictions="Not before 2027", licence="Free"),
    "how it is shown": replace(PHOTO, graphic=True),
}


@pytest.mark.parametrize("what", WEIGHED)
def test_findings_were_about_what_was_said_then(world: World, what: str) -> None:
    world.receive_checked(photo())
    begin(world)
    weigh(world)
    change(world, WEIGHED[what])
    with pytest.raises(NotEnoughMethods):
        decide(world, ItemStatus.VERIFIED)
    browser = signed_in(world.supervisor)
    page = browser.get(reverse("exhibit-detail", args=[world.case.pk, world.item.pk])).content.decode()
    assert "findings from before no longer count" in page
    assert page.count("a change of what is said: it does not count") == 2


@pytest.mark.parametrize("what", UNWEIGHED)
def test_findings_go_on_counting_when_what_they_weigh_is_as_it_was(world: World, what: str) -> None:
    world.receive_checked(photo())
    begin(world)
    weigh(world)
    change(world, UNWEIGHED[what])
    decide(world, ItemStatus.VERIFIED)
    assert world.now().status == ItemStatus.VERIFIED


def test_form_says_what_a_change_costs_before_it_is_made(world: World, browser: Client) -> None:
    where = reverse("exhibit-edit", args=[world.case.pk, world.item.pk])
    world.receive_checked(photo())
    begin(world)
    assert "no longer count towards verified" not in browser.get(where).content.decode()
    weigh(world)
    assert "no longer count towards verified" in browser.get(where).content.decode()
