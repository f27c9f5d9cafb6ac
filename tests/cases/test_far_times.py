"""Rows with a time that no calendar holds: they fail their tags as other forged rows do, and stop nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db.models import DateTimeField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.members import add_member
from cases.actions.unsealing import ask_for_identity
from cases.models import IdentityRequest, IdentitySession, Membership
from cases.tasks import sweep_identities_now, sweep_memberships_now
from cases.vocabulary import AccessState, MemberRole, SessionState
from tests import factories
from tests.cases.asking import FACTS
from tests.cases.comparing import Comparing
from tests.cases.worlds import World
from tests.personas import make_person
from vault import unsealing
from vault.passphrase import Cost


def at(written: str) -> Any:
    """A moment as PostgreSQL reads it, and Python may not."""
    return RawSQL("%s::timestamptz", [written], output_field=DateTimeField())


@pytest.mark.parametrize("written", ["infinity", "-infinity", "14645-04-12", "0044-03-15 BC"])
def test_a_session_that_ends_at_no_time_stalls_no_other(session: Comparing, written: str) -> None:
    asked = session.ask()
    session.say(asked, 0)
    session.say(asked, 1)
    other = factories.make_case(session.world.lead, prefix="FAR")
    factories.join(other, session.world.lead, session.officer, MemberRole.DISCLOSURE_OFFICER)
    with entering(session.officer, "test"):
        strange = IdentitySession.objects.get(pk=asked.pk)
        strange.pk, strange.case, strange.state = UUID(int=0), other, SessionState.REQUESTED
        strange.expires_at, strange.created_at = at(written), asked.created_at - timedelta(days=1)
        strange.save(force_insert=True)
    session.keeper.step()
    assert session.now(asked).state == SessionState.COMPARED
    (told,) = Event.objects.of_scope(other.pk).of_kinds([Kind.ROW_SET_ASIDE])
    assert told.subject == f"identity-session:{strange.pk}"


@pytest.mark.parametrize("written", ["infinity", "-infinity"])
def test_a_request_at_no_time_keeps_no_step_of_the_sweep_from_its_turn(
    session: Comparing, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setattr(unsealing, "WORDS_COST", Cost(memory=64, iterations=1, lanes=1))
    world = session.world
    with entering(world.lead, "test"):
        request = ask_for_identity(by=world.lead, witness=session.witnesses[0], facts=FACTS).request
    asked = session.ask()
    with entering(world.lead, "test"):
        IdentityRequest.objects.filter(pk=request.pk).update(expires_at=at(written))
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        sweep_identities_now()
    assert session.now(asked).state == SessionState.EXPIRED
    with entering(world.lead, "test"):
        assert IdentityRequest.objects.get(pk=request.pk).state == AccessState.EXPIRED
    (told,) = world.events(Kind.ROW_SET_ASIDE)
    assert told.subject == f"identity-request:{request.pk}"


def test_a_membership_at_no_time_keeps_no_other_from_ending(world: World, outsider: User) -> None:
    begin = timezone.now() - timedelta(days=2)
    end = begin + timedelta(days=1)
    role = MemberRole.INVESTIGATOR
    with entering(world.lead, "test"):
        over = add_member(
            by=world.lead,
            case=world.case,
            user=outsider,
            role=role,
            reason="needed",
            starts_at=begin,
            ends_at=end,
        )
        strange = Membership.objects.get(pk=over.pk)
        strange.pk, strange.user = uuid4(), make_person(Role.INVESTIGATOR)
        strange.starts_at, strange.ends_at = at("-infinity"), at("0044-03-15 BC")
        strange.save(force_insert=True)
    sweep_memberships_now()
    with entering(world.lead, "test"):
        assert Membership.objects.get(pk=over.pk).closed_at is not None
