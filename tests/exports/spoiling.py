"""What can change between a signature and a hand-over, by right or past us."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.door import Machine, entering
from cases.actions.consents import record_consent, withdraw_consent
from cases.actions.members import end_membership
from cases.models import Consent, ConsentScope, IdentitySession, Membership, SessionItem
from cases.vocabulary import ConsentPurpose, Material
from exports.actions import keys, recipients, requests, secondkeys
from exports.actions.stopping import stop_export_of_gone
from exports.models import IdentityHandover
from tests import factories
from tests.exports.handing import (
    Handing,
    answers,
)
from tests.exports.worlds import MECHANISM, World
from vault.models import SealedIdentity
from vault.stepping import Guarded, stepping_into


def withdraw(made: Handing, row: IdentityHandover) -> None:
    world = made.world
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=made.consent_of(made.him))


def put_back_answers(world: World, consent: Consent, *, whole: bool = False) -> None:
    """The witness takes one purpose back; then the rows get the words, and the valid tags, of before."""
    with entering(world.investigator, "test"):
        before = Consent.objects.get(pk=consent.pk)
        answers = list(ConsentScope.objects.filter(consent=consent))
        withdraw_consent(by=world.investigator, consent=before, purpose=ConsentPurpose.CRIMINAL_INTERNATIONAL)
        for one in answers:
            ConsentScope.objects.filter(pk=one.pk).update(withdrawn_at=None, tag=one.tag)
        if whole:
            Consent.objects.filter(pk=consent.pk).update(state=before.state, tag=before.tag)


def put_back(made: Handing, row: IdentityHandover) -> None:
    put_back_answers(made.world, made.consent_of(made.him))


def put_back_whole(made: Handing, row: IdentityHandover) -> None:
    put_back_answers(made.world, made.consent_of(made.her), whole=True)


def refuse_contact(made: Handing, row: IdentityHandover) -> None:
    """She still agrees to be named, but not any more to say how she is reached."""
    with entering(made.world.investigator, "test"):
        facts = replace(factories.CONSENT, answers=answers(Material.ACCOUNT_TEXT))
        record_consent(by=made.world.investigator, witness=made.her, facts=facts)


def revoke_age_key(made: Handing, row: IdentityHandover) -> None:
    with entering(made.officer, "test"):
        keys.revoke_key(by=made.officer, key=made.export.key)


def change_recipient(made: Handing, row: IdentityHandover) -> None:
    with entering(made.officer, "test"):
        recipients.change_recipient(
            by=made.officer,
            recipient=made.world.recipient,
            expected=1,
            facts=replace(MECHANISM, name="Other"),
        )


def another_second_key(made: Handing, row: IdentityHandover) -> None:
    """Whoever rules the server would encrypt to words of their own."""
    with entering(made.officer, "test"):
        secondkeys.revoke_second_key(by=made.officer, key=made.key)
    assert made.second_key().key.pk != row.second_key_id


def cancel(made: Handing, row: IdentityHandover) -> None:
    with entering(made.officer, "test"):
        requests.cancel_export(by=made.officer, export=made.export)


def stop_of_gone(made: Handing, row: IdentityHandover) -> None:
    type(made.officer).objects.filter(pk=made.officer.pk).update(
        is_active=False, deactivated_at=timezone.now()
    )
    with entering(Machine.SWEEP, "test"):
        assert stop_export_of_gone(made.export.pk)
    type(made.officer).objects.filter(pk=made.officer.pk).update(is_active=True, deactivated_at=None)


def add_witness(made: Handing, row: IdentityHandover) -> None:
    """The queue is longer than what was signed."""
    with entering(made.officer, "test"):
        item = SessionItem.objects.filter(session=row.session_id).first()
        assert item
        item.pk, item.number, item.subject = uuid4(), 9, uuid4()
        item.save(force_insert=True)


def forge_session(made: Handing, row: IdentityHandover) -> None:
    with entering(made.officer, "test"):
        IdentitySession.objects.filter(pk=row.session_id).update(
            expires_at=timezone.now() + timedelta(days=9)
        )


def lose_power(made: Handing, row: IdentityHandover) -> None:
    lead = made.world.lead
    with entering(lead, "test"):
        end_membership(by=lead, membership=Membership.objects.get(user=made.officer, case=made.world.case))


def seal_anew(made: Handing, row: IdentityHandover) -> None:
    """What is sealed under an identity's row is not what the log says."""
    with entering(made.officer, "test"), stepping_into(Guarded.IDENTITY):
        SealedIdentity.objects.filter(subject=made.her.pk, version=1).update(sealed=b"another's")


def swap_codes(made: Handing, row: IdentityHandover) -> None:
    """The right name under another's code would be a lie that nobody sees."""
    with entering(made.world.investigator, "test"):
        made.her.refresh_from_db()
        made.her.seal(public_pseudonym="Suad")
        made.her.save(update_fields=["public_pseudonym"])
