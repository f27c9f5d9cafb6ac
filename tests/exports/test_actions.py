"""Every action: it works and is recorded; who may not is refused, recorded; no event, no effect."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import audit.actions
from accounts.door import entering
from accounts.models import User
from accounts.vocabulary import Role
from audit.models import Event
from audit.refusals import Refusal
from audit.vocabulary import Kind
from exports.actions import approvals, building, delivery, keys, recipients, requests
from exports.models import RecipientContact
from exports.package.ageing import fingerprint
from exports.vocabulary import Channel
from tests.exports.worlds import MECHANISM, World, read_all
from tests.personas import make_person


@dataclass(frozen=True)
class Scenario:
    """One action: what must be there first, who does it, what the log says, and who may not."""

    name: str
    kind: Kind
    run: Callable[[World, User], Any]
    prepare: Callable[[World], Any] = lambda world: None
    by: str = "officer"
    denied: tuple[str, ...] = ("outsider", "investigator")


def _compare(world: World, by: User) -> object:
    heard = fingerprint(world.public_key)
    return keys.check_key_with(by=by, key=world.key, heard=heard, channel=Channel.IN_PERSON, note="Met")


def _change(world: World, by: User) -> object:
    return recipients.change_recipient(by=by, recipient=world.recipient, expected=1, facts=MECHANISM)


def _contact(world: World, by: User) -> object:
    user = world.__dict__.setdefault("newcomer", None) or make_person(Role.RECIPIENT)
    return recipients.add_contact(by=by, recipient=world.recipient, user=user)


def _end_contact(world: World, by: User) -> object:
    contact = RecipientContact.objects.get(user=world.contact)
    return recipients.end_contact(by=by, contact=contact)


def _newcomer(world: World) -> None:
    world.__dict__["newcomer"] = make_person(Role.RECIPIENT)
    assert world.recipient


def _acknowledge(world: World, by: User) -> object:
    digest = hashlib.sha512(world.__dict__["fetched"]).hexdigest()
    return delivery.acknowledge(by=by, export=world.verified, sha512=digest)


def _fetched(world: World) -> None:
    world.__dict__["fetched"] = world.fetch(world.verified)


def _touch(*names: str) -> Callable[[World], object]:
    return lambda world: [getattr(world, name) for name in names]


SCENARIOS = [
    Scenario(
        "add_recipient",
        Kind.RECIPIENT_ADDED,
        lambda world, by: recipients.add_recipient(by=by, facts=MECHANISM),
    ),
    Scenario("change_recipient", Kind.RECIPIENT_CHANGED, _change, _touch("recipient")),
    Scenario("add_contact", Kind.RECIPIENT_CHANGED, _contact, _newcomer),
    Scenario("end_contact", Kind.RECIPIENT_CHANGED, _end_contact, _touch("ready")),
    Scenario(
        "add_key",
        Kind.RECIPIENT_KEY_ADDED,
        lambda world, by: keys.add_key(by=by, recipient=world.recipient, public_key=world.public_key),
        _touch("recipient"),
        denied=("outsider", "supervisor"),
    ),
    Scenario("check_key_with", Kind.RECIPIENT_KEY_CHECKED, _compare, _touch("key")),
    Scenario(
        "revoke_key",
        Kind.RECIPIENT_KEY_REFUSED,
        lambda world, by: keys.revoke_key(by=by, key=world.key),
        _touch("key"),
        denied=("outsider", "supervisor"),
    ),
    Scenario(
        "request_export",
        Kind.EXPORT_REQUESTED,
        lambda world, by: requests.request_export(by=by, case=world.case, wish=world.wish()),
        lambda world: world.wish(),
    ),
    Scenario(
        "check_scope",
        Kind.EXPORT_CHECKED,
        lambda world, by: requests.check_scope(by=by, export=world.requested),
        _touch("requested"),
    ),
    Scenario(
        "approve_export",
        Kind.EXPORT_APPROVED,
        lambda world, by: approvals.approve_export(by=by, export=world.requested),
        _touch("requested"),
        by="supervisor",
        denied=("outsider", "lead", "officer"),
    ),
    Scenario(
        "refuse_export",
        Kind.EXPORT_REFUSED,
        lambda world, by: approvals.refuse_export(by=by, export=world.requested, reason="Too much"),
        _touch("requested"),
        by="supervisor",
        denied=("outsider", "lead", "officer"),
    ),
    Scenario(
        "build_export",
        Kind.EXPORT_BUILT,
        lambda world, by: building.build_export(by=by, export=world.approved),
        _touch("approved"),
        denied=("outsider", "investigator", "supervisor"),
    ),
    Scenario(
        "verify_export",
        Kind.EXPORT_VERIFIED,
        lambda world, by: delivery.verify_export(by=by, export=world.built),
        _touch("built"),
        denied=("outsider", "investigator", "supervisor"),
    ),
    Scenario(
        "fetch_for_officer",
        Kind.EXPORT_DOWNLOADED,
        lambda world, by: read_all(delivery.fetch_for_officer(by=by, export=world.verified)),
        _touch("verified"),
        denied=("outsider", "investigator", "supervisor", "contact"),
    ),
    Scenario(
        "fetch_for_recipient",
        Kind.EXPORT_DOWNLOADED,
        lambda world, by: read_all(delivery.fetch_for_recipient(by=by, export=world.verified)),
        _touch("verified"),
        by="contact",
        denied=("outsider", "officer", "lead"),
    ),
    Scenario(
        "acknowledge",
        Kind.EXPORT_ACKNOWLEDGED,
        _acknowledge,
        _fetched,
        by="contact",
        denied=("outsider", "officer", "lead"),
    ),
    Scenario(
        "cancel_export",
        Kind.EXPORT_CANCELLED,
        lambda world, by: requests.cancel_export(by=by, export=world.verified),
        _touch("verified"),
    ),
]
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)


class LogBroken(RuntimeError):
    """The log cannot be written."""


@each
def test_action_changes_something_and_is_recorded(scenario: Scenario, world: World) -> None:
    scenario.prepare(world)
    before, known = world.state(), len(world.events(scenario.kind))
    by: User = getattr(world, scenario.by)
    with entering(by, "test"):
        scenario.run(world, by)
    assert world.state() != before
    new = world.events(scenario.kind)[known:]
    assert new
    assert {event.actor for event in new} == {by.staff_code}


@each
def test_who_may_not_is_refused_and_that_is_recorded(scenario: Scenario, world: World) -> None:
    scenario.prepare(world)
    before = world.state()
    for name in scenario.denied:
        person: User = getattr(world, name)
        known = Event.objects.of_actor(person.staff_code).of_kinds([Kind.ACCESS_REFUSED]).count()
        with pytest.raises(Refusal), entering(person, "test"):
            scenario.run(world, person)
        refused = Event.objects.of_actor(person.staff_code).of_kinds([Kind.ACCESS_REFUSED]).count()
        assert refused == known + 1, name
    assert world.state() == before


@each
def test_nothing_stands_when_its_event_cannot_be_written(
    scenario: Scenario, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario.prepare(world)
    before, events = world.state(), Event.objects.count()
    written = audit.actions.append

    def broken(kind: Kind, **details: Any) -> Event:
        if kind == scenario.kind:
            raise LogBroken
        return written(kind, **details)

    by: User = getattr(world, scenario.by)
    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", broken)
        with pytest.raises(LogBroken), entering(by, "test"):
            scenario.run(world, by)
    assert world.state() == before
    assert Event.objects.count() == events
