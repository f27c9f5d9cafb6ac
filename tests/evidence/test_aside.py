"""A lost file is set aside by a person: the exhibit waits for it no more, and rests on it no more."""

import pytest
from django.urls import reverse

from accounts.door import entering
from audit.vocabulary import Kind
from cases.errors import NotAllowed
from evidence.actions import verification
from evidence.actions.aside import set_aside
from evidence.errors import NotEnoughMethods, NothingLost, ReasonMissing
from evidence.facts import VerificationFacts
from evidence.models import Decision, FileObject
from evidence.vocabulary import CustodyKind, FileFlag, Finding, ItemStatus, Method
from tests.evidence.runs import alerts, answer_all, check_again, open_alerts, receive, run_all
from tests.evidence.worlds import World, flip, photo, stored_path
from tests.personas import signed_in

BEGINS_WITH = ("item",)

pytestmark = pytest.mark.usefixtures("looked_once", "own_store")
WHY = "The provider has it no more, and the copy was lost with it."


def checked(world: World, *, seed: int = 0, name: str = "IMG_0007.jpg") -> FileObject:
    file = world.receive(photo(seed=seed), name=name)
    check_again(file)
    return file


def lose(file: FileObject) -> None:
    """Its bytes go bad; the exhibit freezes, and an alert is open."""
    flip(stored_path(file))
    run_all()


def give_up(world: World, file: FileObject, reason: str = WHY) -> FileObject:
    with entering(world.keeper, "test"):
        return set_aside(by=world.keeper, file=file, reason=reason)


def find(world: World) -> None:
    """Find two things of two families, and confirm them."""
    if world.now().status == ItemStatus.REGISTERED:
        with entering(world.analyst, "test"):
            verification.take_up_verification(by=world.analyst, item=world.item)
    for method in (Method.METADATA, Method.GEOLOCATION):
        facts = VerificationFacts(method=method, finding=Finding.CONSISTENT, notes="It fits.")
        with entering(world.analyst, "test"):
            found = verification.record_verification(by=world.analyst, item=world.item, facts=facts)
        with entering(world.supervisor, "test"):
            verification.confirm_verification(by=world.supervisor, verification=found)


def decide(world: World) -> None:
    with entering(world.analyst, "test"):
        verification.decide_item(by=world.analyst, item=world.item, to=ItemStatus.VERIFIED)


def test_exhibit_is_released_and_the_file_told_no_more(world: World) -> None:
    file = checked(world)
    lose(file)
    aside = give_up(world, file)
    assert (aside.set_aside_by, aside.flag) == (world.keeper, FileFlag.DAMAGED)
    assert not world.now().is_frozen
    assert open_alerts(world) == []
    entry = world.custody()[-1]
    assert (entry.event, entry.by_code) == (CustodyKind.SET_ASIDE, world.keeper.staff_code)
    assert entry.file_id == file.pk
    before = len(alerts(world))
    check_again(file)
    assert run_all().failed == 0
    assert (len(alerts(world)), world.now().is_frozen) == (before, False)
    assert world.file_now(file).flag == FileFlag.DAMAGED


def test_bytes_that_come_back_do_not_bring_the_file_back(world: World) -> None:
    file = checked(world)
    content = stored_path(file).read_bytes()
    lose(file)
    give_up(world, file)
    stored_path(file).write_bytes(content)
    check_again(file)
    now = world.file_now(file)
    assert (now.flag, now.set_aside_at is None) == (FileFlag.DAMAGED, False)


def test_exhibit_with_another_lost_file_stays_frozen(world: World) -> None:
    first, second = checked(world), checked(world, seed=40, name="other.jpg")
    lose(first)
    lose(second)
    give_up(world, first)
    assert world.now().is_frozen
    give_up(world, second)
    assert not world.now().is_frozen


def test_only_a_lost_file_is_set_aside_once_and_with_words(world: World) -> None:
    sound, file = receive(world, 2)
    with pytest.raises(NothingLost):
        give_up(world, sound)
    lose(file)
    with pytest.raises(ReasonMissing):
        give_up(world, file, "  ")
    assert world.now().is_frozen
    give_up(world, file)
    with pytest.raises(NothingLost):
        give_up(world, file)
    assert len(world.events(Kind.EVIDENCE_SET_ASIDE)) == 1


def test_verified_exhibit_that_rested_on_the_file_is_reopened_and_needs_new_findings(world: World) -> None:
    file = checked(world)
    checked(world, seed=40, name="other.jpg")
    find(world)
    decide(world)
    lose(file)
    give_up(world, file)
    assert world.now().status == ItemStatus.IN_VERIFICATION
    with entering(world.lead, "test"):
        last = Decision.objects.order_by("-created_at")[0]
    assert (last.to, last.created_by) == (ItemStatus.IN_VERIFICATION, world.keeper)
    with pytest.raises(NotEnoughMethods):
        decide(world)
    find(world)
    decide(world)
    assert world.now().status == ItemStatus.VERIFIED


def test_findings_about_a_file_set_aside_carry_no_later_decision(world: World) -> None:
    file = checked(world)
    checked(world, seed=40, name="other.jpg")
    find(world)
    lose(file)
    give_up(world, file)
    with pytest.raises(NotEnoughMethods):
        decide(world)


def test_same_content_received_again_keeps_the_decision(world: World) -> None:
    file = checked(world)
    find(world)
    decide(world)
    lose(file)
    checked(world, name="again.jpg")
    answer_all(world)
    give_up(world, file)
    assert (world.now().status, world.now().is_frozen) == (ItemStatus.VERIFIED, False)


def test_page_asks_for_a_reason_and_leads_back(world: World) -> None:
    file = checked(world)
    lose(file)
    (alert,) = alerts(world)
    browser = signed_in(world.keeper)
    exhibit = reverse("exhibit-detail", args=[world.case.pk, world.item.pk])
    page = reverse("file-set-aside", args=[world.case.pk, world.item.pk, file.pk])
    for before in (exhibit, reverse("alert-answer", args=[world.case.pk, alert.pk])):
        assert page in browser.get(before).content.decode()
    assert "cannot be undone" in browser.get(page).content.decode()
    assert browser.post(page, {"reason": " "}).status_code == 422
    assert browser.post(page, {"reason": WHY}).status_code == 302
    assert world.file_now(file).set_aside_at is not None
    shown = browser.get(exhibit).content.decode()
    assert "nobody waits for it any more" in shown
    assert WHY in shown
    assert page not in shown
    assert browser.get(page).status_code == 404


def test_who_answers_for_no_bytes_is_refused_on_the_page_too(world: World) -> None:
    file = checked(world)
    lose(file)
    page = reverse("file-set-aside", args=[world.case.pk, world.item.pk, file.pk])
    assert signed_in(world.investigator).post(page, {"reason": WHY}).status_code == 403
    with pytest.raises(NotAllowed), entering(world.analyst, "test"):
        set_aside(by=world.analyst, file=file, reason=WHY)
    assert world.file_now(file).set_aside_at is None
