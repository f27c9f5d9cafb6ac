"""Pages of custody, verification, analyses, integrity: a refusal stands by the form, what was typed stays."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.door import Machine, entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.vocabulary import Sensitivity
from evidence import tasks
from evidence.actions.files import receive_file
from evidence.actions.fixity import fail_stored
from evidence.actions.items import register_item
from evidence.models import (
    EvidenceItem,
    FileObject,
    FixityCheck,
    IngestJob,
    IntegrityRun,
    SatelliteAnalysis,
    Verification,
    WeaponAnalysis,
)
from evidence.views import custody
from evidence.vocabulary import FixityResult, ItemStatus, RunKind
from tests import factories
from tests.evidence.runs import go_on
from tests.evidence.worlds import PHOTO, World, flip, photo, stored_path
from tests.personas import signed_in

BEGINS_WITH = ("item",)

pytestmark = pytest.mark.usefixtures("looked_once")

FINDING = {"method": "metadata", "finding": "consistent", "notes": "The clock fits the account."}
FRAMES = {
    "captured_before": "2025-03-05",
    "captured_after": "2025-03-14",
    "event": "2025-03-09",
    "place": "Empty lot beside the cemetery",
    "provider": "A provider",
    "finding": "Disturbed earth in the second frame",
}
WEAPON = {
    "category": "ammunition",
    "calibre": "7.62 x 39 mm",
    "basis": "Measured",
    "confidence": "moderate",
    "finding": "Common here",
}


def send(user: User, name: str, data: Mapping[str, Any], status: int = 302, **ids: object) -> str:
    answer = signed_in(user).post(reverse(name, kwargs=ids), dict(data))
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def look(user: User, name: str, status: int = 200, query: str = "", **ids: object) -> str:
    answer = signed_in(user).get(reverse(name, kwargs=ids) + query)
    assert answer.status_code == status
    return answer.content.decode()


def ids(world: World, item: EvidenceItem | None = None) -> dict[str, Any]:
    return {"case": world.case.pk, "item": (item or world.item).pk}


def checked(world: World, seed: int = 0, item: EvidenceItem | None = None) -> FileObject:
    file = world.receive(photo(seed=seed), item=item)
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    return file


def found(world: World, **change: str) -> Verification:
    """Record a finding as the analyst."""
    send(world.analyst, "verification-record", FINDING | change, **ids(world))
    with entering(world.analyst, "test"):
        return Verification.objects.order_by("-created_at")[0]


def confirm(world: World, one: Verification, by: User, status: int = 302) -> str:
    return send(by, "verification-confirm", {}, status, **ids(world), verification=one.pk)


def test_entry_is_written_and_the_chain_is_shown_whole(world: World) -> None:
    sent = {
        "event": "examined",
        "when": "2025-03-22",
        "place": "The office",
        "purpose": "For safe keeping",
        "condition": "Sealed bag, whole",
        "seal_no": "S-0042",
    }
    page = send(world.investigator, "custody-record", sent | {"event": ""}, 422, **ids(world))
    assert sent["condition"] in page
    send(world.investigator, "custody-record", sent, **ids(world))
    page = look(world.analyst, "custody-list", **ids(world))
    for word in (*(sent[name] for name in ("place", "purpose", "condition", "seal_no")), "22 March 2025"):
        assert word in page
    assert [entry.seq for entry in world.custody()] == [1, 2]


@pytest.mark.parametrize("event", ["registered", "fixity_ok", "destroyed", "moved", "nonsense"])
def test_what_the_system_writes_itself_nobody_writes_by_hand(event: str, world: World) -> None:
    before = len(world.custody())
    send(world.investigator, "custody-record", {"event": event, "purpose": "x"}, 422, **ids(world))
    assert len(world.custody()) == before


def test_chain_is_read_in_pages_and_by_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custody, "SIZE", 2)
    for purpose in ("first", "second", "third"):
        send(world.investigator, "custody-record", {"event": "examined", "purpose": purpose}, **ids(world))
    page = look(world.analyst, "custody-list", **ids(world))
    assert ("third" in page, "second" in page, "first" in page) == (True, True, False)
    assert "first" in look(world.analyst, "custody-list", query="?before=3", **ids(world))
    assert "third" not in look(world.analyst, "custody-list", query="?event=registered", **ids(world))
    assert "third" in look(world.analyst, "custody-list", query="?event=x&before=one", **ids(world))


def test_from_registered_to_verified_by_two_methods_and_two_people(world: World) -> None:
    world.receive_checked(photo())
    send(world.analyst, "exhibit-take-up", {}, **ids(world))
    first = found(world)
    refused = send(world.supervisor, "exhibit-decide", {"to": "verified"}, 422, **ids(world))
    assert "at least two methods of two different families" in refused
    second = found(world, method="source_provenance", finding="authentic", notes="Sent by who took it")
    assert reverse("verification-confirm", kwargs={**ids(world), "verification": first.pk}) not in look(
        world.analyst, "exhibit-detail", **ids(world)
    )
    assert "another person must confirm it" in confirm(world, first, world.analyst, 409)
    for one in (first, second):
        confirm(world, one, world.supervisor)
    send(world.supervisor, "exhibit-decide", {"to": "verified"}, **ids(world))
    assert world.now().status == ItemStatus.VERIFIED
    page = look(world.investigator, "exhibit-detail", **ids(world))
    assert "Sent by who took it" in page
    assert reverse("exhibit-decide", kwargs=ids(world)) not in page


def test_refused_decision_keeps_its_reason_and_is_recorded(world: World) -> None:
    send(world.analyst, "exhibit-take-up", {}, **ids(world))
    typed = {"to": "verified", "reason": "We think that it is enough"}
    assert typed["reason"] in send(world.supervisor, "exhibit-decide", typed, 422, **ids(world))
    assert "Give a reason" in send(world.supervisor, "exhibit-decide", {"to": "rejected"}, 422, **ids(world))
    assert len(world.events(Kind.VERIFICATION_REFUSED)) == 1
    for wrong in ("registered", "in_verification", "nonsense", ""):
        send(world.supervisor, "exhibit-decide", {"to": wrong, "reason": "x"}, 422, **ids(world))
    assert world.now().status == ItemStatus.IN_VERIFICATION


def test_decided_exhibit_is_reopened_with_a_reason_alone(world: World) -> None:
    send(world.analyst, "exhibit-take-up", {}, **ids(world))
    send(world.supervisor, "exhibit-decide", {"to": "inconclusive", "reason": "Too dark"}, **ids(world))
    assert "Reopen" in look(world.supervisor, "exhibit-detail", **ids(world))
    send(world.supervisor, "exhibit-decide", {"reason": ""}, 422, **ids(world))
    send(world.supervisor, "exhibit-decide", {"reason": "A better copy came"}, **ids(world))
    assert world.now().status == ItemStatus.IN_VERIFICATION
    assert "A better copy came" in look(world.investigator, "exhibit-detail", **ids(world))


@pytest.mark.parametrize("missing", ["method", "finding", "notes"])
def test_finding_without_its_least_is_shown_again(missing: str, world: World) -> None:
    send(world.analyst, "exhibit-take-up", {}, **ids(world))
    page = send(world.analyst, "verification-record", FINDING | {missing: ""}, 422, **ids(world))
    assert missing == "notes" or FINDING["notes"] in page
    with entering(world.analyst, "test"):
        assert not Verification.objects.exists()


def test_finding_of_another_exhibit_is_not_confirmed_here(world: World) -> None:
    send(world.analyst, "exhibit-take-up", {}, **ids(world))
    one = found(world)
    elsewhere = {**ids(world, world.register()), "verification": one.pk}
    look(world.supervisor, "verification-confirm", 404, **elsewhere)
    send(world.supervisor, "verification-confirm", {}, 404, **elsewhere)


def test_frames_are_compared_and_far_ones_marked(world: World) -> None:
    before, after = checked(world, 1), checked(world, 60)
    sent = FRAMES | {"before": str(before.pk), "after": str(after.pk)}
    assert "two different files" in send(
        world.analyst, "satellite-analysis-create", sent | {"after": str(before.pk)}, 422, **ids(world)
    )
    page = send(
        world.analyst,
        "satellite-analysis-create",
        sent | {"captured_before": "2025-03-20"},
        422,
        **ids(world),
    )
    assert "exchange the two" in page
    assert FRAMES["finding"] in page
    send(world.analyst, "satellite-analysis-create", sent | {"captured_after": "2025-05-14"}, **ids(world))
    page = look(world.investigator, "exhibit-detail", **ids(world))
    assert page.count("More than 31 days from the event") == 1
    assert page.count('data-src="') == 4, "two files, two frames"
    assert not re.search(r'[ "]src="[^"]*(thumbnail|content)', page), "nothing is fetched unasked"
    without_scripts = "".join(re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL))
    assert without_scripts.count("/thumbnail/") == 4, "a link to each"
    with entering(world.analyst, "test"):
        assert SatelliteAnalysis.objects.count() == 1


def test_which_frame_came_first_is_chosen_with_their_dates_in_sight(world: World) -> None:
    files = [checked(world, 1), checked(world, 60)]
    page = look(world.analyst, "satellite-analysis-create", **ids(world))
    assert not re.search(r'<option value="[^"]{36}" selected', page.partition('name="captured_before"')[0])
    for file in files:
        at = localtime(file.created_at).strftime("%Y-%m-%d %H:%M")
        assert re.search(f'<option value="{file.pk}">[^<]*received[^<]*{at}', page)
    send(world.analyst, "satellite-analysis-create", FRAMES, 422, **ids(world))
    with entering(world.analyst, "test"):
        assert not SatelliteAnalysis.objects.exists()


def test_file_of_another_exhibit_is_no_frame(world: World) -> None:
    mine, other = checked(world, 1), checked(world, 2, world.register())
    sent = FRAMES | {"before": str(mine.pk), "after": str(other.pk)}
    send(world.analyst, "satellite-analysis-create", sent, 422, **ids(world))


def test_weapon_is_identified_with_its_basis(world: World) -> None:
    page = send(world.analyst, "weapon-analysis-create", WEAPON | {"basis": ""}, 422, **ids(world))
    assert WEAPON["finding"] in page
    send(world.analyst, "weapon-analysis-create", WEAPON, **ids(world))
    assert WEAPON["calibre"] in look(world.investigator, "exhibit-detail", **ids(world))
    with entering(world.analyst, "test"):
        assert WeaponAnalysis.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["verification-record", "exhibit-decide", "satellite-analysis-create", "weapon-analysis-create"]
)
def test_who_does_not_verify_is_refused_and_that_is_recorded(name: str, world: World) -> None:
    look(world.investigator, name, 403, **ids(world))
    assert [event.actor for event in world.events(Kind.ACCESS_REFUSED)] == [world.investigator.staff_code]


def damaged(world: World) -> FixityCheck:
    file = checked(world)
    with entering(Machine.INTEGRITY, "test"):
        return fail_stored(file.stored_id, by="machine:integrity", result=FixityResult.DAMAGED)[0]


def test_frozen_exhibit_says_so_everywhere_and_nothing_is_decided(world: World) -> None:
    damaged(world)
    page = look(world.supervisor, "exhibit-detail", **ids(world))
    assert "This exhibit is frozen" in page
    assert "/content/" not in page
    assert "/thumbnail/" not in page
    assert reverse("exhibit-take-up", kwargs=ids(world)) not in page
    send(world.supervisor, "exhibit-take-up", {}, 409, **ids(world))
    assert "Frozen" in look(world.supervisor, "exhibit-list", query="?state=frozen", case=world.case.pk)


def test_alert_is_answered_by_the_keeper_alone_and_stays_on_the_page(world: World) -> None:
    alert = damaged(world)
    where: dict[str, Any] = {"case": world.case.pk, "alert": alert.pk}
    assert "An evidence custodian of this case answers" in look(
        world.supervisor, "integrity-page", case=world.case.pk
    )
    look(world.supervisor, "alert-answer", 403, **where)
    send(world.keeper, "alert-answer", {"answer": " "}, 422, **where)
    send(world.keeper, "alert-answer", {"answer": "The disk was changed"}, **where)
    assert "The disk was changed" in look(world.supervisor, "integrity-page", case=world.case.pk)
    assert world.now().is_frozen, "until its file is found intact"
    tasks.ingest_file(str(IngestJob.objects.get(file=alert.file_id).pk))
    assert not world.now().is_frozen
    page = send(world.keeper, "alert-answer", {"answer": "Once more, typed"}, 422, **where)
    assert "already answered" in page
    assert "Once more, typed" in page


def test_alert_of_another_case_does_not_exist(world: World) -> None:
    alert = damaged(world)
    other = factories.make_case(world.lead, prefix="HOM")
    look(world.keeper, "alert-answer", 404, case=other.pk, alert=alert.pk)


def test_flipped_byte_is_found_by_a_run_that_the_keeper_asks_for(world: World) -> None:
    file = checked(world)
    flip(stored_path(file))
    send(world.keeper, "integrity-ask", {}, case=world.case.pk)
    page = look(world.keeper, "integrity-page", case=world.case.pk)
    assert "A check is under way" in page
    assert "Check every file now" not in page
    go_on(IntegrityRun.objects.get())
    page = look(world.keeper, "integrity-page", case=world.case.pk)
    assert "Check every file now" in page
    with entering(world.keeper, "test"):
        alert = FixityCheck.objects.get()
    assert reverse("alert-answer", args=[world.case.pk, alert.pk]) in page
    assert "This exhibit is frozen" in look(world.investigator, "exhibit-detail", **ids(world))


def test_run_over_everything_tells_a_case_no_count_of_others(world: World) -> None:
    for seed in range(7):
        world.receive(photo(seed=seed * 13))
    other = factories.make_case(world.outsider, prefix="HOM")
    tasks.start_integrity()
    run = go_on(IntegrityRun.objects.get(kind=RunKind.ROUTINE))
    assert run.checked == 7
    page = look(world.outsider, "integrity-page", case=other.pk)
    assert "The system last came to the end of its daily check" in page
    assert ">7<" not in page


def test_count_of_strict_files_is_told_to_those_who_may_see_them(world: World) -> None:
    with entering(world.lead, "test"):
        strict = register_item(
            by=world.lead,
            case=world.case,
            facts=replace(PHOTO, sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL),
        )
        for seed in (10, 40, 70):
            receive_file(by=world.lead, item=strict, chunks=[photo(seed=seed)], filename=f"{seed}.jpg")
    send(world.keeper, "integrity-ask", {}, case=world.case.pk)
    go_on(IntegrityRun.objects.get())
    for person, told in ((world.lead, True), (world.keeper, True), (world.investigator, False)):
        assert (">3<" in look(person, "integrity-page", case=world.case.pk)) == told


def test_integrity_page_asks_no_more_with_more_alerts(world: World) -> None:
    def count() -> int:
        browser = Client()
        browser.cookies = signed_in(world.keeper).cookies
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("integrity-page", args=[world.case.pk])).status_code == 200
        return len(asked)

    damaged(world)
    few = count()
    for seed in range(1, 5):
        file = checked(world, seed)
        with entering(Machine.INTEGRITY, "test"):
            fail_stored(file.stored_id, by="machine:integrity", result=FixityResult.MISSING)
    assert count() == few
