"""Pages of exhibits: what was typed is kept, what is graphic stays covered, nothing foreign gets in."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.members import end_membership
from cases.models import Membership
from cases.vocabulary import CaseStatus, Sensitivity
from evidence import tasks
from evidence.models import CollectionRecord, EvidenceItem, IngestJob
from evidence.views import listing
from evidence.vocabulary import ItemType
from tests import factories
from tests.evidence.worlds import PHOTO, World, photo
from tests.personas import signed_in

pytestmark = pytest.mark.usefixtures("looked_once")

FORM = {
    "type": "video",
    "title": "أرضية المنزل",
    "description": "What can be seen",
    "role": "crime_base",
    "depicted": "not_possible",
    "sensitivity": "confidential",
    "recorded": "٢٠٢٥-٠٣-٠٨",
    "published": "2025-03-10",
    "published_precision": "day",
    "obtained": "2025-03",
}


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def send(browser: Client, name: str, data: Mapping[str, Any], status: int = 302, **ids: object) -> str:
    answer = browser.post(reverse(name, kwargs=ids), dict(data))
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def look(browser: Client, name: str, status: int = 200, query: str = "", **ids: object) -> str:
    answer = browser.get(reverse(name, kwargs=ids) + query)
    assert answer.status_code == status
    return answer.content.decode()


def ids(world: World, item: EvidenceItem | None = None) -> dict[str, Any]:
    return {"case": world.case.pk, "item": (item or world.item).pk}


def checked(world: World, item: EvidenceItem | None = None, **said: Any) -> None:
    """Receive a photo and let its checks run."""
    file = world.receive(photo(**said), item=item)
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))


def test_from_empty_list_to_registered_exhibit(world: World, browser: Client) -> None:
    case = world.case.pk
    assert "Register the first exhibit" in look(browser, "exhibit-list", case=case)
    send(browser, "exhibit-create", FORM, case=case)
    with entering(world.investigator, "test"):
        row = EvidenceItem.objects.get()
    page = look(browser, "exhibit-detail", case=case, item=row.pk)
    assert FORM["title"] in page
    # Three dates, each as exactly as it was written.
    for date in ("8 March 2025", "10 March 2025", "March 2025"):
        assert date in page
    assert row.exhibit_no in look(browser, "exhibit-list", case=case)
    assert f'value="{FORM["title"]}"' in look(browser, "exhibit-edit", case=case, item=row.pk)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"recorded": "2025-03-11"}, "cannot be younger than its publication"),
        ({"recorded": "2025-02-30"}, "do not fit together"),
        ({"obtained": "yesterday"}, "do not fit together"),
        ({"recorded_end": "2025-03-09"}, "do not fit together"),
        ({"type": "painting"}, "not one of the available choices"),
        ({"witness": str(uuid4())}, "not one of the available choices"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(
    change: dict[str, str], said: str, world: World, browser: Client
) -> None:
    page = send(browser, "exhibit-create", FORM | change, 422, case=world.case.pk)
    assert said in page
    assert FORM["description"] in page
    assert ("title" in change) or f'value="{FORM["title"]}"' in page
    with entering(world.investigator, "test"):
        assert not EvidenceItem.objects.exists()


def test_correction_over_a_newer_one_is_shown_again(world: World, browser: Client) -> None:
    send(browser, "exhibit-edit", FORM | {"revision": "1"}, **ids(world))
    page = send(browser, "exhibit-edit", FORM | {"revision": "1", "title": "Mine, later"}, 422, **ids(world))
    assert "Mine, later" in page
    assert "Somebody else saved" in page
    assert world.now().revision == 2
    assert len(world.events(Kind.TRANSITION_REFUSED)) == 1


def test_only_people_and_incidents_of_this_case_can_be_chosen(world: World, browser: Client) -> None:
    other = factories.make_case(world.investigator, prefix="HOM")
    witness = factories.make_witness(other, world.investigator, pseudonym="Huda")
    incident = factories.make_incident(other, world.investigator)
    assert str(witness.pk) not in look(browser, "exhibit-create", case=world.case.pk)
    for name, row in (("witness", witness), ("incident", incident)):
        send(browser, "exhibit-create", FORM | {name: str(row.pk)}, 422, case=world.case.pk)
    send(browser, "exhibit-create", FORM | {"witness": str(world.witness.pk)}, case=world.case.pk)
    with entering(world.investigator, "test"):
        assert EvidenceItem.objects.get().witness_id == world.witness.pk


def test_secrecy_that_would_hide_the_exhibit_is_offered_to_who_sees_it_then(world: World) -> None:
    strict = str(Sensitivity.STRICTLY_CONFIDENTIAL)
    assert strict not in look(signed_in(world.investigator), "exhibit-create", case=world.case.pk)
    assert strict in look(signed_in(world.lead), "exhibit-create", case=world.case.pk)


def test_who_cannot_see_the_witness_cannot_cut_the_exhibit_off(world: World) -> None:
    item = world.register(witness=world.witness)
    keeper = signed_in(world.keeper)
    page = look(keeper, "exhibit-detail", **ids(world, item))
    assert world.witness.code not in page
    assert reverse("exhibit-edit", kwargs=ids(world, item)) not in page
    look(keeper, "exhibit-edit", 403, **ids(world, item))
    send(keeper, "exhibit-edit", FORM | {"revision": "1"}, 403, **ids(world, item))
    assert world.now(item).witness_id == world.witness.pk


def test_strict_incident_is_not_named_beside_an_exhibit(world: World) -> None:
    secret = replace(
        factories.INCIDENT, title="Nobody may read this", sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL
    )
    incident = factories.make_incident(world.case, world.lead, facts=secret)
    send(
        signed_in(world.lead), "exhibit-edit", FORM | {"incident": incident.pk, "revision": "1"}, **ids(world)
    )
    assert secret.title in look(signed_in(world.lead), "exhibit-detail", **ids(world))
    assert secret.title not in look(signed_in(world.investigator), "exhibit-detail", **ids(world))


@pytest.mark.parametrize("graphic", [True, False])
def test_pictures_are_covered_and_nothing_is_fetched_unasked(
    graphic: bool, world: World, browser: Client
) -> None:
    item = world.register(replace(PHOTO, graphic=graphic))
    checked(world, item)
    page = look(browser, "exhibit-detail", **ids(world, item))
    covered = re.search(r'<figure class="cover".*?</figure>', page, re.DOTALL)
    assert covered
    assert re.search(r"<img data-src=\"[^\"]+/thumbnail/\"", covered[0])
    assert not re.search(r"<(img|video|audio)[^>]*\ssrc=", page.split("<main", 1)[1])
    assert ("Marked as graphic" in covered[0]) == graphic


def test_file_is_shown_with_its_digests_and_downloads_as_an_attachment(world: World, browser: Client) -> None:
    checked(world, place=True)
    page = look(browser, "exhibit-detail", **ids(world))
    assert len(re.findall(r'data-whole="[0-9a-f]{64}"', page)) == 2
    assert "IMG_0007.jpg" in page
    assert "35.186667" in page
    link = re.search(r'href="([^"]+/content/\?download)"', page)
    assert link
    answer = browser.get(link[1])
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.getvalue() == photo(place=True)
    again = look(browser, "exhibit-detail", **ids(world))
    assert re.search(rf"{world.investigator.staff_code}</bdi> · 1 time", again)


def test_title_of_the_page_and_its_address_tell_nothing(world: World, browser: Client) -> None:
    for name in ("exhibit-detail", "exhibit-edit", "custody-list"):
        page = look(browser, name, **ids(world))
        assert PHOTO.title not in page.split("<title>")[1].split("</title>")[0]


def test_who_only_reads_is_offered_nothing_to_do(world: World) -> None:
    reader = signed_in(world.analyst)
    page = look(reader, "exhibit-detail", **ids(world))
    for name in ("exhibit-edit", "custody-record", "collection-record"):
        assert reverse(name, kwargs=ids(world)) not in page
        look(reader, name, 403, **ids(world))
    assert 'id="upload"' not in page


def test_exhibit_of_another_case_does_not_exist(world: World) -> None:
    other = factories.make_case(world.outsider, prefix="HOM")
    outsider = signed_in(world.outsider)
    for name in ("exhibit-detail", "exhibit-edit", "custody-list", "collection-record"):
        look(outsider, name, 404, **ids(world))
        look(outsider, name, 404, case=other.pk, item=world.item.pk)
    look(outsider, "exhibit-list", 404, case=world.case.pk)


def test_ended_membership_ends_the_pages(world: World, browser: Client) -> None:
    with entering(world.lead, "test"):
        member = Membership.objects.get(case=world.case, user=world.investigator)
        end_membership(by=world.lead, membership=member)
    look(browser, "exhibit-list", 404, case=world.case.pk)
    send(browser, "exhibit-create", FORM, 404, case=world.case.pk)


def test_list_is_chosen_by_type_and_state_and_read_in_pages(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SIZE", 3)
    monkeypatch.setattr(listing, "STRIDE", 2)
    photos = [world.register() for _ in range(7)]
    map_ = world.register(replace(PHOTO, type=ItemType.MAP))
    case = world.case.pk
    seen: list[str] = []
    query = "?type=photo&state=registered"
    while query:
        page = look(browser, "exhibit-list", query=query, case=case)
        seen += re.findall(r'class="row-link".*?(\w+-EX-\d+)', page)
        older = re.search(r'rel="next" href="[^"?]+(\?[^"]+)"', page)
        query = older[1].replace("&amp;", "&") if older else ""
    assert seen == [one.exhibit_no for one in reversed(photos)]
    assert map_.exhibit_no in look(browser, "exhibit-list", query="?type=map", case=case)
    for empty in ("?state=verified", "?state=frozen", "?type=dataset"):
        assert "No exhibit fits this choice" in look(browser, "exhibit-list", query=empty, case=case)
    # What nobody could have chosen is the first page.
    assert map_.exhibit_no in look(browser, "exhibit-list", query="?state=x&before=y&row=z", case=case)


def test_queries_do_not_grow_with_the_list_or_the_files(world: World, browser: Client) -> None:
    def count(name: str, **found: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            look(browser, name, **found)
        return len(asked)

    checked(world, seed=1)
    checked(world, seed=1)  # the same content again: from one on, the page asks where the first lies
    look(browser, "exhibit-list", case=world.case.pk)
    few = count("exhibit-list", case=world.case.pk), count("exhibit-detail", **ids(world))
    for seed in range(2, 5):
        checked(world, seed=seed)
        checked(world, world.register(), seed=seed + 50)
    many = count("exhibit-list", case=world.case.pk), count("exhibit-detail", **ids(world))
    assert many == few


def test_collection_is_recorded_and_shown(world: World, browser: Client) -> None:
    sent = {"url": "https://example.org/p/1", "collected": "2025-03-12 10:30", "virtual_identity": "VI-03"}
    page = send(browser, "collection-record", sent | {"collected": ""}, 422, **ids(world))
    assert sent["url"] in page
    send(browser, "collection-record", sent, **ids(world))
    page = look(browser, "exhibit-detail", **ids(world))
    assert sent["url"] in page
    assert "VI-03" in page
    with entering(world.investigator, "test"):
        assert CollectionRecord.objects.count() == 1


def test_checks_that_were_given_up_can_be_asked_for_again(world: World, browser: Client) -> None:
    file = world.receive(photo())
    job = IngestJob.objects.get(file=file.pk)
    job.fail("Killed", final=True)
    assert "could not be finished" in look(browser, "exhibit-detail", **ids(world))
    send(browser, "file-check", {}, **ids(world), file=file.pk)
    tasks.ingest_file(str(job.pk))
    page = look(browser, "exhibit-detail", **ids(world))
    assert "could not be finished" not in page
    assert "/thumbnail/" in page
    elsewhere = ids(world, world.register())
    send(browser, "file-check", {}, 404, **elsewhere, file=file.pk)


def test_frames_without_a_preview_are_not_asked_for(world: World) -> None:
    files = [world.receive(photo(seed=seed)) for seed in (1, 50)]
    sent = {
        "before": str(files[0].pk),
        "after": str(files[1].pk),
        "captured_before": "2025-03-05",
        "captured_after": "2025-03-14",
        "place": "Empty lot",
        "provider": "A provider",
        "finding": "Disturbed earth",
    }
    send(signed_in(world.analyst), "satellite-analysis-create", sent, **ids(world))
    page = look(signed_in(world.analyst), "exhibit-detail", **ids(world))
    assert "cannot be shown side by side" in page
    assert "/thumbnail/" not in page


def test_closed_case_offers_nothing_to_write(world: World, browser: Client) -> None:
    checked(world)
    with entering(world.lead, "test"):
        world.case.status = CaseStatus.CLOSED
        world.case.save(update_fields=["status"])
    page = look(browser, "exhibit-detail", **ids(world))
    for name in ("exhibit-edit", "custody-record", "collection-record"):
        assert reverse(name, kwargs=ids(world)) not in page
    assert 'id="upload"' not in page
    typed = send(browser, "exhibit-edit", FORM | {"revision": "1"}, 422, **ids(world))
    assert FORM["title"] in typed
    assert reverse("exhibit-take-up", kwargs=ids(world)) not in look(
        signed_in(world.supervisor), "exhibit-detail", **ids(world)
    )
