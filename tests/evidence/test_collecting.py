"""How material was collected online: nothing is changed, all is followed, and nothing points elsewhere."""

from dataclasses import replace

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from accounts.door import entering
from cases.errors import EditedMeanwhile, ElsewhereRow
from cases.facts import Dated
from cases.vocabulary import Precision
from evidence.actions.collecting import record_collection
from evidence.errors import ItemIncomplete
from evidence.facts import CollectionFacts
from evidence.models import CollectionRecord
from evidence.vocabulary import CustodyKind
from tests.evidence.worlds import World, photo
from tests.personas import signed_in

FACTS = CollectionFacts(
    url="https://example.org/1", tool="auto-archiver", collected=Dated("2025-03-12", Precision.DAY)
)


def record(
    world: World, facts: CollectionFacts = FACTS, supersedes: CollectionRecord | None = None
) -> CollectionRecord:
    with entering(world.investigator, "test"):
        return record_collection(by=world.investigator, item=world.item, facts=facts, supersedes=supersedes)


def test_version_follows_and_only_one_does(world: World) -> None:
    first = record(world)
    other = record(world, replace(FACTS, url="https://example.org/2"))
    second = record(world, replace(FACTS, tool_version="1.2"), first)
    assert (first.version, second.version, second.supersedes_id) == (1, 2, first.pk)
    with pytest.raises(EditedMeanwhile):
        record(world, replace(FACTS, tool_version="1.3"), first)
    with entering(world.investigator, "test"):
        newest = CollectionRecord.newest(CollectionRecord.objects.all(), world.item.pk)
        assert {row.pk for row in newest} == {other.pk, second.pk}
    assert [entry.event for entry in world.custody()].count(CustodyKind.COLLECTED) == 3


def test_record_names_files_of_its_exhibit_and_members_of_its_case_alone(world: World) -> None:
    file = world.receive(photo())
    made = record(world, replace(FACTS, screenshot=file, collector=world.lead))
    assert (made.screenshot_id, made.collected_by) == (file.pk, world.lead)
    elsewhere = world.receive(photo(seed=40), item=world.register())
    for wrong in ({"page": elsewhere}, {"material": elsewhere}):
        with pytest.raises(ElsewhereRow):
            record(world, replace(FACTS, **wrong))  # type: ignore[arg-type]  # each names a file
    with pytest.raises(ItemIncomplete):
        record(world, replace(FACTS, collector=world.outsider))
    other = world.register()
    with pytest.raises(ElsewhereRow), entering(world.investigator, "test"):
        record_collection(by=world.investigator, item=other, facts=FACTS, supersedes=made)


def test_application_itself_cannot_change_a_record(world: World) -> None:
    record(world)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        entering(world.investigator, "test"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE evidence_collectionrecord SET url = url")


def test_page_takes_all_of_it_and_shows_both_versions(world: World) -> None:
    file = world.receive(photo())
    browser = signed_in(world.investigator)
    form = reverse("collection-record", args=[world.case.pk, world.item.pk])
    said = {
        "url": "https://example.org/1",
        "page_title": "A first title",
        "tool": "auto-archiver",
        "tool_version": "1.2.3",
        "collected": "2025-03-12",
        "collector": str(world.lead.pk),
        "screenshot": str(file.pk),
        "virtual_identity": "VI-03",
    }
    assert browser.post(form, {**said, "collected": ""}).status_code == 422
    assert browser.post(form, said).status_code == 302
    with entering(world.investigator, "test"):
        first = CollectionRecord.objects.get(item=world.item)
    follow = reverse("collection-follow", args=[world.case.pk, world.item.pk, first.pk])
    page = browser.get(follow).content.decode()
    for kept in ("A first title", "1.2.3", "VI-03"):
        assert kept in page
    assert browser.post(follow, {**said, "page_title": "A second title"}).status_code == 302
    assert browser.post(follow, {**said, "page_title": "A third"}).status_code == 422
    shown = browser.get(reverse("exhibit-detail", args=[world.case.pk, world.item.pk])).content.decode()
    for told in ("A first title", "A second title", f"#file-{file.pk}", world.lead.staff_code):
        assert told in shown
    assert "A third" not in shown
