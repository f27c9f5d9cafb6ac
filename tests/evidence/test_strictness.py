"""Who may read what is said of an exhibit: whoever may read the exhibit now."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from accounts.door import entering
from accounts.vocabulary import Role
from cases.vocabulary import MemberRole, Sensitivity
from evidence import tasks
from evidence.actions.files import receive_file
from evidence.actions.fixity import fail_stored
from evidence.actions.items import change_item, register_item
from evidence.actions.verification import record_verification, take_up_verification
from evidence.facts import VerificationFacts
from evidence.models import (
    CustodyEvent,
    Decision,
    EvidenceItem,
    FileObject,
    FixityCheck,
    IngestJob,
    MediaRecord,
    Verification,
)
from evidence.vocabulary import CopyKind, Finding, FixityResult, Method
from tests import factories
from tests.evidence.worlds import PHOTO, World, photo
from tests.personas import make_person, signed_in

pytestmark = pytest.mark.usefixtures("looked_once")


def test_exhibit_that_becomes_strict_takes_everything_said_of_it_along(world: World) -> None:
    """Rows written before it was strict speak of it as much as it does itself."""
    file = world.receive(photo())
    with entering(world.investigator, "test"):
        assert CustodyEvent.objects.visible_to(world.investigator).filter(item=world.item).exists()
        assert FileObject.objects.visible_to(world.investigator).filter(pk=file.pk).exists()
    with entering(world.lead, "test"):
        strict = replace(PHOTO, sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
        change_item(by=world.lead, item=world.item, expected=1, facts=strict)
        assert FileObject.objects.visible_to(world.lead).filter(pk=file.pk).exists()
    with entering(world.investigator, "test"):
        for kind in (CustodyEvent, FileObject, FixityCheck, MediaRecord, Verification):
            assert not kind.objects.visible_to(world.investigator).exists(), kind


def with_sensitivity(world: World, item: EvidenceItem, sensitivity: Sensitivity) -> None:
    with entering(world.lead, "test"):
        now = EvidenceItem.objects.get(pk=item.pk)
        facts = replace(PHOTO, sensitivity=sensitivity)
        change_item(by=world.lead, item=now, expected=now.revision, facts=facts)


SAID = (CustodyEvent, Decision, FileObject, FixityCheck, MediaRecord, Verification)


def test_exhibit_that_is_lowered_gives_back_all_that_was_said_of_it(world: World) -> None:
    """What was written while it was strict was written of the exhibit: it is as open as that is now."""
    strict = replace(PHOTO, sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    with entering(world.lead, "test"):
        item = register_item(by=world.lead, case=world.case, facts=strict)
        file = receive_file(by=world.lead, item=item, chunks=[photo()], filename="stairs.jpg")
    tasks.ingest_file(str(IngestJob.objects.get(file=file.pk).pk))
    facts = VerificationFacts(method=Method.METADATA, finding=Finding.CONSISTENT, notes="The stairs match.")
    verifier = make_person(Role.ANALYST)
    factories.join(world.case, world.lead, verifier, MemberRole.ANALYST, sees_strict=True)
    with entering(verifier, "test"):
        take_up_verification(by=verifier, item=item)
        record_verification(by=verifier, item=item, facts=facts)
        fail_stored(file.stored_id, by=verifier, result=FixityResult.DAMAGED)
    with entering(world.supervisor, "test"):
        assert not any(kind.objects.visible_to(world.supervisor).exists() for kind in SAID)
    with_sensitivity(world, item, Sensitivity.CONFIDENTIAL)
    with entering(world.supervisor, "test"):
        for kind in SAID:
            rows = kind.objects.all()
            assert rows.visible_to(world.supervisor).count() == rows.count() > 0, kind
    page = signed_in(world.supervisor).get(reverse("exhibit-detail", args=[world.case.pk, item.pk]))
    assert "stairs.jpg" in page.content.decode()


def test_file_made_stricter_on_purpose_stays_so(world: World) -> None:
    shown = world.receive(photo(), name="shown.jpg")
    kept = FileObject(
        case_id=world.case.pk,
        item=world.item,
        stored=shown.stored,
        same_as=shown,
        copy_kind=CopyKind.EVIDENTIARY,
        content_index=shown.content_index,
        created_by=world.lead,
        sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL,
    )
    kept.seal(filename="kept.jpg", sha256="00" * 32, blake3="00" * 32, length="1")
    with entering(world.lead, "test"):
        kept.save(force_insert=True)
    for sensitivity in (Sensitivity.STRICTLY_CONFIDENTIAL, Sensitivity.PUBLIC):
        with_sensitivity(world, world.item, sensitivity)
    with entering(world.investigator, "test"):
        assert [row.pk for row in FileObject.objects.visible_to(world.investigator)] == [shown.pk]
    browser = signed_in(world.investigator)
    page = browser.get(reverse("exhibit-detail", args=[world.case.pk, world.item.pk])).content.decode()
    assert ("kept.jpg" in page, "shown.jpg" in page) == (False, True)
    for name in ("file-content", "file-state"):
        where = reverse(name, args=[world.case.pk, world.item.pk, kept.pk])
        assert browser.get(where).status_code == 404
        answer: Any = signed_in(world.lead).get(where)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content])


def test_strictly_kept_exhibit_is_not_seen_by_others(world: World) -> None:
    facts = replace(PHOTO, sensitivity=Sensitivity.STRICTLY_CONFIDENTIAL)
    with entering(world.lead, "test"):
        item = register_item(by=world.lead, case=world.case, facts=facts)
        seen = EvidenceItem.objects.visible_to(world.lead).filter(pk=item.pk).exists()
    with entering(world.analyst, "test"):
        seen_by_others = EvidenceItem.objects.visible_to(world.analyst).filter(pk=item.pk).exists()
    assert (seen, seen_by_others) == (True, False)
