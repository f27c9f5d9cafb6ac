"""The first page: what a person sees there is theirs, and every opening is in the log."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.door import entering
from accounts.models import Training, User
from accounts.vocabulary import Role, TrainingKind
from audit.models import Event
from audit.vocabulary import Kind
from casemgr import waiting
from casemgr.views.dashboard import my_cases
from cases.actions.members import end_membership
from cases.vocabulary import MemberRole
from cases.waiting import Waiting
from tests.factories import (
    join,
    make_case,
    make_consented_witness,
    make_submitted_testimony,
    make_training,
)
from tests.personas import make_person, signed_in

pytestmark = pytest.mark.django_db
TITLE = "Killings on the coast"


def page_of(user: User) -> str:
    answer = signed_in(user).get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def waits_for(user: User) -> str:
    with entering(user, "test"):
        return "\n".join(str(one.words) for one in waiting.waiting_for(user))


def test_stranger_is_sent_to_the_sign_in_page() -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_lead_sees_their_case_and_the_opening_is_recorded(lead: User) -> None:
    case = make_case(lead)
    before = Event.objects.filter(kind=Kind.CONTENT_OPENED).count()
    page = page_of(lead)
    assert TITLE in page
    assert case.code in page
    assert Event.objects.filter(kind=Kind.CONTENT_OPENED).count() > before


def test_outsider_sees_no_case_of_others(lead: User, outsider: User) -> None:
    case = make_case(lead)
    page = page_of(outsider)
    assert TITLE not in page
    assert case.code not in page
    assert "You are in no case" in page


def test_ended_membership_takes_the_case_away(lead: User, investigator: User) -> None:
    case = make_case(lead)
    membership = join(case, lead, investigator, MemberRole.INVESTIGATOR)
    assert TITLE in page_of(investigator)
    with entering(lead, "test"):
        end_membership(by=lead, membership=membership)
    assert TITLE not in page_of(investigator)


def test_auditor_of_a_case_sees_that_it_is_there_and_no_title(lead: User, auditor: User) -> None:
    case = make_case(lead)
    join(case, lead, auditor, MemberRole.AUDITOR)
    page = page_of(auditor)
    assert case.code in page
    assert TITLE not in page
    assert "Sealed" in page


def test_cases_of_a_person_take_a_fixed_number_of_queries(
    lead: User, django_assert_max_num_queries: object
) -> None:
    for _ in range(4):
        make_case(lead)
    with entering(lead, "test"), django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture
        assert len(my_cases(lead)) == 4


def test_submitted_testimony_waits_for_who_may_review_it(lead: User, supervisor: User) -> None:
    case = make_case(lead)
    join(case, lead, supervisor, MemberRole.SUPERVISOR)
    testimony = make_submitted_testimony(make_consented_witness(case, lead), lead)
    assert testimony.registration_no in page_of(supervisor)
    assert testimony.registration_no not in page_of(lead)


def test_a_training_that_soon_expires_waits_for_its_person_and_their_supervisor(
    lead: User, supervisor: User, investigator: User, outsider: User
) -> None:
    case, admin = make_case(lead), make_person(Role.SYSADMIN)
    join(case, lead, supervisor, MemberRole.SUPERVISOR)
    join(case, lead, investigator, MemberRole.INVESTIGATOR)
    elsewhere = make_case(outsider)
    join(elsewhere, outsider, make_person(Role.SUPERVISOR), MemberRole.SUPERVISOR)
    mine, others = "Renew your training", "training is renewed before it expires"

    def told() -> list[bool]:
        lines = [waits_for(one) for one in (investigator, supervisor, lead, outsider)]
        return [*(mine in line for line in lines), *(others in line for line in lines)]

    row = make_training(investigator, admin, TrainingKind.CHILD, begun=30, days=61)
    assert told() == [False] * 8
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert told() == [True, False, False, False, False, True, False, False]
        page, led = page_of(investigator), page_of(supervisor)
        assert (mine in page, row.expires_on.isoformat() in page) == (True, True)
        assert (others in led, investigator.staff_code in led) == (True, True)
        assert reverse("member-list", args=[case.pk]) in led
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        assert told() == [False] * 8  # it is over: there is nothing left to be warned of
    make_training(investigator, admin, TrainingKind.SGBV, begun=30, days=40)
    assert told()[0]
    Training.objects.filter(kind=TrainingKind.SGBV).update(tag=bytes(32))
    assert told() == [False] * 8


def test_kind_that_nobody_named_is_still_shown() -> None:
    one = Waiting("unheard-of", UUID(int=1), "X-1", UUID(int=2), "X-2", datetime(2025, 3, 9, tzinfo=UTC))
    shown = waiting.shown(one)
    assert str(shown.words) == "Go on in this case"
    assert shown.code == "X-2"
