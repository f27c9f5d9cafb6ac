"""A superuser of the database writes what would hand a name to somebody: refused where it is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from accounts.door import entering
from audit.vocabulary import Kind
from cases.actions.sessions import close_session
from cases.models import ConsentScope, SessionDecision, SessionItem
from cases.vocabulary import ConsentPurpose, IdentityLevel, SessionState
from exports.errors import HandoverUnfit, NothingCovered, SecondKeyUnfit
from exports.models import IdentityHandover, SecondKey
from tests import databases
from tests.exports import handing
from tests.exports.handing import Handing, make_handing
from tests.policy.attacks import Superuser
from vault.custodian.papers import Verdict


@dataclass
class Attacked:
    made: Handing
    superuser: Superuser


@pytest.fixture(scope="module")
def laid(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Attacked, databases.Kept]]:
    with django_db_blocker.unblock():
        attacked = Attacked(make_handing(), Superuser())
        yield attacked, databases.remember()
        attacked.superuser.connection.close()
        databases.restore()


@pytest.fixture
def attacked(
    laid: tuple[Attacked, databases.Kept],
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Attacked]:
    handing.here(monkeypatch)
    with django_db_blocker.unblock():
        settings.CUSTODIAN_FOUNDING = laid[0].made.directory.digest.hex()
        yield laid[0]
        laid[0].made.keeper.close()
        databases.restore(laid[1])


def failed(made: Handing, row: IdentityHandover) -> str:
    """How the keeper ended it; no name was opened, and nothing was kept."""
    session = made.go_on(row)
    assert session.state == SessionState.FAILED
    assert not made.world.events(Kind.IDENTITY_HANDING)
    with entering(made.officer, "test"):
        assert IdentityHandover.objects.get(pk=row.pk).taken_at is None
    return session.ended_by


def test_a_second_key_of_ones_own(attacked: Attacked) -> None:
    """Inserted, put in another's place, or declared to have been confirmed."""
    made, superuser = attacked.made, attacked.superuser
    superuser.change(made.key, recipient_id=uuid4())  # out of the way: a recipient has one
    forged = superuser.clone(made.key, recipient_id=made.world.recipient.pk, fingerprint=b"\1" * 32)
    assert SecondKey.objects.get(pk=forged).confirmed_at
    with pytest.raises(SecondKeyUnfit):
        made.ask()
    superuser.connection.execute("DELETE FROM exports_secondkey WHERE id = %s", [forged])
    superuser.change(made.key, recipient_id=made.world.recipient.pk)  # as it was: the tag fits again
    row = made.agreed()
    other = superuser.clone(made.key, recipient_id=uuid4())
    superuser.change(row, second_key_id=other)
    assert failed(made, row) == "HandoverUnfit"


def test_a_fingerprint_that_was_changed_after_they_signed(attacked: Attacked) -> None:
    made = attacked.made
    row = made.agreed()
    attacked.superuser.change(made.key, fingerprint=b"\2" * 32)
    assert failed(made, row) == "SecondKeyUnfit"


def test_a_handover_that_nobody_asked_for(attacked: Attacked) -> None:
    """Another export, another key, or a file that no process made."""
    made, superuser = attacked.made, attacked.superuser
    row = made.agreed()
    other = made.approved()
    superuser.change(row, export_id=other.pk)
    assert failed(made, row) == "HandoverUnfit"
    row = made.ask()
    with entering(made.officer, "test"):
        (clip,) = made.world.clip.files.all()
        close_session(by=made.officer, session=made.session(row))
    superuser.change(row, stored_id=clip.stored_id, taken_at=row.created_at)
    with pytest.raises(HandoverUnfit):
        made.world.build(made.world.now(made.export))


def test_a_consent_that_nobody_gave(attacked: Attacked) -> None:
    """The level of an answer is raised: what then is asked for is not covered."""
    made, superuser = attacked.made, attacked.superuser
    hidden = made.world.testimony
    with entering(made.world.investigator, "test"):
        answers = list(
            ConsentScope.objects.filter(
                consent__witness=hidden.witness, purpose=ConsentPurpose.CRIMINAL_INTERNATIONAL
            )
        )
    for one in answers:
        superuser.change(one, identity_level=IdentityLevel.FULL_IDENTITY.value)
    with pytest.raises(NothingCovered):
        made.world.request(testimonies=[hidden], evidence=[], identity_level=handing.NAMING)


def test_a_word_that_no_custodian_said(attacked: Attacked) -> None:
    """One approval is written twice, under another's name; and a witness into the queue."""
    made, superuser = attacked.made, attacked.superuser
    row = made.ask()
    made.say(row, 0)
    with entering(made.officer, "test"):
        (said,) = SessionDecision.objects.filter(request=row.session_id)
    session = made.session(row)
    superuser.clone(said, member=uuid4(), verdict=Verdict.APPROVE.value)
    superuser.change(
        session,
        state=SessionState.APPROVED_2.value,
        agreed_at=session.created_at,
        opens_at=session.created_at,
    )
    made.keeper.step()
    session = made.session(row)
    assert (session.state, session.ended_by) == (SessionState.FAILED, "ForgedRequest")
    row = made.agreed()
    with entering(made.officer, "test"):
        item = SessionItem.objects.filter(session=row.session_id).first()
    assert item
    superuser.clone(item, number=7, subject=_unasked(made))
    assert failed(made, row) == "ForgedRequest"


def _unasked(made: Handing) -> UUID:
    pk: UUID = made.world.testimony.witness_id
    return pk
