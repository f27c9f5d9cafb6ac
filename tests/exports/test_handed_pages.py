"""What the pages say of identities that were handed over, and what a withdrawal and an erasure reach."""

import pytest
from django.urls import reverse

from accounts.door import entering
from cases.models import Consent
from exports.actions import delivery, withdrawal
from exports.actions.shredding import ask_erasure, confirm_erasure, destroy_keys
from exports.models import Destruction
from exports.printing.letters import recall_letter
from exports.recalling import reach_of
from exports.vocabulary import ExportState
from tests.exports.handing import NAMES, Handing
from tests.exports.spoiling import refuse_contact, withdraw
from tests.exports.test_handover_pages import of, page
from tests.personas import signed_in
from vault.errors import VaultError
from vault.files import open_file
from vault.vocabulary import Purpose


def test_what_was_handed_over_is_listed_for_who_may_see_the_export(done: Handing) -> None:
    for person in (done.officer, done.world.supervisor):
        told = page(signed_in(person), "export-detail", **of(done))
        assert "The next build puts it into the package." in told
        assert "The words are deleted here; their last copy is being made unreadable." in told
        assert not [one for one in (*NAMES, done.words) if one in told]
    done.world.build(done.world.now(done.export))
    assert "It went into the package" in page(signed_in(done.world.supervisor), "export-detail", **of(done))
    session = page(
        signed_in(done.guards[0]), "comparison-detail", case=done.world.case.pk, session=done.done.session_id
    )
    assert "Identities were handed over" in session


def test_contact_details_that_were_taken_back_stop_what_waits(done: Handing) -> None:
    """It can be neither built nor fetched: whoever tells the witness must know that it was stopped."""
    world = done.world
    with entering(world.investigator, "test"):
        assert reach_of(done.consent_of(done.her)).stopped == ()
    refuse_contact(done, done.done)
    with entering(world.investigator, "test"):
        consent = Consent.objects.filter(witness=done.her).first()
        assert consent
        assert [one.pk for one in reach_of(consent).stopped] == [done.export.pk]
        assert reach_of(done.consent_of(done.him)).stopped == ()


def test_a_witness_who_is_erased_before_delivery_is_in_no_file(done: Handing) -> None:
    stored, world = done.done.stored, done.world
    assert stored
    withdraw(done, done.done)
    with entering(world.investigator, "test"):
        reached = reach_of(done.consent_of(done.him))
        assert [one.pk for one in reached.stopped] == [done.export.pk]
    with entering(done.guards[0], "test"):
        row = ask_erasure(by=done.guards[0], witness=done.him, reason="On his word")
    with entering(world.lead, "test"):
        confirm_erasure(by=world.lead, destruction=row)
        destroy_keys(by=world.lead, destruction=Destruction.objects.get())
    assert world.now(done.export).state == ExportState.CANCELLED
    with pytest.raises(VaultError), entering(done.officer, "test"):
        open_file(stored, reader=done.officer.staff_code, purpose=Purpose.EXPORT)


def test_the_letter_that_calls_back_names_identities_by_their_codes(done: Handing) -> None:
    world = done.world
    done.world.build(world.now(done.export))
    with entering(world.officer, "test"):
        verified = delivery.verify_export(by=world.officer, export=world.now(done.export))
    world.fetch(verified)
    withdraw(done, done.done)
    officer = signed_in(world.officer)
    shown = page(officer, "recall-send", **of(done))
    assert "Identities that it received" in shown
    with entering(world.officer, "test"):
        notice = withdrawal.send_recall(by=world.officer, export=verified)
        paper = recall_letter(notice, recipient="X", digests={}, language="en", identities=["W-ABCDE"])
        bare = recall_letter(notice, recipient="X", digests={}, language="en")
    assert "sealed/identities.age" in repr(paper)
    assert "W-ABCDE" in repr(paper)
    assert "sealed/identities.age" not in repr(bare)
    here = {"case": world.case.pk, "notice": notice.pk}
    assert "Identities that it received" in page(officer, "recall-detail", **here)
    letter = officer.post(reverse("recall-letter-take", kwargs=here), {"language": "ar"})
    assert (letter.status_code, letter["Content-Type"]) == (200, "application/pdf")
