"""What is told on each page until it was read: nobody hides it, and nobody makes one up."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import audit.actions
from accounts import alarms
from accounts.alarms import alarms_for
from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.actions import record
from audit.models import Event
from audit.vocabulary import ALARMS, Kind
from tests.custodians import Board
from tests.personas import make_person, signed_in
from vault.errors import DrillTouched

pytestmark = pytest.mark.django_db


def test_an_alarm_stays_until_each_has_read_it(ours: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, _ = ours.people
    with pytest.raises(DrillTouched), entering(None, "test"):
        raise DrillTouched
    (alarm,) = Event.objects.of_kinds([Kind.DRILL_TOUCHED])
    browser, address = signed_in(one), reverse("alarm-read", args=[alarm.pk])
    outsider = make_person(Role.INVESTIGATOR)
    assert signed_in(outsider).post(address).status_code == 403
    other = Event.objects.exclude(pk=alarm.pk).first()
    assert other is not None
    assert browser.post(reverse("alarm-read", args=[other.pk])).status_code == 409
    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", _full)
        with pytest.raises(RuntimeError, match="full"):
            browser.post(address)
    _forge_reading(alarm, one)
    assert "I have read this" in browser.get("/").content.decode()
    assert browser.post(address, {"back": "//elsewhere.example/"})["Location"] == "/"
    assert "I have read this" not in browser.get("/").content.decode()
    assert "I have read this" in signed_in(two).get("/").content.decode()


HEARD = {
    Kind.DRILL_FAILED: "A drill failed",
    Kind.DRILL_LATE: "A drill was not answered in time",
    Kind.DRILL_TOUCHED: "Somebody reached for an invented identity",
    Kind.IDENTITY_BREAK_GLASS_AGREED: "the two outside bodies have agreed",
    Kind.IDENTITY_BREAK_GLASS_OPENED: "a name was opened with the outside bodies",
    Kind.IDENTITY_TOO_MANY: "found in too many places",
    Kind.LOG_FAILED: "The log is not sound",
    Kind.ROW_SET_ASIDE: "It was set aside",
}


def test_every_alarm_reaches_its_hearers_and_many_of_one_kind_hide_no_other() -> None:
    assert set(ALARMS) == set(HEARD)
    people = [make_person(role) for role in (Role.IDENTITY_CUSTODIAN, Role.SUPERVISOR, Role.AUDITOR)]
    for kind in ALARMS:
        record(kind, by="machine:test")
    for _time in range(4):
        record(Kind.LOG_FAILED, by="machine:test", subject="batch:7")
    for person in people:
        page = signed_in(person).get("/").content.decode()
        assert [words for words in HEARD.values() if words not in page] == []
        assert "batch:7" in page  # which one it is
    nobody = signed_in(make_person(Role.INVESTIGATOR)).get("/").content.decode()
    assert [words for words in HEARD.values() if words in nobody] == []


def test_a_flood_of_alarms_that_are_none_costs_no_page_more_and_is_told() -> None:
    hearer = make_person(Role.AUDITOR)
    mine = record(Kind.DRILL_TOUCHED, by="machine:test")
    leaf = json.loads(mine.leaf) | {"kind": Kind.LOG_FAILED.value, "at": json.loads(mine.leaf)["at"] + 10**9}
    Event.objects.bulk_create(
        Event(leaf=json.dumps(leaf), mac=bytes(32)) for _ in range(alarms._EXAMINED + 1)
    )
    with CaptureQueriesContext(connection) as asked:
        told = alarms_for(hearer)
    assert len(asked) <= 4
    assert [one.id for one in told] == [None, mine.pk]
    page = signed_in(hearer).get("/").content.decode()
    assert "Somebody writes alarms into the database that are none" in page
    assert page.count("I have read this") == 1


def test_no_row_beside_the_log_keeps_an_alarm_from_its_hearer(ours: Board) -> None:
    """Neither a person who came later, by their own row, nor newer alarms that are none."""
    with pytest.raises(DrillTouched), entering(None, "test"):
        raise DrillTouched
    (alarm,) = Event.objects.of_kinds([Kind.DRILL_TOUCHED])
    one = ours.people[0]
    one.created_at = timezone.now() + timedelta(days=365)
    later = int(one.created_at.timestamp() * 1_000_000)
    leaf = json.loads(alarm.leaf) | {"at": later}
    Event.objects.bulk_create(Event(leaf=json.dumps(leaf), mac=bytes(32)) for _ in range(201))
    assert [each.id for each in alarms_for(one)] == [alarm.pk]


FAR = 400_000_000_000_000_000  # microseconds: the year 14645
LONG_AGO = -100_000_000_000_000_000  # before Christ


@pytest.mark.parametrize("at", [FAR, LONG_AGO])
def test_an_event_whose_time_no_calendar_holds_takes_no_page_from_those_who_guard(at: int) -> None:
    people = [make_person(role) for role in (Role.IDENTITY_CUSTODIAN, Role.SUPERVISOR, Role.AUDITOR)]
    mine = record(Kind.DRILL_TOUCHED, by="machine:test")
    for kind in ALARMS:
        leaf = json.loads(mine.leaf) | {"kind": kind.value, "at": at}
        Event.objects.create(id=uuid4(), leaf=json.dumps(leaf), mac=bytes(mine.mac))
    for person in people:
        browser = signed_in(person)
        for name in ("dashboard", "account-detail"):
            page = browser.get(reverse(name))
            assert page.status_code == 200
            assert page.content.decode().count("I have read this") == 1
        assert [one.id for one in alarms_for(person)] == [mine.pk]


def _full(*_said: object, **_details: object) -> Event:
    raise RuntimeError("the log is full")


def _forge_reading(alarm: Event, reader: User) -> None:
    """What somebody with the database's password writes to keep a person from hearing of it."""
    leaf = {"actor": reader.staff_code, "at": 1, "kind": "alarm:seen", "subject": f"event:{alarm.pk}"}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (id, leaf, mac) VALUES (%s, %s, %s)",
            [uuid4(), json.dumps(leaf), bytes(32)],
        )
