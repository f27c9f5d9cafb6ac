"""What waits in this room waits for those who can do it, and for nobody else."""

from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.door import Machine, entering
from accounts.models import User
from cases.vocabulary import CaseStatus, Sensitivity
from evidence import tasks
from evidence.actions.files import receive_file
from evidence.actions.fixity import fail_stored
from evidence.actions.integrity import answer_alert
from evidence.actions.items import register_item
from evidence.actions.verification import confirm_verification, record_verification, take_up_verification
from evidence.facts import VerificationFacts
from evidence.models import FileObject, FixityCheck, IngestJob, Verification
from evidence.vocabulary import Finding, FixityResult, Method
from evidence.waiting import waiting_for
from tests.evidence import redacting
from tests.evidence.worlds import PHOTO, World, flip, photo, stored_path
from tests.personas import signed_in

BEGINS_WITH = ("item",)

pytestmark = pytest.mark.usefixtures("looked_once")

FACTS = VerificationFacts(method=Method.METADATA, finding=Finding.CONSISTENT, notes="The clock fits.")


def kinds(user: User) -> list[str]:
    with entering(user, "test"):
        return [one.kind for one in waiting_for(user)]


def found(world: World) -> Verification:
    with entering(world.analyst, "test"):
        take_up_verification(by=world.analyst, item=world.item)
        return record_verification(by=world.analyst, item=world.item, facts=FACTS)


def test_exhibit_waits_for_who_verifies_once_it_has_a_file(world: World) -> None:
    assert world.item.pk
    assert kinds(world.supervisor) == []
    world.receive(photo())
    assert kinds(world.supervisor) == kinds(world.analyst) == ["exhibit-verify"]
    for person in (world.investigator, world.lead, world.keeper, world.outsider):
        assert kinds(person) == []


def test_finding_waits_for_a_second_person_until_confirmed(world: World) -> None:
    world.receive(photo())
    verification = found(world)
    assert kinds(world.analyst) == []
    assert kinds(world.supervisor) == ["exhibit-confirm"]
    with entering(world.supervisor, "test"):
        confirm_verification(by=world.supervisor, verification=verification)
    assert kinds(world.supervisor) == []


def test_copy_waits_for_a_second_person_who_may_let_it_go(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    redacting.without_walls(monkeypatch)
    file = redacting.lay(world, redacting.jpeg(redacting.noise()))
    made = redacting.burn(world, redacting.draft(world, file))
    assert "copy" in kinds(world.supervisor)
    for person in (world.officer, world.investigator, world.lead, world.outsider):
        assert "copy" not in kinds(person)
    redacting.look_at(world, redacting.checked(world, made), world.supervisor)
    redacting.approve(world, made)
    assert "copy" not in kinds(world.supervisor)


def test_alert_waits_for_the_keeper_and_its_exhibit_for_nobody_else(world: World) -> None:
    file = world.receive(photo())
    with entering(Machine.INTEGRITY, "test"):
        fail_stored(file.stored_id, by="machine:integrity", result=FixityResult.MISSING)
    assert kinds(world.keeper) == ["alert"]
    assert kinds(world.supervisor) == []
    page = signed_in(world.keeper).get("/").content.decode()
    assert "Answer an alert" in page
    assert "/integrity/alerts/" in page


def strict_file(world: World) -> FileObject:
    """A file of an exhibit that the keeper may not see."""
    facts = replace(PHOTO, sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    with entering(world.lead, "test"):
        item = register_item(by=world.lead, case=world.case, facts=facts)
        return receive_file(by=world.lead, item=item, chunks=[photo()], filename="strict.jpg")


def test_alert_of_an_exhibit_one_may_not_see_waits_and_is_answered_all_the_same(world: World) -> None:
    file = strict_file(world)
    content = stored_path(file).read_bytes()
    flip(stored_path(file))
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    keeper = signed_in(world.keeper)
    assert kinds(world.keeper) == ["alert"]
    page = keeper.get(reverse("integrity-page", args=[world.case.pk])).content.decode()
    number, exhibit = file.item.exhibit_no, reverse("exhibit-detail", args=[world.case.pk, file.item_id])
    assert (number in page, exhibit in page, "No alert is open" in page) == (True, False, False)
    with entering(world.keeper, "test"):
        alert = FixityCheck.objects.get(file=file.pk)
    where = reverse("alert-answer", args=[world.case.pk, alert.pk])
    page = keeper.get(where).content.decode()
    assert (number in page, f'href="{exhibit}"' in page) == (True, False)
    assert keeper.get(exhibit).status_code == 404, "the alert opens no door to the exhibit"
    stored_path(file).write_bytes(content)
    assert keeper.post(where, {"answer": "Put back from the copy."}).status_code == 302
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    assert (world.file_now(file).flag, world.now(file.item).is_frozen) == ("", False)
    assert kinds(world.keeper) == []


def test_who_answers_no_alerts_is_told_none_of_an_exhibit_they_may_not_see(world: World) -> None:
    file = strict_file(world)
    flip(stored_path(file))
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    page = signed_in(world.analyst).get(reverse("integrity-page", args=[world.case.pk])).content.decode()
    assert file.item.exhibit_no not in page
    assert "No alert is open on an exhibit that you may see." in page
    assert kinds(world.supervisor) == []


def test_alert_in_a_closed_case_is_answered_and_its_file_checked_again(world: World) -> None:
    file = world.receive(photo())
    content = stored_path(file).read_bytes()
    flip(stored_path(file))
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    close(world)
    assert kinds(world.keeper) == ["alert"]
    stored_path(file).write_bytes(content)
    with entering(world.keeper, "test"):
        alert = FixityCheck.objects.get(file=file.pk)
        answer_alert(by=world.keeper, alert=alert, answer="Put back from the copy.")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    assert (world.file_now(file).flag, world.now().is_frozen) == ("", False)


def close(world: World) -> None:
    with entering(world.lead, "test"):
        world.case.status = CaseStatus.CLOSED
        world.case.save(update_fields=["status"])


def test_closed_case_waits_for_nobody(world: World) -> None:
    world.receive(photo())
    close(world)
    assert kinds(world.supervisor) == []
