"""Opening a case, and what is swept up behind its memberships."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.door import Machine, entering
from accounts.models import User
from audit.models import Event
from audit.vocabulary import Kind
from cases.actions.members import add_member, sweep_memberships
from cases.errors import MayNotOpenCases
from cases.models import Case, Membership
from cases.vocabulary import MemberRole
from tests.factories import make_case


def test_lead_sees_the_case_they_opened(lead: User, outsider: User) -> None:
    case = make_case(lead)
    with entering(lead, "test"):
        assert list(Case.objects.visible_to(lead)) == [case]
    with entering(outsider, "test"):
        assert list(Case.objects.all()) == []


def test_who_may_not_open_cases_is_refused_and_that_is_recorded(interpreter: User) -> None:
    with pytest.raises(MayNotOpenCases):
        make_case(interpreter)
    assert [one.actor for one in Event.objects.of_kinds([Kind.CASE_REFUSED])] == [interpreter.staff_code]


def test_opening_is_recorded_or_not_done(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_said: object, **_details: object) -> None:
        raise RuntimeError("the log is full")

    with monkeypatch.context() as patched:
        patched.setattr("cases.actions.cases.record", broken)
        with pytest.raises(RuntimeError, match="the log is full"):
            make_case(lead)
    assert not Membership.objects.filter(user=lead).exists()
    case = make_case(lead)
    assert [one.actor for one in Event.objects.of_scope(case.pk).of_kinds([Kind.CASE_OPENED])] == [
        lead.staff_code
    ]


def test_sweep_closes_nothing_that_it_cannot_record(
    lead: User, investigator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(lead)
    begin = timezone.now() - timedelta(days=2)
    with entering(lead, "test"):
        over = add_member(
            by=lead,
            case=case,
            user=investigator,
            role=MemberRole.INVESTIGATOR,
            reason="for a day",
            starts_at=begin,
            ends_at=begin + timedelta(days=1),
        )

    def broken(*_said: object, **_details: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("cases.actions.members.record", broken)
    with pytest.raises(RuntimeError, match="the log is full"), entering(Machine.SWEEP, "test"):
        sweep_memberships()
    with entering(lead, "test"):
        assert Membership.objects.get(pk=over.pk).closed_at is None
