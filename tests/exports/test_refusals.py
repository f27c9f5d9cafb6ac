"""Keys that two people have not compared, approvals that do not fit: nothing is built on them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.errors import NotAllowed, StepNotPossible
from exports import errors
from exports.actions import approvals, keys, recipients, requests
from exports.models import Approval, Export, ExportItem, KeyCheck, RecipientKey
from exports.vocabulary import Channel, ExportState, Inclusion, Reason
from tests.exports.worlds import MECHANISM, World

BEGINS_WITH = ("testimony", "clip")


def withdraw(world: World) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=world.consent)


def reasons(world: World, export: Export) -> dict[str, str]:
    with entering(world.officer, "test"):
        items = ExportItem.objects.filter(export=export)
        names = items.values_list("testimony__registration_no", "evidence__exhibit_no", "reason")
        return {registered or numbered or "": reason for registered, numbered, reason in names}


def stored_files() -> set[str]:
    folder = Path(settings.MEDIA_STORE)
    return {str(path) for path in folder.rglob("*") if path.is_file()} if folder.exists() else set()


# Keys


def test_key_that_one_person_compared_is_not_used(world: World) -> None:
    world.compare(world.officer)
    world.__dict__["ready"] = world.recipient
    with pytest.raises(errors.KeyUnfit), entering(world.officer, "test"):
        requests.request_export(by=world.officer, case=world.case, wish=world.wish())
    assert world.events(Kind.RECIPIENT_KEY_REFUSED)


def test_one_person_cannot_compare_twice(world: World) -> None:
    world.compare(world.officer)
    with pytest.raises(errors.SecondPersonNeeded):
        world.compare(world.officer)


@pytest.mark.parametrize("heard", ["", "0" * 64, "00000000", "not what was read"])
def test_wrong_or_short_fingerprint_is_refused(world: World, heard: str) -> None:
    assert world.key
    with pytest.raises(errors.FingerprintDiffers), entering(world.supervisor, "test"):
        keys.check_key_with(by=world.supervisor, key=world.key, heard=heard, channel=Channel.VOICE, note="x")


def test_expired_key_is_refused(world: World) -> None:
    with entering(world.officer, "test"):
        soon = timezone.now() + timedelta(seconds=1)
        world.__dict__["key"] = keys.add_key(
            by=world.officer, recipient=world.recipient, public_key=world.public_key, expires_at=soon
        )
    assert world.ready
    with entering(world.officer, "test"):
        from exports.permissions import check_key

        check_key(world.key, timezone.now())
        with pytest.raises(errors.KeyUnfit):
            check_key(world.key, timezone.now() + timedelta(seconds=2))


def test_withdrawn_key_stops_an_approved_export(world: World) -> None:
    assert world.approved
    with entering(world.officer, "test"):
        keys.revoke_key(by=world.officer, key=world.key)
    with pytest.raises(errors.KeyUnfit):
        world.build(world.approved)


def test_key_cannot_be_entered_twice(world: World) -> None:
    assert world.key
    with pytest.raises(errors.KeyInUse), entering(world.officer, "test"):
        keys.add_key(by=world.officer, recipient=world.recipient, public_key=world.public_key)
    with entering(world.officer, "test"):
        other = recipients.add_recipient(by=world.officer, facts=replace(MECHANISM, name="Another"))
    with pytest.raises(errors.NotAKey), entering(world.officer, "test"):
        keys.add_key(by=world.officer, recipient=other, public_key=world.public_key)


def test_key_replaced_in_the_database_is_refused(world: World) -> None:
    assert world.approved
    other = RecipientKey(pk=world.key.pk, recipient=world.recipient)
    other.seal(public_key=str(pyrage.x25519.Identity.generate().to_public()))
    with entering(world.officer, "test"):
        key = RecipientKey.objects.get(pk=world.key.pk)
        key.public_key = other.public_key
        with pytest.raises(errors.KeyUnfit):
            keys.open_public_key(key, reader=world.officer.staff_code)


def test_forged_comparison_is_refused(world: World) -> None:
    world.compare(world.officer)
    forged = KeyCheck(key=world.key, channel=Channel.VOICE, created_by=world.supervisor, tag=bytes(32))
    forged.seal(note="never happened")
    with entering(world.officer, "test"):
        forged.save(force_insert=True)
    world.__dict__["ready"] = world.recipient
    with pytest.raises(errors.KeyUnfit), entering(world.officer, "test"):
        requests.request_export(by=world.officer, case=world.case, wish=world.wish())


# Who decides


def test_requester_cannot_approve_their_own(world: World) -> None:
    """The officer has no such power; a supervisor who asked is refused by name."""
    with pytest.raises(NotAllowed), entering(world.officer, "test"):
        approvals.approve_export(by=world.officer, export=world.requested)
    export = world.requested
    export.created_by = world.supervisor
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(approvals, "locked", lambda _export: export)
        with pytest.raises(errors.RequesterMayNotApprove), entering(world.supervisor, "test"):
            approvals.approve_export(by=world.supervisor, export=export)
    assert world.events(Kind.APPROVAL_REFUSED)


def test_recipient_edited_after_approval_voids_it(world: World) -> None:
    assert world.approved
    with entering(world.officer, "test"):
        facts = replace(MECHANISM, name="Somebody else")
        recipients.change_recipient(by=world.officer, recipient=world.recipient, expected=1, facts=facts)
    with pytest.raises(errors.ApprovalVoid):
        world.build(world.approved)
    assert world.events(Kind.EXPORT_STOPPED)


def test_selection_edited_after_approval_voids_it(world: World) -> None:
    export = world.approved
    with entering(world.officer, "test"):
        ExportItem.objects.filter(export=export, evidence=world.clip).update(
            decision=Inclusion.LEFT_OUT, reason=Reason.FROZEN
        )
    with pytest.raises(errors.ApprovalVoid):
        world.build(export)


def test_forged_approval_counts_for_nothing(world: World) -> None:
    export = world.requested
    with entering(world.supervisor, "test"):
        forged = Approval(
            case=world.case,
            created_by=world.supervisor,
            export=export,
            decision="approved",
            approved_digest=approvals.digest_of(export),
            tag=bytes(32),
        )
        forged.save(force_insert=True)
        Export.objects.filter(pk=export.pk).update(state=ExportState.APPROVED)
    with pytest.raises(errors.ApprovalVoid):
        world.build(export)


def test_approval_of_one_export_does_not_fit_another(world: World) -> None:
    other = world.request(testimonies=[world.testimony], evidence=[])
    with entering(world.supervisor, "test"):
        approval = approvals.approve_export(by=world.supervisor, export=world.requested)
        moved = Approval(
            case=world.case,
            created_by=world.supervisor,
            export=other,
            decision=approval.decision,
            approved_digest=approval.approved_digest,
            tag=approval.tag,
        )
        moved.save(force_insert=True)
        Export.objects.filter(pk=other.pk).update(state=ExportState.APPROVED)
    with pytest.raises(errors.ApprovalVoid):
        world.build(other)


def test_export_is_built_once(world: World) -> None:
    assert world.built
    with pytest.raises(StepNotPossible):
        world.build(world.built)
