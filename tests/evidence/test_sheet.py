"""The custody sheet: the whole chain on paper, with what lets others check it, and no more than that."""

import re
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from audit.models import Checkpoint
from audit.vocabulary import Kind
from cases.errors import ElsewhereRow, NotAllowed, NotVisible
from cases.facts import Dated
from cases.vocabulary import Precision, Sensitivity
from evidence.actions.collecting import record_collection
from evidence.actions.handing import confirm_hand_over, hand_outside, propose_hand_over
from evidence.actions.items import change_item
from evidence.actions.sheet import print_custody_sheet
from evidence.facts import CollectionFacts, HandOverFacts, OutsideFacts
from evidence.models import FileObject
from tests.evidence.worlds import PHOTO, World, photo
from tests.personas import signed_in
from tests.scenarios import Scenario, is_undone_without_its_event

NOTE = "log.example\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n\u2014 log.example c2lnbmF0dXJl\n"


def told(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def words(text: str) -> set[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if not unicodedata.combining(one))
    return set(re.findall(r"\w+", plain))


def printed(world: World, language: str = "en", by: User | None = None) -> bytes:
    person = by or world.investigator
    with entering(person, "test"):
        return print_custody_sheet(by=person, item=world.item, language=language)


def fill(world: World) -> FileObject:
    """A file, its collection under a cover, a hand-over inside and one outside, and a checkpoint."""
    file = world.receive(photo(), name="secret-name.jpg")
    facts = CollectionFacts(
        url="https://example.org/canary-address",
        tool="auto-archiver",
        tool_version="1.2.3",
        virtual_identity="canary-identity",
        network="canary-network",
        context="canary-context",
        screenshot=file,
        collected=Dated("2025-03-12", Precision.DAY),
    )
    with entering(world.investigator, "test"):
        record_collection(by=world.investigator, item=world.item, facts=facts)
        offer = HandOverFacts(to=world.keeper, seal_no="A-0417", place="المكتب في التلال")
        offered = propose_hand_over(by=world.investigator, item=world.item, facts=offer)
    with entering(world.keeper, "test"):
        confirm_hand_over(by=world.keeper, hand_over=offered, condition="Seal whole")
        facts_out = OutsideFacts(outside="The laboratory in Ghent", reference="R-17")
        hand_outside(by=world.keeper, item=world.item, facts=facts_out)
        Checkpoint.objects.create(size=7, note=NOTE, signed_at=timezone.now())
    return file


def test_sheet_holds_the_chain_and_what_others_check_it_by(world: World) -> None:
    file = fill(world)
    text = told(printed(world))
    flat = re.sub(r"\s+", "", text)
    for said in (
        world.item.exhibit_no,
        world.case.code,
        f"{world.investigator.staff_code} > {world.keeper.staff_code}",
        "by both sides",
        "Seal whole",
        "A-0417",
        "The laboratory in Ghent",
        "R-17",
        "auto-archiver 1.2.3",
        "Page 1 of",
        "Handed over by",
        "Received by",
    ):
        assert said in text, said
    assert flat.count(bytes(file.stored.sealed_digest).hex()) >= 4
    assert "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" in flat
    for entry in world.custody():
        assert entry.get_event_display() in text
    assert not re.search(r"canary|secret-name", text)


def test_arabic_sheet_reads_from_right_to_left_and_can_be_read_out(world: World) -> None:
    fill(world)
    found = words(told(printed(world, "ar")))
    expected = words("سلسلة الحيازة الدليل التواقيع استلمه سلمه المكتب في التلال")
    assert len(expected & found) / len(expected) > 0.7
    assert "الحيازة" in found
    assert world.item.exhibit_no.split("-")[0] in found


def test_printing_is_recorded_and_who_may_not_is_refused(world: World) -> None:
    assert world.item
    printed(world, by=world.analyst)
    (event,) = world.events(Kind.CUSTODY_PRINTED)
    assert event.actor == world.analyst.staff_code
    for said in ('"language":"en"', '"entries":1', world.item.exhibit_no):
        assert said in event.leaf
    for person, refusal in ((world.interpreter, NotAllowed), (world.outsider, NotVisible)):
        with pytest.raises(refusal):
            printed(world, by=person)
    with entering(world.lead, "test"):
        strict = replace(PHOTO, sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
        change_item(by=world.lead, item=world.item, expected=1, facts=strict)
    with pytest.raises(ElsewhereRow):
        printed(world)
    assert len(world.events(Kind.CUSTODY_PRINTED)) == 1


def test_nothing_is_printed_that_the_log_does_not_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = Scenario[World](
        "print",
        Kind.CUSTODY_PRINTED,
        lambda w, by: print_custody_sheet(by=by, item=w.item, language="en"),
        prepare=lambda w: w.item,
    )
    scenario.prepare(world)
    is_undone_without_its_event(scenario, world, monkeypatch, before=world.state())


def test_page_prints_in_both_languages_and_nothing_keeps_it(world: World) -> None:
    browser = signed_in(world.supervisor)
    address = reverse("custody-sheet", args=[world.case.pk, world.item.pk])
    page = browser.get(reverse("custody-list", args=[world.case.pk, world.item.pk])).content.decode()
    assert address in page
    for language in ("en", "ar", "tlh"):
        answer = browser.post(address, {"language": language})
        assert answer.content.startswith(b"%PDF")
        assert answer["Cache-Control"] == "no-store"
        assert "attachment" in answer["Content-Disposition"]
    assert browser.get(address).status_code == 405
