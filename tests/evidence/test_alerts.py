"""Alerts: told once while they are open, and again as long as what they tell of is so."""

from collections.abc import Callable

import pytest

from accounts.door import entering
from audit.vocabulary import Kind
from evidence.actions import integrity
from evidence.actions.verification import take_up_verification
from evidence.errors import AlertClosed, ItemFrozen, ReasonMissing
from evidence.models import FileObject
from evidence.vocabulary import CustodyKind, FileFlag, FileState
from tests.evidence.runs import alerts, answer_all, check_again, open_alerts, receive, run_all
from tests.evidence.worlds import World, flip, photo, stored_path

BEGINS_WITH = ("item",)

pytestmark = pytest.mark.usefixtures("looked_once", "own_store")


def test_damage_found_again_is_told_once(world: World) -> None:
    (file,) = receive(world, 1)
    flip(stored_path(file))
    run_all()
    before = len(world.custody())
    assert run_all().failed == 1
    assert len(alerts(world)) == 1
    assert len(world.custody()) == before
    assert len(world.events(Kind.FIXITY_FAILED)) == 1


def test_file_that_two_exhibits_share_freezes_both(world: World) -> None:
    (file,) = receive(world, 1)
    other = world.register()
    world.receive(photo(), item=other, name="again.jpg")
    flip(stored_path(file))
    run_all()
    assert (world.now().is_frozen, world.now(other).is_frozen) == (True, True)
    assert len(alerts(world)) == 2


def test_frozen_exhibit_is_used_for_nothing(world: World) -> None:
    (file,) = receive(world, 1)
    flip(stored_path(file))
    run_all()
    with pytest.raises(ItemFrozen), entering(world.analyst, "test"):
        take_up_verification(by=world.analyst, item=world.item)


def test_answer_alone_releases_nothing_and_a_file_found_intact_again_does(world: World) -> None:
    (file,) = receive(world, 1)
    path = stored_path(file)
    content = path.read_bytes()
    check_again(file)
    flip(path)
    run_all()
    path.write_bytes(content)  # the disk was repaired from the copy
    answer_all(world, "The copy was put back.")
    assert world.now().is_frozen, "an answer alone makes no file good"
    assert world.file_now(file).flag == FileFlag.DAMAGED
    check_again(file)
    now = world.file_now(file)
    assert (now.check_state, now.flag) == (FileState.CHECKED, "")
    assert not world.now().is_frozen
    assert world.custody()[-1].event == CustodyKind.FIXITY_OK
    assert [event.subject for event in world.events(Kind.EVIDENCE_UNFROZEN)] == [f"evidence:{world.item.pk}"]


@pytest.mark.parametrize("looked", [check_again, lambda _: run_all()], ids=["check", "run"])
def test_file_that_is_still_damaged_raises_a_new_alert_each_time_it_was_answered(
    world: World, looked: Callable[[FileObject], object]
) -> None:
    (file,) = receive(world, 1)
    flip(stored_path(file))
    run_all()
    for known in (1, 2):
        answer_all(world)
        assert open_alerts(world) == []
        looked(file)
        looked(file)
        assert len(open_alerts(world)) == 1
        assert len(alerts(world)) == known + 1 == len(world.events(Kind.FIXITY_FAILED))
        assert (world.file_now(file).flag, world.now().is_frozen) == (FileFlag.DAMAGED, True)
    with pytest.raises(ItemFrozen), entering(world.analyst, "test"):
        take_up_verification(by=world.analyst, item=world.item)


def test_file_found_intact_releases_nothing_while_another_is_damaged(world: World) -> None:
    first, second = receive(world, 2)
    kept = {file.pk: stored_path(file).read_bytes() for file in (first, second)}
    for file in (first, second):
        flip(stored_path(file))
    run_all()
    answer_all(world)
    for file, frozen in ((first, True), (second, False)):
        stored_path(file).write_bytes(kept[file.pk])
        check_again(file)
        assert world.now().is_frozen is frozen


def test_file_found_intact_before_its_alert_is_answered_waits_for_the_answer(world: World) -> None:
    (file,) = receive(world, 1)
    path = stored_path(file)
    content = path.read_bytes()
    flip(path)
    run_all()
    path.write_bytes(content)
    check_again(file)
    assert (world.file_now(file).flag, world.now().is_frozen) == ("", True)
    answer_all(world)
    assert not world.now().is_frozen


def test_same_content_received_again_and_found_intact_takes_the_place_of_what_was_lost(world: World) -> None:
    (file,) = receive(world, 1)
    flip(stored_path(file))
    run_all()
    answer_all(world)
    check_again(file)
    again = world.receive(photo(), name="again.jpg")
    assert world.now().is_frozen, "received, and not yet hashed again"
    check_again(again)
    assert world.now().is_frozen, "its alert waits for an answer"
    answer_all(world)
    assert not world.now().is_frozen
    before = len(alerts(world))
    check_again(file)
    assert run_all().failed == 1
    assert (len(alerts(world)), world.now().is_frozen) == (before, False), (
        "what was made good is told no more"
    )
    flip(stored_path(again))
    run_all()
    run_all()  # whichever of the two came first in the walk
    assert {alert.file_id for alert in open_alerts(world)} == {file.pk, again.pk}
    assert world.now().is_frozen


def test_damaged_preview_is_told_and_holds_an_exhibit_no_longer_than_its_alert(world: World) -> None:
    (file,) = receive(world, 1)
    check_again(file)
    with entering(world.keeper, "test"):
        preview = FileObject.objects.select_related("stored").get(derived_from=file.pk)
    flip(stored_path(preview))
    run_all()
    assert world.now().is_frozen
    answer_all(world)
    assert not world.now().is_frozen
    check_again(preview)
    run_all()
    assert open_alerts(world) == [], "a preview is no evidence: one answer is enough"


def test_alert_is_answered_once_and_with_words(world: World) -> None:
    (file,) = receive(world, 1)
    flip(stored_path(file))
    run_all()
    (alert,) = alerts(world)
    with pytest.raises(ReasonMissing), entering(world.keeper, "test"):
        integrity.answer_alert(by=world.keeper, alert=alert, answer="  ")
    assert world.now().is_frozen
    with entering(world.keeper, "test"):
        integrity.answer_alert(by=world.keeper, alert=alert, answer="Lost.")
    with pytest.raises(AlertClosed), entering(world.keeper, "test"):
        integrity.answer_alert(by=world.keeper, alert=alert, answer="Lost again.")
