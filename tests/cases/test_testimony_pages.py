"""The pages of accounts: listed, read, read back, handed in, ended; by whom they may be."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.door import entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.models import Attestation, Testimony
from cases.views import testimonies
from tests import factories
from tests.cases.test_pages import look, send
from tests.cases.worlds import World
from tests.cases.writing import (
    FIRST,
    NEXT,
    READ_BACK,
    at,
    of,
    versions,
)
from tests.personas import signed_in


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.investigator)


def test_account_from_empty_list_to_handed_in(world: World, browser: Client) -> None:
    case = world.case.pk
    assert "Take the first account down" in look(browser, "testimony-list", case=case)
    assert world.consented
    assert world.witness.code in look(browser, "testimony-choose", case=case)
    answer = send(browser, "testimony-choose", {"witness": str(world.witness.pk)}, case=case)
    assert answer["Location"] == reverse("testimony-create", kwargs=at(world))
    assert world.witness.code in look(browser, "testimony-create", **at(world))
    answer = send(browser, "testimony-create", FIRST, **at(world))
    page = browser.get(answer["Location"]).content.decode()
    for word in (
        "سمعتهم على الدرج.",
        "BAN-WT-0001",
        "Draft",
        'dir="rtl"',
        "Levantine Arabic",
        "Not read back",
    ):
        assert word in page
    with entering(world.investigator, "test"):
        made = Testimony.objects.get()
    ids: dict[str, Any] = {"case": case, "testimony": made.pk}
    assert "was not read back" in look(browser, "testimony-submit", **ids)
    send(browser, "testimony-submit", {}, **ids)
    page = look(browser, "testimony-detail", **ids)
    assert "Submitted for review" in page
    assert reverse("testimony-edit", kwargs=ids) not in page
    assert "BAN-WT-0001" in look(browser, "testimony-list", case=case)
    assert "BAN-WT-0001" in look(browser, "witness-detail", **at(world))
    send(browser, "testimony-submit", {}, 409, **ids)


def test_list_is_filtered_and_paged(world: World, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testimonies, "SIZE", 2)
    for _number in range(5):
        factories.make_testimony(world.consented, world.investigator)
    pages = [look(browser, "testimony-list", case=world.case.pk)]
    while found := re.search(r'rel="next" href="([^"]*)"', pages[-1]):
        pages.append(browser.get(found.group(1).replace("&amp;", "&")).content.decode())
    shown = [re.findall(r">(BAN-WT-\d+)<", page) for page in pages]
    assert [len(one) for one in shown] == [2, 2, 1]
    assert sorted(number for page in shown for number in page) == [
        f"BAN-WT-000{number}" for number in range(1, 6)
    ]
    base = reverse("testimony-list", args=[world.case.pk])
    assert "No testimony is in this state" in browser.get(f"{base}?state=final").content.decode()
    assert "BAN-WT-0005" in browser.get(f"{base}?state=nonsense&before=nonsense").content.decode()
    assert "BAN-WT-0005" in browser.get(f"{base}?before={uuid4()}").content.decode()


def test_list_costs_the_same_for_more(world: World, browser: Client) -> None:
    def cost() -> tuple[int, int]:
        before = Event.objects.filter(kind=Kind.CONTENT_OPENED).count()
        with CaptureQueriesContext(connection) as queries:
            look(browser, "testimony-list", case=world.case.pk)
        return len(queries), Event.objects.filter(kind=Kind.CONTENT_OPENED).count() - before

    assert world.testimony
    first = cost()
    for _number in range(4):
        factories.make_testimony(world.consented, world.investigator)
    assert cost() == first


def test_pages_of_witness_and_interview_lead_here(world: World, browser: Client) -> None:
    assert reverse("testimony-create", kwargs=at(world)) in look(browser, "witness-detail", **at(world))
    ids: dict[str, Any] = {"case": world.case.pk, "interview": world.interview.pk}
    address = reverse("testimony-create", kwargs=at(world)) + f"?interview={world.interview.pk}"
    # Nothing was told before it began.
    assert address not in look(browser, "interview-detail", **ids)
    assert f'<option value="{world.interview.pk}"' not in browser.get(address).content.decode()
    for step, data in (
        ("risk_cleared", {"note": "Low"}),
        ("scheduled", {}),
        ("in_progress", {"rights_explained": "on"}),
    ):
        send(browser, "interview-move", data, **ids, to=step)
    assert address in look(browser, "interview-detail", **ids)
    page = browser.get(address).content.decode()
    assert f'<option value="{world.interview.pk}" selected' in page
    send(browser, "testimony-create", {**FIRST, "interview": str(world.interview.pk)}, **at(world))
    assert "BAN-WT-0001" in look(browser, "interview-detail", **ids)


def test_versions_are_shown_and_compared(world: World, browser: Client) -> None:
    text = factories.TEXT.replace("heard", "saw")
    send(browser, "testimony-edit", {**NEXT, "text": text}, **of(world))
    first, second = versions(world)
    page = look(browser, "testimony-version", **of(world), version=first.pk)
    assert "I heard them" in page
    assert "An earlier version" in page
    for pair in ((first, second), (second, first)):
        page = look(browser, "testimony-compare", **of(world), version=pair[0].pk, other=pair[1].pk)
        assert "<del>heard</del><ins>saw</ins>" in page
    page = look(browser, "testimony-compare", **of(world), version=first.pk, other=first.pk)
    assert "are the same" in page


def test_reading_back_is_recorded(world: World, browser: Client) -> None:
    assert factories.TEXT in look(browser, "testimony-attest", **of(world))
    send(browser, "testimony-attest", READ_BACK, **of(world))
    page = look(browser, "testimony-detail", **of(world))
    for word in ("Read back and confirmed", "Thumbprint", "INT-01"):
        assert word in page
    assert "was not read back" not in look(browser, "testimony-submit", **of(world))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"read_back": "no"}, "Give a reason"),
        ({"read_back": ""}, "This field is required"),
        ({"signed_at": "2999-01-01T10:00"}, "has not come yet"),
        ({"corrections_count": "-1"}, "greater than or equal to 0"),
        ({"seen": "7"}, "Somebody else saved"),
    ],
)
def test_reading_back_with_something_missing(
    change: dict[str, str], words: str, world: World, browser: Client
) -> None:
    page = send(
        browser, "testimony-attest", {**READ_BACK, "by_whom": "the aunt", **change}, 422, **of(world)
    ).content.decode()
    assert words in page
    assert "the aunt" in page
    with entering(world.investigator, "test"):
        assert not Attestation.objects.exists()


def test_withdrawing_needs_a_reason_and_is_open_to_who_may_not_read(world: World) -> None:
    browser = signed_in(world.custodian)
    look(browser, "testimony-detail", 403, **of(world))
    page = look(browser, "testimony-withdraw", **of(world))
    assert "No step leads back" in page
    assert factories.TEXT not in page
    send(browser, "testimony-withdraw", {"reason": " "}, 422, **of(world))
    send(browser, "testimony-withdraw", {"reason": "On the witness's word"}, **of(world))
    page = look(signed_in(world.investigator), "testimony-detail", **of(world))
    assert "Withdrawn" in page
    assert reverse("testimony-withdraw", kwargs=of(world)) not in page
    page = send(browser, "testimony-withdraw", {"reason": "again"}, 422, **of(world)).content.decode()
    assert "not possible in the present state" in page


def test_final_account_is_replaced_by_a_newer_one(world: World, browser: Client) -> None:
    people = (world.consented, world.investigator, world.supervisor)
    older, newer = factories.make_final_testimony(*people), factories.make_approved_testimony(*people)
    reviewer = signed_in(world.supervisor)
    ids: dict[str, Any] = {"case": world.case.pk, "testimony": older.pk}
    page = look(browser, "testimony-detail", **ids)
    for name in ("testimony-edit", "testimony-attest", "testimony-submit", "testimony-supersede"):
        assert reverse(name, kwargs=ids) not in page
    assert reverse("testimony-supersede", kwargs=ids) in look(reviewer, "testimony-detail", **ids)
    send(reviewer, "testimony-supersede", {}, 422, **ids)
    send(reviewer, "testimony-supersede", {"replacement": str(older.pk)}, 422, **ids)
    send(reviewer, "testimony-supersede", {"replacement": str(newer.pk)}, **ids)
    page = look(browser, "testimony-detail", **ids)
    assert "Replaced by" in page
    assert newer.registration_no in page


def test_final_takes_one_question(world: World) -> None:
    row = factories.make_approved_testimony(world.consented, world.investigator, world.supervisor)
    ids: dict[str, Any] = {"case": world.case.pk, "testimony": row.pk}
    reviewer = signed_in(world.supervisor)
    assert "btn-danger" in look(reviewer, "testimony-finalise", **ids)
    send(reviewer, "testimony-finalise", {}, **ids)
    assert "Final" in look(reviewer, "testimony-detail", **ids)
    send(reviewer, "testimony-finalise", {}, 409, **ids)
    look(signed_in(world.investigator), "testimony-finalise", 403, **ids)


NAMES = [
    "testimony-detail",
    "testimony-edit",
    "testimony-attest",
    "testimony-submit",
    "testimony-finalise",
    "testimony-withdraw",
    "testimony-supersede",
    "review-workbench",
]


@pytest.mark.parametrize("name", NAMES)
def test_foreign_account_gives_the_page_that_nothing_gives(name: str, world: World, outsider: User) -> None:
    other = factories.make_case(outsider, prefix="HOM")
    witness = factories.make_consented_witness(other, outsider, pseudonym="Nour of another case")
    foreign = factories.make_testimony(witness, outsider)
    reviews = name in ("testimony-finalise", "testimony-supersede", "review-workbench")
    browser = signed_in(world.supervisor if reviews else world.investigator)
    pages = []
    for pk in (foreign.pk, uuid4()):
        page = look(browser, name, 404, case=world.case.pk, testimony=pk)
        pages.append(re.sub(r'value="\w{64}"', "", page.replace(str(pk), "")))
    assert pages[0] == pages[1]


def test_version_of_another_account_is_not_there(world: World, browser: Client) -> None:
    other = factories.make_testimony(world.consented, world.investigator)
    assert other.current_id is not None
    look(browser, "testimony-version", 404, **of(world), version=other.current_id)
    (own,) = [one for one in versions(world) if one.testimony_id == world.testimony.pk]
    look(browser, "testimony-compare", 404, **of(world), version=own.pk, other=other.current_id)


def test_who_may_only_read_sees_no_step(world: World) -> None:
    browser = signed_in(world.supervisor)
    page = look(browser, "testimony-detail", **of(world))
    assert factories.TEXT in page
    for name in ("testimony-edit", "testimony-submit", "testimony-attest", "review-workbench"):
        assert reverse(name, kwargs=of(world)) not in page
    for name in ("testimony-edit", "testimony-submit", "testimony-attest"):
        look(browser, name, 403, **of(world))


def test_auditor_and_outsider_see_nothing(world: World) -> None:
    for person, status in ((world.auditor, 403), (world.outsider, 404)):
        browser = signed_in(person)
        for name in ("testimony-detail", "testimony-withdraw"):
            assert factories.TEXT not in look(browser, name, status, **of(world))
        look(browser, "testimony-list", status, case=world.case.pk)


def test_closed_case_offers_no_step(world: World, browser: Client) -> None:
    assert world.testimony
    with entering(world.lead, "test"):
        type(world.case).objects.filter(pk=world.case.pk).update(status="closed")
    page = look(browser, "testimony-detail", **of(world))
    for name in ("testimony-edit", "testimony-submit", "testimony-attest"):
        assert reverse(name, kwargs=of(world)) not in page
    page = send(browser, "testimony-edit", NEXT, 422, **of(world)).content.decode()
    assert "This case is closed" in page
    assert "There were four of them." in page
