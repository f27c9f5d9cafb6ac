"""Custody passes when both sides have said so, of bytes that are what they were, and in no other way."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.errors import CaseClosed, ElsewhereRow, NotVisible
from cases.models import Case, Membership
from cases.vocabulary import CaseStatus, Sensitivity
from evidence.actions import handing
from evidence.actions.custody import holder_of, record_custody
from evidence.errors import ItemFrozen, NothingOutside, ReasonMissing, StoreOutOfReach
from evidence.errors.handing import (
    HandOverEnded,
    HandOverExpired,
    HandOverIncomplete,
    HandOverOpen,
    NotTheHolder,
    NotYourHandOver,
    PartElsewhere,
)
from evidence.facts import CustodyFacts, HandOverFacts, OutsideFacts
from evidence.models import CustodyEvent, EvidenceItem, FileObject, HandOver
from evidence.vocabulary import CopyKind, CustodyKind, HandOverState
from evidence.waiting import waiting_for
from tests.evidence.runs import open_alerts
from tests.evidence.worlds import World, flip, make_world, photo, stored_path
from tests.personas import signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

BEGINS_WITH = ("item",)

LAB = OutsideFacts(outside="The laboratory in Ghent", reference="R-2025-17", condition="Sealed bag")


def propose(world: World, **said: object) -> HandOver:
    giver = cast("User", said.pop("by", world.investigator))
    facts = HandOverFacts(**{"to": world.keeper, "seal_no": "A-0417", **said})  # type: ignore[arg-type]  # a test names what it says
    with entering(giver, "test"):
        return handing.propose_hand_over(by=giver, item=world.item, facts=facts)


def confirm(world: World, hand_over: HandOver, by: User | None = None) -> HandOver:
    receiver = by or world.keeper
    with entering(receiver, "test"):
        return handing.confirm_hand_over(by=receiver, hand_over=hand_over, condition="Seal whole")


def outside(world: World, facts: OutsideFacts = LAB) -> HandOver:
    with entering(world.investigator, "test"):
        return handing.hand_outside(by=world.investigator, item=world.item, facts=facts)


def leave(world: World, person: User) -> None:
    """End somebody's membership."""
    with entering(world.lead, "test"):
        membership = Membership.objects.get(case=world.case, user=person, closed_at__isnull=True)
        end_membership(by=world.lead, membership=membership)


def holder(world: World, file: FileObject | None = None) -> str:
    with entering(world.lead, "test"):
        return holder_of(world.now(), file)


def page(world: World, hand_over: HandOver, step: str = "hand-over") -> str:
    return reverse(f"custody-{step}", args=[world.case.pk, hand_over.pk])


def moved(world: World) -> list[CustodyEvent]:
    with entering(world.lead, "test"):
        return list(CustodyEvent.objects.filter(item=world.item, event=CustodyKind.MOVED).order_by("seq"))


def state(world: World, hand_over: HandOver) -> str:
    with entering(world.lead, "test"):
        return HandOver.objects.get(pk=hand_over.pk).state


def test_chain_names_both_only_after_the_receiver_has_confirmed(world: World) -> None:
    file = world.receive(photo())
    giver, receiver = world.investigator.staff_code, world.keeper.staff_code
    hand_over = propose(world, file=file)
    assert (hand_over.state, moved(world), holder(world)) == (HandOverState.PROPOSED, [], giver)
    assert confirm(world, hand_over).state == HandOverState.CONFIRMED
    (entry,) = moved(world)
    assert (entry.by_code, entry.to_code, entry.hand_over_id) == (giver, receiver, hand_over.pk)
    assert bytes(entry.sealed_digest or b"") == bytes(file.stored.sealed_digest)
    assert (holder(world, file), holder(world)) == (receiver, giver)
    leaf = Event.objects.get(pk=entry.leaf_id)
    assert (leaf.kind, leaf.actor) == (Kind.CUSTODY_CONFIRMED, receiver)
    for said in (f'"from":"{giver}"', f'"to":"{receiver}"', str(hand_over.pk), str(entry.pk)):
        assert said in leaf.leaf
    with entering(world.lead, "test"):
        told = open_row(entry, "seal_no", reader=world.lead.staff_code, purpose=Purpose.READ)
        answer = open_row(
            HandOver.objects.get(pk=hand_over.pk),
            "answer",
            reader=world.lead.staff_code,
            purpose=Purpose.READ,
        )
    assert (told.text("seal_no"), answer.text("answer")) == ("A-0417", "Seal whole")


def test_neither_side_answers_for_the_other_and_nobody_for_either(world: World) -> None:
    hand_over = propose(world)
    for person in (world.investigator, world.lead):
        with pytest.raises(NotYourHandOver):
            confirm(world, hand_over, by=person)
        with pytest.raises(NotYourHandOver), entering(person, "test"):
            handing.decline_hand_over(by=person, hand_over=hand_over, reason="No.")
    with pytest.raises(NotYourHandOver), entering(world.keeper, "test"):
        handing.take_back_hand_over(by=world.keeper, hand_over=hand_over)
    assert (state(world, hand_over), moved(world)) == (HandOverState.PROPOSED, [])


def decline(world: World, hand_over: HandOver, reason: str) -> None:
    with entering(world.keeper, "test"):
        handing.decline_hand_over(by=world.keeper, hand_over=hand_over, reason=reason)


def test_declining_needs_a_reason_and_ends_it(world: World) -> None:
    hand_over = propose(world)
    with pytest.raises(ReasonMissing):
        decline(world, hand_over, "  ")
    decline(world, hand_over, "The seal is broken.")
    with pytest.raises(HandOverEnded):
        decline(world, hand_over, "Again.")
    with pytest.raises(HandOverEnded):
        confirm(world, hand_over)
    assert (moved(world), holder(world)) == ([], world.investigator.staff_code)


def test_what_was_taken_back_is_confirmed_by_nobody(world: World) -> None:
    hand_over = propose(world)
    with pytest.raises(HandOverOpen):
        propose(world, to=world.lead)
    with entering(world.investigator, "test"):
        handing.take_back_hand_over(by=world.investigator, hand_over=hand_over)
    with pytest.raises(HandOverEnded):
        confirm(world, hand_over)
    assert propose(world, to=world.lead).is_open


WRONG: dict[str, Callable[[World], dict[str, object]]] = {
    "to oneself": lambda w: {"to": w.investigator},
    "to who is in another case": lambda w: {"to": w.outsider},
    "to who may not take custody": lambda w: {"to": w.analyst},
    "with a text without end": lambda w: {"place": "x" * 20_001},
}


@pytest.mark.parametrize("what", WRONG)
def test_hand_over_that_cannot_be_is_refused(world: World, what: str) -> None:
    assert world.item
    before = world.state()
    with pytest.raises(HandOverIncomplete):
        propose(world, **WRONG[what](world))
    assert world.state() == before


def test_strict_exhibit_goes_to_nobody_who_may_not_read_it(world: World) -> None:
    hand_over = propose(world)
    with entering(world.lead, "test"):
        EvidenceItem.objects.filter(pk=world.item.pk).update(sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    with pytest.raises(ElsewhereRow):
        confirm(world, hand_over)
    with entering(world.keeper, "test"):
        assert waiting_for(world.keeper) == []
    assert signed_in(world.keeper).get(page(world, hand_over)).status_code == 404


def test_only_who_has_it_hands_it_over(world: World) -> None:
    file = world.receive(photo())
    with pytest.raises(NotTheHolder):
        propose(world, by=world.lead)
    confirm(world, propose(world))
    with pytest.raises(NotTheHolder):
        propose(world, to=world.lead)
    confirm(world, propose(world, by=world.keeper, to=world.lead, file=file), by=world.lead)
    with pytest.raises(PartElsewhere):
        propose(world, by=world.keeper, to=world.investigator)
    confirm(world, propose(world, by=world.lead, file=file))
    assert propose(world, by=world.keeper, to=world.lead).is_open


def test_evidence_custodian_hands_over_what_somebody_left_behind(world: World) -> None:
    left = propose(world, to=world.lead)
    leave(world, world.investigator)
    with pytest.raises(HandOverExpired):
        confirm(world, left, by=world.lead)
    with pytest.raises(NotTheHolder):
        propose(world, by=world.lead)
    taken = propose(world, by=world.keeper, to=world.lead)
    assert state(world, left) == HandOverState.LAPSED
    confirm(world, taken, by=world.lead)
    assert [(one.by_code, one.to_code) for one in moved(world)] == [
        (world.keeper.staff_code, world.lead.staff_code)
    ]


def test_receiver_who_left_takes_nothing_and_stands_in_nobodys_way(world: World) -> None:
    hand_over = propose(world)
    leave(world, world.keeper)
    with pytest.raises(NotVisible):
        confirm(world, hand_over)
    assert signed_in(world.keeper).post(page(world, hand_over, "confirm")).status_code == 404
    assert propose(world, to=world.lead).is_open
    assert state(world, hand_over) == HandOverState.LAPSED


def test_nobody_confirms_after_its_time_or_in_a_closed_case(world: World) -> None:
    hand_over = propose(world)
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.CLOSED)
    with pytest.raises(CaseClosed):
        confirm(world, hand_over)
    with entering(world.lead, "test"):
        Case.objects.filter(pk=world.case.pk).update(status=CaseStatus.OPEN)
    late = timezone.now() + handing.OPEN_FOR + timedelta(seconds=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "now", lambda: late)
        with pytest.raises(HandOverExpired):
            confirm(world, hand_over)
        assert propose(world, to=world.lead).is_open
    assert state(world, hand_over) == HandOverState.LAPSED


@pytest.mark.parametrize("moment", ["proposed", "confirmed"])
@pytest.mark.parametrize("spoil", [flip, Path.unlink], ids=["changed", "missing"])
@pytest.mark.usefixtures("own_store")
def test_bytes_that_are_not_what_they_were_stop_it(
    world: World, moment: str, spoil: Callable[[Path], None]
) -> None:
    file = world.receive(photo())
    hand_over = propose(world) if moment == "confirmed" else None
    spoil(stored_path(file))
    done = confirm(world, hand_over) if hand_over is not None else propose(world)
    assert (done.state, moved(world)) == (HandOverState.STOPPED, [])
    assert (world.now().is_frozen, len(open_alerts(world))) == (True, 1)
    assert world.custody()[-1].event == CustodyKind.FIXITY_FAIL
    assert len(world.events(Kind.CUSTODY_STOPPED)) == 1
    with pytest.raises(ItemFrozen):
        propose(world, to=world.lead)


def test_store_out_of_reach_blames_no_file(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.receive(photo())
    hand_over = propose(world)
    monkeypatch.setattr(settings, "MEDIA_STORE", tmp_path / "not-mounted")
    with pytest.raises(StoreOutOfReach):
        confirm(world, hand_over)
    assert (state(world, hand_over), world.now().is_frozen) == (HandOverState.PROPOSED, False)


def test_somebody_outside_has_it_against_a_receipt_until_it_comes_back(world: World) -> None:
    receipt = world.receive(b"%PDF-1.4 signed", name="receipt.pdf", copy_kind=CopyKind.RECEIPT)
    hand_over = outside(world, replace(LAB, receipt=receipt))
    (entry,) = moved(world)
    assert (hand_over.state, entry.to_code, holder(world)) == (HandOverState.RECEIPTED, "", "")
    assert '"to":"outside"' in Event.objects.get(pk=entry.leaf_id).leaf
    with pytest.raises(NotTheHolder):
        propose(world)
    with pytest.raises(NotTheHolder):
        outside(world)
    back = CustodyFacts(event=CustodyKind.RETURNED)
    with entering(world.keeper, "test"):
        record_custody(by=world.keeper, item=world.item, facts=back)
    assert holder(world) == world.keeper.staff_code
    with pytest.raises(NothingOutside), entering(world.keeper, "test"):
        record_custody(by=world.keeper, item=world.item, facts=back)


def test_nothing_goes_outside_without_a_name_and_a_receipt_of_this_exhibit(world: World) -> None:
    other = world.receive(b"signed", item=world.register(), copy_kind=CopyKind.RECEIPT)
    assert world.item
    for facts in (replace(LAB, outside=" "), replace(LAB, reference=" ")):
        with pytest.raises(HandOverIncomplete):
            outside(world, facts)
    with pytest.raises(ElsewhereRow):
        outside(world, replace(LAB, receipt=other))
    assert moved(world) == []


FORGED = {
    "confirmed by the giver": "state = 'confirmed', ended_at = now(), ended_by_id = created_by_id",
    "confirmed by nobody": "state = 'confirmed'",
    "taken back by the receiver": "state = 'taken_back', ended_at = now(), ended_by_id = to_id",
    "receipted inside": "state = 'receipted', ended_at = now(), ended_by_id = to_id",
    "an unknown state": "state = 'done', ended_at = now(), ended_by_id = to_id",
}


@pytest.mark.parametrize("what", FORGED)
def test_database_itself_knows_who_may_say_what(world: World, what: str) -> None:
    propose(world)
    with (
        pytest.raises(IntegrityError),
        entering(world.investigator, "test"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE evidence_handover SET {FORGED[what]}")  # the test's own words


def test_what_ended_is_changed_by_no_statement(world: World) -> None:
    confirm(world, propose(world))
    with (
        pytest.raises(IntegrityError, match="never changed"),
        entering(world.investigator, "test"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE evidence_handover SET state = 'proposed', ended_at = NULL, ended_by_id = NULL")


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_make_one_entry() -> None:
    world = make_world()
    hand_over = propose(world)
    barrier = threading.Barrier(2)
    said: list[str] = []

    def act() -> None:
        try:
            barrier.wait(20)
            said.append(confirm(world, hand_over).state)
        except HandOverEnded:
            said.append("ended")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == [HandOverState.CONFIRMED, "ended"]
    assert len(moved(world)) == 1
