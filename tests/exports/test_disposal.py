"""What no key can end: two people at each step, no hold, a chain that says so, a paper."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from audit.models import Position
from audit.vocabulary import Kind
from cases.actions.cases import move_case
from cases.actions.holds import place_hold
from cases.errors import ElsewhereRow, NotVisible, StepNotPossible
from cases.models import LegalHold, Witness
from cases.retention import is_due
from cases.vocabulary import CaseStatus
from evidence.actions.custody import holder_of, record_custody
from evidence.actions.handing import hand_outside, propose_hand_over, take_back_hand_over
from evidence.actions.items import register_item
from evidence.errors import ItemFrozen
from evidence.errors.handing import HandOverOpen, NothingLeft, NotTheHolder
from evidence.facts import CustodyFacts, HandOverFacts, ItemFacts, OutsideFacts
from evidence.models import CustodyEvent, EvidenceItem
from evidence.vocabulary import CustodyKind, FrozenReason, ItemType
from exports.actions import disposal, shredding
from exports.errors import (
    DisposalByTwo,
    DisposalIncomplete,
    DisposedBefore,
    KeptByHold,
    NotDueYet,
    NothingToHold,
    ThingElsewhere,
)
from exports.models import Disposal
from exports.printing.certificate import disposal_certificate
from exports.vocabulary import DestructionMethod, DisposalState, Thing
from tests import factories
from tests.exports.disposing import (
    DEED,
    MARK,
    a_medium,
    agreed,
    an_object,
    asked,
    carried_out,
    confirmed,
    deed,
    row,
)
from tests.exports.worlds import World, make_exhibit
from tests.personas import signed_in
from vault.opening import open_row
from vault.scopes import Scope
from vault.vocabulary import Purpose


def ask(world: World, **changes: Any) -> Disposal:
    return asked(world, a_medium(world, **changes))


def hold(world: World, witness: Witness | None = None) -> LegalHold:
    with entering(world.lead, "test"):
        return place_hold(by=world.lead, case=world.case, witness=witness, authority="Court order 7/2026")


def chain(world: World) -> list[CustodyEvent]:
    with entering(world.lead, "test"):
        return list(CustodyEvent.objects.filter(item=world.__dict__["object"]).order_by("seq"))


def test_nobody_takes_a_step_and_confirms_it(world: World) -> None:
    first = asked(world)
    with pytest.raises(DisposalByTwo), entering(world.lead, "test"):
        disposal.agree_disposal(by=world.lead, disposal=first)
    with pytest.raises(StepNotPossible), entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())
    with entering(world.supervisor, "test"):
        disposal.agree_disposal(by=world.supervisor, disposal=first)
        disposal.carry_out_disposal(by=world.supervisor, disposal=first, facts=deed())
    with pytest.raises(DisposalByTwo), entering(world.supervisor, "test"):
        disposal.confirm_disposal(by=world.supervisor, disposal=first)
    assert row(world).state == DisposalState.CARRIED_OUT
    assert len(world.events(Kind.DISPOSAL_REFUSED)) == 2
    with entering(world.lead, "test"):
        disposal.confirm_disposal(by=world.lead, disposal=first)
    with pytest.raises(StepNotPossible), entering(world.lead, "test"):
        disposal.decline_disposal(by=world.lead, disposal=first, reason="Too late")


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE exports_disposal SET agreed_by_id = created_by_id",
        "UPDATE exports_disposal SET confirmed_by_id = carried_out_by_id",
        "UPDATE exports_disposal SET state = 'confirmed'",
        "UPDATE exports_disposal SET state = 'asked', agreed_by_id = NULL",
    ],
)
def test_the_database_itself_refuses_one_person_and_what_has_ended(world: World, forged: str) -> None:
    done = confirmed(world) if "asked" in forged else carried_out(world)
    with (
        pytest.raises(DatabaseError),
        entering(world.lead, "test"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{forged} WHERE id = %s", [done.pk])


def test_a_hold_refuses_each_step_before_the_deed_and_that_is_recorded(world: World) -> None:
    """With no witness named, a hold over one of the case counts: who knows what lies on a disk."""
    first = agreed(world)
    hold(world, world.witness)
    with pytest.raises(KeptByHold), entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())
    with pytest.raises(KeptByHold):
        ask(world)
    assert row(world).state == DisposalState.AGREED
    assert [event.actor for event in world.events(Kind.DISPOSAL_REFUSED)] == [world.lead.staff_code] * 2


def test_a_hold_over_another_witness_does_not_keep_what_is_one_witnesses(world: World) -> None:
    other = factories.make_witness(world.case, world.investigator, pseudonym="Nadia")
    hold(world, other)
    form = {"thing": Thing.CONSENT_FORM, "method": DestructionMethod.PHYSICAL, "witness": world.witness}
    assert ask(world, **form).state == DisposalState.ASKED
    hold(world, world.witness)
    with pytest.raises(KeptByHold):
        ask(world, **form)


def test_what_was_done_before_a_hold_came_is_told_as_it_happened(world: World) -> None:
    """Refusing to write it down would leave a record that says the thing is still there."""
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        first = agreed(world)
    hold(world)
    earlier = deed(done_on=timezone.localdate() - timedelta(days=3))
    with entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=earlier)
    with entering(world.supervisor, "test"):
        disposal.confirm_disposal(by=world.supervisor, disposal=first)
    assert row(world).state == DisposalState.CONFIRMED


def test_the_rule_of_retention_keeps_it_or_somebody_says_why_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotDueYet):
        ask(world, early=" ")
    with entering(world.lead, "test"):
        assert not is_due(world.case, timezone.now() + timedelta(days=365 * 100))  # it is open
    for by, to in (
        (world.lead, CaseStatus.UNDER_REVIEW),
        (world.supervisor, CaseStatus.FINDINGS_APPROVED),
        (world.supervisor, CaseStatus.CLOSED),
    ):
        with entering(by, "test"):
            move_case(by=by, case=world.case, to=to)
    with entering(world.lead, "test"):
        world.case.refresh_from_db()
        assert not is_due(world.case, timezone.now() + timedelta(days=365 * 29))
        assert is_due(world.case, timezone.now() + timedelta(days=365 * 31))
    with pytest.raises(NotDueYet):
        ask(world, early="")
    monkeypatch.setattr(disposal, "is_due", lambda case, now: True)
    assert ask(world, early="").state == DisposalState.ASKED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"thing": Thing.PRINTED}, "method"),
        ({"method": DestructionMethod.CRYPTO_SHRED}, "method"),
        ({"thing": Thing.EXHIBIT, "method": DestructionMethod.PHYSICAL}, "item"),
        ({"thing": Thing.CONSENT_FORM, "method": DestructionMethod.PHYSICAL}, "witness"),
        ({"mark": " "}, "mark"),
        ({"mark": "x" * 201}, "mark"),
        ({"reason": ""}, "reason"),
        ({"early": "x" * 2001}, "early"),
    ],
)
def test_an_incomplete_request_is_refused(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DisposalIncomplete) as refused:
        ask(world, **changes)
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("name", [*DEED, "done_on", "tomorrow"])
def test_an_incomplete_deed_is_refused(world: World, name: str) -> None:
    first = agreed(world)
    days = {"done_on": -1, "tomorrow": 1}
    changed: dict[str, object] = {name: " "}
    if name in days:
        changed = {"done_on": timezone.localdate() + timedelta(days=days[name])}
    with pytest.raises(DisposalIncomplete), entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed(**changed))


def test_the_chain_of_an_exhibit_ends_with_the_confirmation(world: World) -> None:
    first = carried_out(world, an_object(world))
    assert chain(world) == []
    with entering(world.supervisor, "test"):
        disposal.confirm_disposal(by=world.supervisor, disposal=first)
    (entry,) = chain(world)
    assert (entry.event, entry.by_code) == (CustodyKind.DESTROYED, world.supervisor.staff_code)
    with entering(world.supervisor, "test"):
        told = open_row(entry, "seal_no", "condition", "place", reader="INV-01", purpose=Purpose.READ)
    assert told.text("seal_no") == "Seal 00471"
    assert told.text("condition") == DEED["how"]
    assert f'"disposal":"{first.number}"' in entry.leaf.leaf
    with pytest.raises(DisposedBefore):
        asked(world, an_object(world))


def test_what_was_destroyed_is_handed_to_nobody(world: World) -> None:
    """An object of which no file was received: a hand-over would pass on what does not exist."""
    by = world.investigator
    with entering(by, "test"):
        facts = ItemFacts(type=ItemType.PHYSICAL_OBJECT, title="A coat with a hole")
        world.__dict__["object"] = item = register_item(by=by, case=world.case, facts=facts)
    confirmed(world, an_object(world))
    outside = OutsideFacts(outside="A laboratory", reference="R-7")
    with pytest.raises(NothingLeft), entering(by, "test"):
        propose_hand_over(by=by, item=item, facts=HandOverFacts(to=world.lead))
    with pytest.raises(NothingLeft), entering(by, "test"):
        hand_outside(by=by, item=item, facts=outside)


def test_what_is_given_back_is_outside_and_may_come_back(world: World) -> None:
    facts = an_object(world, method=DestructionMethod.GIVEN_BACK)
    confirmed(world, facts)
    item, by = world.__dict__["object"], world.investigator
    assert [entry.event for entry in chain(world)] == [CustodyKind.GIVEN_BACK]
    with entering(by, "test"):
        assert holder_of(item) == ""
    with pytest.raises(ThingElsewhere):
        asked(world, an_object(world))
    with pytest.raises(NotTheHolder), entering(by, "test"):
        propose_hand_over(by=by, item=item, facts=HandOverFacts(to=world.lead))
    with entering(by, "test"):
        record_custody(by=by, item=item, facts=CustodyFacts(event=CustodyKind.RETURNED))
    assert asked(world, an_object(world)).state == DisposalState.ASKED


def test_an_exhibit_that_is_passing_frozen_or_no_object_is_refused(world: World) -> None:
    facts, by = an_object(world), world.investigator
    item: EvidenceItem = world.__dict__["object"]
    clip = make_exhibit(world.case, by, kind="social_media_post", number="BAN-EX-0010", content=b"A post")
    with pytest.raises(NothingToHold):
        asked(world, a_medium(world, thing=Thing.EXHIBIT, method=DestructionMethod.PHYSICAL, item=clip))
    first = agreed(world, facts)
    with pytest.raises(DisposedBefore):
        asked(world, facts)
    with entering(by, "test"):
        offered = propose_hand_over(by=by, item=item, facts=HandOverFacts(to=world.lead))
    with pytest.raises(HandOverOpen), entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())
    with entering(by, "test"):
        take_back_hand_over(by=by, hand_over=offered)
        EvidenceItem.objects.filter(pk=item.pk).update(
            frozen_at=timezone.now(), frozen_reason=FrozenReason.FIXITY
        )
    with pytest.raises(ItemFrozen), entering(world.lead, "test"):
        disposal.carry_out_disposal(by=world.lead, disposal=first, facts=deed())


def test_an_exhibit_that_is_handed_on_meanwhile_does_not_end_behind_somebodys_back(world: World) -> None:
    first, by = carried_out(world, an_object(world)), world.investigator
    with entering(by, "test"):
        propose_hand_over(by=by, item=world.__dict__["object"], facts=HandOverFacts(to=world.lead))
    with pytest.raises(HandOverOpen), entering(world.supervisor, "test"):
        disposal.confirm_disposal(by=world.supervisor, disposal=first)
    assert row(world).state == DisposalState.CARRIED_OUT
    assert CustodyKind.DESTROYED not in [entry.event for entry in chain(world)]


def test_the_object_of_an_erased_witness_can_still_be_destroyed(world: World) -> None:
    """The keys to all that was said of it are gone; the thing itself is not, and its chain must end."""
    facts = an_object(world)
    assert world.agreed
    with entering(world.lead, "test"):
        shredding.destroy_keys(by=world.lead, destruction=world.agreed)
    confirmed(world, facts)
    (entry,) = [one for one in chain(world) if one.event == CustodyKind.DESTROYED]
    assert entry.condition is None
    page = signed_in(world.lead).get(certificate_url(world)).content.decode()
    assert "BAN-EX-0009" in page


def test_rows_of_other_cases_are_refused_as_if_they_were_not_there(world: World, outsider: User) -> None:
    elsewhere = factories.make_case(outsider, prefix="HOM")
    strange = make_exhibit(elsewhere, outsider, kind="physical_object", number="HOM-EX-0001")
    with pytest.raises(ElsewhereRow):
        asked(world, a_medium(world, thing=Thing.EXHIBIT, method=DestructionMethod.PHYSICAL, item=strange))
    with pytest.raises(NotVisible), entering(outsider, "test"):
        disposal.agree_disposal(by=outsider, disposal=asked(world))


def certificate_url(world: World) -> str:
    return reverse("disposal-certificate", kwargs={"case": world.case.pk, "disposal": row(world).pk})


def test_pages_from_asking_to_the_certificate(world: World) -> None:
    facts = an_object(world)
    assert facts.item
    here = {"case": world.case.pk}
    lead, supervisor = signed_in(world.lead), signed_in(world.supervisor)
    typed = {
        "thing": "exhibit",
        "method": "physical",
        "item": str(facts.item.pk),
        "mark": "Seal 00471",
        "reason": "Its owner is dead",
    }
    page = lead.post(reverse("disposal-ask", kwargs=here), typed)
    assert page.status_code == 422
    assert "retention rule of this case keeps it still" in page.content.decode()
    lead.post(reverse("disposal-ask", kwargs=here), {**typed, "early": "It is poisonous"})
    one = {**here, "disposal": row(world).pk}
    detail, decide = (reverse(f"disposal-{name}", kwargs=one) for name in ("detail", "decide"))
    assert "Decide about it" not in lead.get(detail).content.decode()
    assert "Decide about it" in supervisor.get(detail).content.decode()
    assert "Not done" in lead.get(certificate_url(world)).content.decode()
    supervisor.post(decide, {"decision": "confirm"})
    done = reverse("disposal-carry-out", kwargs=one)
    assert lead.post(done, {}).status_code == 422
    lead.post(done, {"done_on": str(timezone.localdate()), **DEED})
    assert supervisor.post(decide, {"decision": "decline", "reason": ""}).status_code == 422
    supervisor.post(decide, {"decision": "confirm"})
    assert row(world).state == DisposalState.CONFIRMED
    for name in ("list", "detail"):
        kwargs = here if name == "list" else one
        assert "Seal 00471" in lead.get(reverse(f"disposal-{name}", kwargs=kwargs)).content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_certificate_says_who_and_where_in_the_log_and_nothing_of_the_thing(
    world: World, language: str
) -> None:
    confirmed(world, an_object(world))
    browser = signed_in(world.lead)
    page = browser.get(certificate_url(world), {"in": language}).content.decode()
    pdf = browser.post(certificate_url(world), {"language": language}).getvalue()
    document = pypdfium2.PdfDocument(pdf)
    said = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    document.close()
    told = (row(world).number, "BAN-EX-0009", world.lead.staff_code, world.supervisor.staff_code)
    assert all(word in page for word in told)
    # What is taken out of a page that runs from right to left comes in pieces.
    assert all((word if language == "en" else word.rpartition("-")[2]) in said for word in told)
    for text in (page, said):
        secret = (
            "A coat with a hole",
            "It was copied",
            *(DEED[name] for name in ("place", "how", "present")),
        )
        assert not any(word in text for word in secret)
        assert world.witness.code not in text


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_certificate_names_the_entries_of_the_log(world: World) -> None:
    """The places are given when the transactions are over."""
    done = confirmed(world)
    places = {
        event.kind: Position.objects.get(event=event).index
        for kind in (
            Kind.DISPOSAL_ASKED,
            Kind.DISPOSAL_AGREED,
            Kind.DISPOSAL_CARRIED_OUT,
            Kind.DISPOSAL_CONFIRMED,
        )
        for event in world.events(kind)
    }
    assert len(places) == 4
    with entering(world.lead, "test"):
        paper = disposal_certificate(row(world), mark=MARK, reader=world.lead, language="en")
    steps = next(part for part in paper.parts if part.rows)
    assert [entry[3] for entry in steps.rows] == [str(place) for place in places.values()]
    assert done.number == paper.number
    assert any(value == MARK for _name, value in paper.facts)


def test_words_about_the_end_lie_under_the_cases_key(world: World) -> None:
    """They outlive the witness's, and go with the case's."""
    assert confirmed(world, an_object(world)).scope() == Scope.case(world.case.pk)
