"""The recipient's window and the second wall: what a contact, a stranger and nobody see of the tables."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from accounts.door import entering
from accounts.models import User
from cases.models import Case, Consent, Testimony, Witness
from exports import errors, tasks
from exports.actions import building, delivery, recipients, requests
from exports.models import (
    BuildJob,
    Export,
    ExportItem,
    ItemConsent,
    Receipt,
    RecipientContact,
    RecipientPseudonym,
)
from exports.vocabulary import ExportState
from exports.waiting import waiting_for
from tests.exports.worlds import World, make_world, read_all

BEGINS_WITH = ("requested",)

WALLED = (Export, ExportItem, ItemConsent, Receipt, RecipientPseudonym)


def seen(reader: User | None, *models: type) -> dict[str, int]:
    with entering(reader, "test"):
        return {model.__name__: model.objects.count() for model in models}  # type: ignore[attr-defined]  # models all


def test_nobody_and_a_stranger_see_no_row(world: World) -> None:
    assert world.fetch(world.verified)
    for reader in (None, world.outsider):
        assert not any(seen(reader, *WALLED).values())
    assert all(seen(world.officer, *WALLED).values())


def test_contact_sees_their_delivery_and_nothing_of_the_case(world: World) -> None:
    assert world.verified
    found = seen(world.contact, Export, ItemConsent, Consent, Case, Witness, Testimony, RecipientPseudonym)
    assert found == {
        "Export": 1,
        "ItemConsent": 2,
        "Consent": 1,
        "Case": 0,
        "Witness": 0,
        "Testimony": 0,
        "RecipientPseudonym": 0,
    }


def test_contact_sees_nothing_before_the_package_is_verified(world: World) -> None:
    assert world.built
    assert seen(world.contact, Export, ExportItem, Consent) == {"Export": 0, "ExportItem": 0, "Consent": 0}


def test_contact_of_another_body_sees_nothing(world: World) -> None:
    other = make_world()
    assert other.ready
    assert world.verified
    assert seen(other.contact, Export, Consent) == {"Export": 0, "Consent": 0}
    with pytest.raises(errors.NotAddressed), entering(other.contact, "test"):
        delivery.fetch_for_recipient(by=other.contact, export=world.verified)


def test_contact_whose_access_ended_sees_nothing(world: World) -> None:
    assert world.verified
    with entering(world.officer, "test"):
        contact = RecipientContact.objects.get(user=world.contact)
        recipients.end_contact(by=world.officer, contact=contact)
    assert seen(world.contact, Export) == {"Export": 0}
    with pytest.raises(errors.NotAddressed), entering(world.contact, "test"):
        delivery.fetch_for_recipient(by=world.contact, export=world.verified)


def test_forged_contact_is_refused(world: World) -> None:
    assert world.verified
    with entering(world.officer, "test"):
        contact = RecipientContact.objects.get(user=world.contact)
        RecipientContact.objects.filter(pk=contact.pk).update(tag=bytes(32))
    with pytest.raises(errors.NotAddressed), entering(world.contact, "test"):
        delivery.fetch_for_recipient(by=world.contact, export=world.verified)


def test_person_with_the_role_but_no_body_is_told_that_there_is_nothing(world: World) -> None:
    with pytest.raises(errors.NotAddressed), entering(world.contact, "test"):
        delivery.addressed_to(world.contact, Export(pk=uuid4()))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exports_export SET number = 'EXP-2025-000001'",
        "UPDATE exports_export SET recipient_id = recipient_id",
        "DELETE FROM exports_export",
        "UPDATE exports_approval SET decision = 'approved'",
        "DELETE FROM exports_receipt",
        "UPDATE exports_keycheck SET channel = 'voice'",
        "UPDATE exports_recipientkey SET recipient_id = recipient_id",
    ],
)
def test_application_may_not_rewrite_what_was_decided(world: World, statement: str) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, entering(world.officer, "test"), connection.cursor() as cursor:
        cursor.execute(statement)


# Owed work


def owe(world: World) -> BuildJob:
    with entering(world.officer, "test"):
        return building.owe_build(by=world.officer, export=world.approved)


def test_task_builds_and_verifies_with_the_rights_of_who_asked(world: World) -> None:
    job = owe(world)
    tasks.build(str(job.pk))
    assert world.now(world.approved).state == ExportState.VERIFIED
    job.refresh_from_db()
    assert job.state == "done"


def test_task_told_twice_builds_once(world: World) -> None:
    job = owe(world)
    tasks.build(str(job.pk))
    stored = world.now(world.approved).stored_id
    tasks.build(str(job.pk))
    assert world.now(world.approved).stored_id == stored


def test_task_for_nothing_does_nothing(world: World) -> None:
    before = world.state()
    tasks.build(str(uuid4()))
    assert world.state() == before


def test_task_whose_person_lost_their_power_builds_nothing(world: World) -> None:
    from cases.actions.members import end_membership
    from cases.models import Membership

    job = owe(world)
    with entering(world.lead, "test"):
        membership = Membership.objects.get(case=world.case, user=world.officer)
        end_membership(by=world.lead, membership=membership)
    tasks.build(str(job.pk))
    job.refresh_from_db()
    with entering(world.supervisor, "test"):
        assert Export.objects.get(pk=world.approved.pk).state == ExportState.APPROVED


def test_refused_build_ends_the_job_with_its_name(world: World) -> None:
    from cases.actions.consents import withdraw_consent

    job = owe(world)
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent)
    tasks.build(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.reason) == ("failed", "ConsentGone")


def test_sweep_wakes_what_is_owed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job, woken = owe(world), []
    monkeypatch.setattr(tasks, "wake", lambda task, pk: woken.append((task, pk)))
    tasks.sweep()
    assert woken == [("exports.build", job.pk)]


# What waits


def test_export_waits_for_whoever_can_go_on(world: World) -> None:
    def kinds(user: User) -> list[str]:
        with entering(user, "test"):
            return [one.kind for one in waiting_for(user)]

    assert world.requested
    assert kinds(world.supervisor) == ["export-decide"]
    assert kinds(world.officer) == []
    assert world.approved
    assert kinds(world.officer) == ["export-build"]
    assert world.verified
    assert kinds(world.contact) == ["delivery"]
    assert kinds(world.outsider) == []


def test_preview_writes_nothing(world: World) -> None:
    wish, before = world.wish(), world.state()
    with entering(world.officer, "test"):
        weighed = requests.preview(by=world.officer, case=world.case, wish=wish)
    assert [one.reason for one in weighed] == [None, None]
    assert world.state() == before


def test_officer_reads_the_same_bytes_as_the_recipient(world: World) -> None:
    carried = world.fetch(world.verified)
    with entering(world.contact, "test"):
        assert read_all(delivery.fetch_for_recipient(by=world.contact, export=world.verified)) == carried
