"""Each call that opens sealed content writes one leaf first: who, why, what kind, how many; never a value."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from accounts.models import User
from audit.actions import OutsideTransaction
from audit.models import Event
from audit.recorder import LogRecorder
from audit.vocabulary import Kind
from vault import ports
from vault.errors import NoRecorder
from vault.opening import open_row, open_rows
from vault.scopes import STAFF, Scope
from vault.vocabulary import Purpose

CASES = [UUID(int=number, version=4) for number in range(1, 300)]


def opened(scopes: list[Scope]) -> Event:
    LogRecorder().opened(
        reader="INV-01", purpose="read", scopes=scopes, kind="cases_case", count=3, commitment=b"\x01" * 32
    )
    return Event.objects.filter(kind=Kind.CONTENT_OPENED).latest("at")


def test_log_is_installed_as_the_recorder() -> None:
    assert isinstance(ports.current(), LogRecorder)


@pytest.mark.django_db
def test_one_opening_is_one_leaf_without_the_value(lead: User, supervisor: User) -> None:
    before = Event.objects.filter(kind=Kind.CONTENT_OPENED).count()
    names = open_rows(User.objects.all(), "name", reader="ADM-01", purpose=Purpose.LIST)
    events = Event.objects.filter(kind=Kind.CONTENT_OPENED)
    assert events.count() == before + 1
    event = events.latest("at")
    facts = json.loads(event.leaf)["facts"]
    assert (event.actor, event.subject, event.scope) == ("ADM-01", "table:accounts_user", None)
    assert (facts["count"], facts["purpose"], len(facts["commitment"])) == (len(names), "list", 64)
    assert names[lead.pk].text("name")
    for shown in (names[lead.pk].text("name"), str(lead.pk)):
        assert shown not in event.leaf


@pytest.mark.django_db
def test_what_cannot_be_recorded_is_not_opened(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("audit.recorder.append", broken)
    with pytest.raises(RuntimeError, match="full"):
        open_row(lead, "name", reader="ADM-01", purpose=Purpose.READ)
    monkeypatch.undo()
    before = ports.install(None)
    try:
        with pytest.raises(NoRecorder):
            open_row(lead, "name", reader="ADM-01", purpose=Purpose.READ)
    finally:
        ports.install(before)


@pytest.mark.django_db(transaction=True)
def test_opening_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        opened([STAFF])


@pytest.mark.django_db
def test_reading_of_one_case_stands_in_its_log() -> None:
    event = opened([Scope.case(CASES[0]), Scope.witness(CASES[0], CASES[5])])
    assert event.scope == CASES[0]
    assert event in Event.objects.of_scope(CASES[0])


@pytest.mark.django_db
def test_reading_of_several_cases_stands_in_the_log_of_each() -> None:
    event = opened([Scope.case(case) for case in CASES[:3]] + [STAFF])
    assert event.scope is None
    assert all(event in Event.objects.of_scope(case) for case in CASES[:3])
    assert event not in Event.objects.of_scope(CASES[3])


@pytest.mark.django_db
def test_reading_of_very_many_cases_tells_their_number() -> None:
    event = opened([Scope.case(case) for case in CASES])
    assert json.loads(event.leaf)["facts"]["cases"] == len(CASES)
    assert event.scopes is None


@pytest.mark.django_db
def test_key_events_are_leaves() -> None:
    key, case = uuid4(), uuid4()
    with transaction.atomic():
        LogRecorder().key_event(event="destroyed", key_id=key, scope=Scope.case(case), by="CUS-01")
        LogRecorder().key_event(event="rotated", key_id=key, scope=None, by="machine:command")
    kinds = list(Event.objects.of_subject(f"key:{key}").order_by("at").values_list("kind", "scope"))
    assert kinds == [("key:destroyed", case), ("key:rotated", None)]
