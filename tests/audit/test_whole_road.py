"""What the actions of the rooms above write down is what lies in their tables."""

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.door import entering
from accounts.models import User
from audit.actions import record
from audit.comparing import compare_rows
from audit.models import Event
from audit.sealing import seal_batch
from audit.signer import Signer
from audit.verifying import verify
from audit.vocabulary import Kind
from tests import factories


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_every_row_is_as_the_log_says_after_a_case_was_worked_on(
    lead: User, investigator: User, supervisor: User, folder: object
) -> None:
    with transaction.atomic():  # what the tests' people were given past the actions
        record(Kind.ACCOUNT_ACTIVATED, by="machine:tests", rows=[lead, investigator, supervisor])
    case = factories.make_case(lead)
    witness = factories.make_consented_witness(case, lead)
    factories.make_interview(witness, lead)
    factories.make_testimony(witness, lead)
    incident = factories.make_incident(case, lead)
    factories.make_act(incident, lead)
    assert [str(one) for one in compare_rows("owner")] == []
    seal_batch()
    with Signer() as signer:
        signer.sign()
    report = verify()
    assert report.is_sound, report.findings
    assert Event.objects.of_scope(case.pk).count() >= 6
    call_command("verify_audit")
    with entering(lead, "reading"):
        assert Event.objects.of_scope(case.pk).page(size=2)
