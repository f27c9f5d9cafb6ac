"""The database keeps the promises of this room without any code of ours."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.door import entering
from cases.models import Case, Consent, Interview, Membership, Review, Testimony, Victim, Witness
from tests.cases.worlds import World

BREAKS: list[tuple[str, Any, dict[str, Any]]] = [
    ("case_status_is_known", Case, {"status": "lost"}),
    ("case_standard_is_known", Case, {"standard_of_proof": "certain"}),
    ("witness_status_is_known", Witness, {"status": "lost"}),
    ("one_consent_in_force", Consent, {}),
    ("consent_state_is_known", Consent, {"state": "lost"}),
    ("consent_withdrawn_at_a_time", Consent, {"state": "withdrawn"}),
    ("consent_withdrawn_at_a_time", Consent, {"withdrawn_at": timezone.now()}),
    ("interview_status_is_known", Interview, {"status": "lost"}),
    ("interview_ends_after_a_start", Interview, {"ended_at": timezone.now()}),
    ("testimony_status_is_known", Testimony, {"status": "lost"}),
    ("testimony_past_draft_says_something", Testimony, {"status": "submitted", "current": None}),
    ("count_class_is_known", Victim, {"count_class": "lost"}),
    ("count_class_can_be_taken_back", Victim, {"count_class": "rejected"}),
    ("membership_closed_at_a_time", Membership, {"closed_at": None}),
]


@pytest.mark.parametrize(("name", "model", "columns"), BREAKS)
def test_row_that_cannot_be(name: str, model: Any, columns: dict[str, Any], world: World) -> None:
    assert world.testimony
    assert world.interview
    assert world.victim
    if name == "membership_closed_at_a_time":
        columns = {"closed_by": world.lead.pk}
    with entering(world.lead, "test"):
        if name == "one_consent_in_force":
            row = Consent(
                id=world.case.pk,
                **{
                    field.attname: getattr(world.consent, field.attname)
                    for field in Consent._meta.concrete_fields
                    if field.attname not in ("id", "number", "circumstances")
                },
                number=2,
            )
            row.seal(circumstances={})
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                row.save(force_insert=True)
            return
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model.objects.update(**columns)


def test_one_open_review_a_testimony(world: World) -> None:
    version = world.testimony.current
    with entering(world.supervisor, "test"):
        rows = [
            Review(
                case=world.case,
                witness=world.witness,
                testimony=world.testimony,
                version=version,
                created_by=world.supervisor,
            )
            for _ in range(2)
        ]
        with pytest.raises(IntegrityError, match="one_open_review"), transaction.atomic():
            Review.objects.bulk_create(rows)


def test_one_membership_a_person(world: World) -> None:
    again = Membership(case=world.case, user=world.lead, role="lead", granted_by=world.lead, tag=b"")
    with pytest.raises(IntegrityError, match="one_membership_a_person"), transaction.atomic():
        Membership.objects.bulk_create([again])
