"""What consent does not cover stays here: at the check, in the middle of a build, at each download."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.door import entering
from audit.refusals import Refusal
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.errors import StepNotPossible
from cases.models import Testimony
from cases.vocabulary import ConsentPurpose, IdentityLevel, RecipientClass
from evidence.vocabulary import DepictedConsent, ItemStatus
from exports import errors
from exports.actions import approvals, building, delivery, recipients, requests
from exports.models import Export, ExportItem
from exports.package import pouring
from exports.vocabulary import ExportState, Reason, Tier
from tests import factories
from tests.exports.worlds import MECHANISM, World, make_exhibit, read_all

BEGINS_WITH = ("testimony", "clip", "ready")


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


# Consent


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"purpose": ConsentPurpose.HUMAN_RIGHTS_MECHANISM}, Reason.CONSENT_NOT_ASKED),
        ({"identity_level": IdentityLevel.CONFIDENTIAL_IDENTITY}, Reason.CONSENT_IDENTITY),
        ({"tier": Tier.RESTRICTED}, Reason.TIER),
        ({"tier": Tier.CONFIDENTIAL}, None),
    ],
)
def test_what_consent_does_not_cover_is_left_out_with_its_reason(
    world: World, changes: dict[str, object], expected: Reason | None
) -> None:
    alone = make_exhibit(world.case, world.investigator, kind="map", number="BAN-EX-0002", content=b"a map")
    if expected == Reason.TIER:
        with pytest.raises(errors.NothingCovered):
            world.request(**changes)
        return
    if expected is None:  # the account goes at T2; a file does so only as a redacted copy
        export = world.request(evidence=[alone], **changes)
        assert reasons(world, export) == {world.testimony.registration_no: "", "BAN-EX-0002": Reason.TIER}
        return
    export = world.request(evidence=[alone], **changes)
    assert reasons(world, export) == {world.testimony.registration_no: expected, "BAN-EX-0002": ""}


def test_body_of_the_state_needs_a_word_of_its_own_and_a_low_tier(world: World) -> None:
    assert world.wish()
    facts = replace(MECHANISM, state_affiliated=True)
    with entering(world.officer, "test"):
        recipients.change_recipient(by=world.officer, recipient=world.ready, expected=1, facts=facts)
        world.ready.refresh_from_db()
    with pytest.raises(errors.TierUnfit), entering(world.officer, "test"):
        requests.preview(by=world.officer, case=world.case, wish=world.wish())
    with entering(world.officer, "test"):
        weighed = requests.preview(by=world.officer, case=world.case, wish=world.wish(tier=Tier.RESTRICTED))
    assert {one.reason for one in weighed} == {Reason.CONSENT_STATE_BODY}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": ItemStatus.IN_VERIFICATION}, Reason.NOT_VERIFIED),
        ({"status": ItemStatus.INCONCLUSIVE}, Reason.NOT_VERIFIED),
        ({"depicted": DepictedConsent.REFUSED}, Reason.DEPICTED),
        ({"restrictions": "For us alone"}, Reason.PROVIDER),
    ],
)
def test_exhibit_that_is_not_free_is_left_out(
    world: World, changes: dict[str, Any], expected: Reason
) -> None:
    item = make_exhibit(world.case, world.investigator, number="BAN-EX-0009", content=b"y", **changes)
    assert reasons(world, world.request(evidence=[item]))["BAN-EX-0009"] == expected


def test_testimony_that_is_not_approved_is_left_out(world: World) -> None:
    draft = factories.make_testimony(world.witness, world.investigator)
    export = world.request(testimonies=[world.testimony, draft])
    assert reasons(world, export)[draft.registration_no] == Reason.NOT_APPROVED


def test_nothing_covered_is_refused_and_nothing_changes(world: World) -> None:
    withdraw(world)
    with pytest.raises(errors.NothingCovered):
        world.request()


def test_withdrawal_after_the_check_stops_the_approval(world: World) -> None:
    assert world.requested
    withdraw(world)
    with pytest.raises(errors.ConsentGone), entering(world.supervisor, "test"):
        approvals.approve_export(by=world.supervisor, export=world.requested)


def test_withdrawal_after_approval_stops_the_build(world: World) -> None:
    assert world.approved
    withdraw(world)
    before = stored_files()
    with pytest.raises(errors.ConsentGone):
        world.build(world.approved)
    assert stored_files() == before
    assert world.events(Kind.EXPORT_STOPPED)


def test_withdrawal_in_the_middle_of_the_build_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, before = world.approved, stored_files()
    poured = pouring.pour

    def pour_while_withdrawn(*arguments: Any, **named: Any) -> pouring.Poured:
        result = poured(*arguments, **named)
        withdraw_consent(by=world.officer, consent=world.consent)
        return result

    monkeypatch.setattr(building, "pour", pour_while_withdrawn)
    with pytest.raises(errors.ConsentGone):
        world.build(export)
    assert stored_files() == before
    assert world.now(export).state == ExportState.APPROVED


def test_withdrawal_stops_the_next_download_by_officer_and_recipient(world: World) -> None:
    export = world.verified
    assert world.fetch(export)
    with entering(world.contact, "test"):
        assert read_all(delivery.fetch_for_recipient(by=world.contact, export=export))
    withdraw(world)
    with pytest.raises(errors.ConsentGone):
        world.fetch(export)
    with pytest.raises(errors.ConsentGone), entering(world.contact, "test"):
        delivery.fetch_for_recipient(by=world.contact, export=export)


def test_cancelled_export_can_no_longer_be_fetched(world: World) -> None:
    with entering(world.officer, "test"):
        requests.cancel_export(by=world.officer, export=world.verified)
    with pytest.raises(StepNotPossible):
        world.fetch(world.verified)
    with pytest.raises(errors.NotAddressed), entering(world.contact, "test"):
        delivery.fetch_for_recipient(by=world.contact, export=world.verified)


# What a build refuses


@pytest.mark.parametrize("word", ["INV-99 code", "uuid"])
def test_text_that_names_an_internal_code_stops_the_build(world: World, word: str) -> None:
    said = world.investigator.staff_code if word != "uuid" else str(world.case.pk)
    testimony = factories.make_testimony(world.witness, world.investigator, text=f"I told {said} everything.")
    testimony = finish(world, testimony)
    export = world.approve(world.request(testimonies=[testimony], evidence=[]))
    before = stored_files()
    with pytest.raises(errors.LeakFound):
        world.build(export)
    assert stored_files() == before


@pytest.mark.parametrize("place", ["note", "conditions"])
def test_letter_that_names_an_internal_code_stops_the_build(world: World, place: str) -> None:
    if place == "conditions":
        facts = replace(MECHANISM, conditions=f"Ask {world.investigator.staff_code}.")
        with entering(world.officer, "test"):
            recipients.change_recipient(by=world.officer, recipient=world.ready, expected=1, facts=facts)
    export = world.approve(world.request(note=f"Ask {world.lead.staff_code}." if place == "note" else ""))
    with pytest.raises(errors.LeakFound):
        world.build(export)


def finish(world: World, testimony: Testimony) -> Testimony:
    from cases.actions.reviews import approve_testimony, take_up_review
    from cases.actions.testimonies import submit_testimony
    from cases.vocabulary import ReviewCheck

    with entering(world.investigator, "test"):
        submit_testimony(by=world.investigator, testimony=testimony)
    with entering(world.supervisor, "test"):
        take_up_review(by=world.supervisor, testimony=testimony)
        return approve_testimony(
            by=world.supervisor,
            testimony=testimony,
            checklist=frozenset(ReviewCheck),
            no_attestation_reason="Gone",
        )


def test_damaged_exhibit_stops_the_build(world: World) -> None:
    from vault.errors import VaultError

    export = world.approved
    with entering(world.officer, "test"):
        file = world.clip.files.select_related("stored").get()
    path = next(path for path in stored_files() if file.stored.storage_ref in path)
    whole = Path(path).read_bytes()
    content = bytearray(whole)
    content[len(content) // 2] ^= 1
    Path(path).chmod(0o600)
    Path(path).write_bytes(content)
    with pytest.raises((VaultError, errors.BuildFailed)):
        world.build(export)
    Path(path).write_bytes(whole)  # it was made once for all tests of this file
    assert world.now(export).state == ExportState.APPROVED


def test_kill_while_pouring_leaves_no_plaintext(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on disk in the middle of a build is ciphertext alone: the recipient's, sealed once more."""
    export = world.approved
    seen: list[bytes] = []
    poured = pouring.pour

    def look(files: Any, write: Any, *, to: str) -> pouring.Poured:
        result = poured(files, write, to=to)
        seen.extend(Path(path).read_bytes() for path in stored_files())
        return result

    monkeypatch.setattr(building, "pour", look)
    world.build(export)
    assert seen
    for content in seen:
        assert b"ftypmp42" not in content
        assert b"age-encryption.org" not in content
        assert factories.TEXT.encode()[:20] not in content


def test_wrong_purpose_and_ended_agreement_are_refused(world: World) -> None:
    with pytest.raises(errors.PurposeUnfit):
        world.request(purpose=ConsentPurpose.ADVOCACY_PUBLICATION)
    with pytest.raises(errors.NothingSelected):
        world.request(testimonies=[], evidence=[])
    yesterday = timezone.localdate() - timedelta(days=1)
    with entering(world.officer, "test"):
        facts = replace(MECHANISM, agreement_until=yesterday)
        recipients.change_recipient(by=world.officer, recipient=world.ready, expected=1, facts=facts)
        world.ready.refresh_from_db()
    with pytest.raises(errors.RecipientUnfit):
        world.request()


def test_own_organisation_is_no_recipient(world: World) -> None:
    facts = replace(MECHANISM, recipient_class=RecipientClass.OWN_ORGANISATION)
    with pytest.raises(errors.RecipientIncomplete), entering(world.officer, "test"):
        recipients.add_recipient(by=world.officer, facts=facts)


def test_digest_that_differs_is_recorded_and_acknowledges_nothing(world: World) -> None:
    world.fetch(world.verified)
    with entering(world.contact, "test"):
        receipt = delivery.acknowledge(by=world.contact, export=world.verified, sha512="ab" * 64)
    assert receipt.is_matching is False
    assert world.now(world.verified).state == ExportState.DELIVERED
    with pytest.raises(errors.DigestMalformed), entering(world.contact, "test"):
        delivery.acknowledge(by=world.contact, export=world.verified, sha512="no digest")


def test_object_of_another_case_is_not_found(world: World) -> None:
    from tests.exports.worlds import make_world

    stranger = make_world()
    foreign = stranger.testimony
    with pytest.raises(Refusal), entering(world.officer, "test"):
        requests.request_export(
            by=world.officer, case=world.case, wish=world.wish(testimonies=[foreign], evidence=[])
        )
