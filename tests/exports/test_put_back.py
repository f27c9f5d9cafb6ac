"""A consent that was taken back in part, and whose rows somebody put back, lets nothing leave."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.door import entering
from audit.actions import microseconds
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.talks import record_recontact
from cases.models import Consent, ConsentScope
from cases.vocabulary import ConsentPurpose, ConsentState, Decision, Reached
from exports import errors
from exports.actions import approvals, delivery
from exports.recalling import owed_to
from exports.vocabulary import Reason
from exports.weighing import weigh
from tests import factories
from tests.exports.spoiling import put_back_answers
from tests.exports.test_consent import reasons, stored_files
from tests.exports.worlds import World
from tests.policy.test_disclosure import ASK

BEGINS_WITH = ("requested",)

FOR_THE_COURT = ConsentPurpose.CRIMINAL_INTERNATIONAL


def put_back(world: World, *, whole: bool = False) -> None:
    """As whoever writes into the database: each row gets the words, and the valid tag, that it had before."""
    put_back_answers(world, world.consent, whole=whole)


def forge_a_leaf(world: World) -> None:
    """Nobody but the application can say that the rows were written so."""
    put_back(world, whole=True)
    with entering(world.investigator, "test"):
        consent = Consent.objects.get(pk=world.consent.pk)
        rows = [consent, *ConsentScope.objects.filter(consent=consent)]
        leaf = {
            "actor": world.investigator.staff_code,
            "at": microseconds(timezone.now() + timedelta(minutes=1)),
            "kind": Kind.CONSENT_RECORDED.value,
            "rows": [{"digest": one.row_digest().hex(), "id": str(one.pk)} for one in rows],
            "scope": str(world.case.pk),
            "subject": f"consent:{world.consent.pk}",
            "v": 1,
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_event (id, leaf, mac) VALUES (gen_random_uuid(), %s, %s)",
                [json.dumps(leaf), b"\x00" * 64],
            )


def put_back_whole(world: World) -> None:
    put_back(world, whole=True)


ATTACKS = (put_back, put_back_whole, forge_a_leaf)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_approved(world: World, attack: Callable[[World], None]) -> None:
    assert world.requested
    attack(world)
    with pytest.raises(errors.ConsentGone) as refused, entering(world.supervisor, "test"):
        approvals.approve_export(by=world.supervisor, export=world.requested)
    assert refused.value.facts["reason"] == Reason.CONSENT_NOT_AUTHENTIC
    (told,) = world.events(errors.ConsentGone.kind)
    assert json.loads(told.leaf)["facts"]["reason"] == "not_authentic"


def test_nothing_is_built(world: World) -> None:
    assert world.approved
    put_back_whole(world)
    before = stored_files()
    with pytest.raises(errors.ConsentGone):
        world.build(world.approved)
    assert stored_files() == before


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_fetched_and_it_is_called_back(world: World, attack: Callable[[World], None]) -> None:
    assert world.delivered
    attack(world)
    with pytest.raises(errors.ConsentGone):
        world.fetch(world.delivered)
    with pytest.raises(errors.ConsentGone), entering(world.contact, "test"):
        delivery.fetch_for_recipient(by=world.contact, export=world.delivered)
    with entering(world.officer, "test"):
        (one,) = owed_to(world.officer)
    assert one.export == world.delivered


def test_a_new_request_leaves_it_out(world: World) -> None:
    put_back(world)
    alone = factories.make_consented_witness(world.case, world.investigator, pseudonym="Rima")
    other = factories.make_approved_testimony(alone, world.investigator, world.supervisor)
    export = world.request(testimonies=[world.testimony, other], evidence=[])
    found = reasons(world, export)
    assert found[world.testimony.registration_no] == Reason.CONSENT_NOT_AUTHENTIC
    assert not found[other.registration_no]


def test_a_consent_that_was_replaced_does_not_come_back(world: World) -> None:
    """The newer one narrows it; the older has its valid tag, and the newer one is made to look over."""
    assert world.requested
    old = world.consent
    factories.make_consent(world.witness, world.investigator)
    with entering(world.investigator, "test"):
        new = Consent.objects.get(witness=world.witness, state=ConsentState.ACTIVE)
        Consent.objects.filter(pk=new.pk).update(state=ConsentState.SUPERSEDED)
        Consent.objects.filter(pk=old.pk).update(state=old.state, tag=old.tag)
    with pytest.raises(errors.ConsentGone) as refused, entering(world.supervisor, "test"):
        approvals.approve_export(by=world.supervisor, export=world.requested)
    assert refused.value.facts["reason"] == Reason.CONSENT_NOT_AUTHENTIC


def test_what_was_rightly_changed_since_counts_as_it_is(world: World) -> None:
    """A purpose is taken back, and another stands: what the log says of the rest is older, and true."""
    assert world.requested
    world.withdraw(ConsentPurpose.CRIMINAL_NATIONAL)
    assert world.fetch(world.verified)


def test_a_talk_before_a_use_counts(world: World) -> None:
    assert world.consent
    answers = tuple(
        replace(one, recontact_before_use=one.decision == Decision.GRANTED) for one in factories.ANSWERS
    )
    facts = replace(factories.CONSENT, answers=answers)
    asked = factories.make_consent(world.witness, world.investigator, facts=facts)
    with entering(world.investigator, "test"):
        record_recontact(by=world.investigator, consent=asked, purpose=FOR_THE_COURT, reached=Reached.AGREED)
    assert world.approved


def test_the_log_is_asked_once_however_many_answers_there_are(world: World) -> None:
    def asked(count: int) -> list[str]:
        with entering(world.officer, "test"), CaptureQueriesContext(connection) as queries:
            weighed = weigh(
                accounts[:count], [world.clip], ASK, at=timezone.now(), reader=world.officer.staff_code
            )
        assert [one.reason for one in weighed] == [None] * (count + 1)
        found = [query["sql"] for query in queries if "audit_" in query["sql"]]
        return [sql for sql in found if sql.startswith("SELECT")]

    people = [world.witness] + [
        factories.make_consented_witness(world.case, world.investigator, pseudonym=name)
        for name in ("Rima", "Nur")
    ]
    accounts = [
        factories.make_approved_testimony(one, world.investigator, world.supervisor) for one in people
    ]
    assert len(asked(3)) == len(asked(1)) == 2
    assert Event._meta.db_table in asked(1)[1]
