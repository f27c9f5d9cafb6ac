"""Every action on people works and is recorded, is refused to who may not, and is undone with its event."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import audit.actions
from accounts.actions import people, resets
from accounts.door import entering
from accounts.models import (
    CredentialReset,
    CustodianDirectory,
    OneTimeLink,
    Session,
    Training,
    User,
    UserRole,
)
from accounts.vocabulary import Role, TrainingKind
from audit.models import Event
from audit.vocabulary import Kind
from tests import factories
from tests.accounts.signing import PASSWORD, code_now, equip, type_code, type_password
from tests.custodians import board, signed
from tests.personas import make_person, signed_in

pytestmark = pytest.mark.django_db
NEW = "five quite unrelated words now"


@dataclass
class Sent:
    """What is posted by whom: a browser, an address, its data."""

    browser: Client
    address: str
    data: dict[str, Any] = field(default_factory=dict)

    def go(self) -> int:
        return self.browser.post(self.address, self.data).status_code


@dataclass(frozen=True)
class Deed:
    """An action, what the log says of it, how it is asked for, and how in vain."""

    name: str
    kinds: tuple[Kind, ...]
    rightly: Callable[[], Sent]
    wrongly: Callable[[], Sent]
    status: int = 403
    refusal: Kind = Kind.ACCESS_REFUSED


def _target() -> User:
    return make_person(Role.ANALYST)


def _unfinished() -> User:
    admin = make_person(Role.SYSADMIN)
    with entering(admin, "test"):
        return people.invite_person(name="Nour", roles=[Role.ANALYST], by=admin)[0]


def _reset() -> CredentialReset:
    admin, person = make_person(Role.SYSADMIN), _target()
    with entering(admin, "test"):
        return resets.request_reset(user=person, by=admin)


def _of_person(page: str, who: Role, target: Callable[[], User] = _target, **data: str) -> Callable[[], Sent]:
    return lambda: Sent(signed_in(make_person(who)), reverse(page, args=[target().pk]), dict(data))


def _administrators(
    name: str, page: str, *kinds: Kind, target: Callable[[], User] = _target, **data: str
) -> Deed:
    """What an administrator does with somebody, and what an investigator may not."""
    rightly = _of_person(page, Role.SYSADMIN, target, **data)
    return Deed(name, kinds, rightly, _of_person(page, Role.INVESTIGATOR, target, **data))


def _invite(who: Role) -> Callable[[], Sent]:
    data = {"name": "Leila Haddad", "roles": ["supervisor"]}
    return lambda: Sent(signed_in(make_person(who)), reverse("person-invite"), data)


def _note(who: Role) -> Callable[[], Sent]:
    today = timezone.localdate()
    data = {
        "kind": "child",
        "completed_on": str(today),
        "expires_on": str(today + timedelta(days=365)),
        "certificate": "The institute",
    }
    return _of_person("training-note", who, _target, **data)


def _end(who: Role) -> Callable[[], Sent]:
    def sent() -> Sent:
        row = factories.make_training(_target(), make_person(Role.SYSADMIN), TrainingKind.CHILD)
        return Sent(signed_in(make_person(who)), reverse("training-end", args=[row.pk]))

    return sent


def _decide(page: str, who: Role) -> Callable[[], Sent]:
    return lambda: Sent(signed_in(make_person(who)), reverse(page, args=[_reset().pk]))


def _session_of(*, is_own: bool) -> Callable[[], Sent]:
    def sent() -> Sent:
        owner = make_person(Role.INVESTIGATOR)
        signed_in(owner)
        row = Session.objects.get(user=owner)
        person = owner if is_own else make_person(Role.INVESTIGATOR)
        return Sent(signed_in(person), reverse("session-end", args=[row.pk]))

    return sent


def _others() -> Sent:
    person = make_person(Role.INVESTIGATOR)
    signed_in(person)
    return Sent(signed_in(person), reverse("session-end-others"))


def _join(*, is_ours: bool) -> Callable[[], Sent]:
    def sent() -> Sent:
        admin = make_person(Role.SYSADMIN)
        with entering(admin, "test"):
            secret = people.invite_person(name="Nour", roles=[Role.ANALYST], by=admin)[1]
        address = reverse("enrolment-begin", args=[secret if is_ours else f"{secret}x"])
        return Sent(Client(), address, {"password": NEW, "again": NEW})

    return sent


def _enrol(*, is_complete: bool) -> Callable[[], Sent]:
    def sent() -> Sent:
        person = equip().user if is_complete else make_person(Role.INVESTIGATOR)
        browser = signed_in(person)
        User.objects.filter(pk=person.pk).update(enrolled_at=None)
        _put_tag(person)
        return Sent(browser, reverse("enrolment-finish"))

    return sent


def _put_tag(person: User) -> None:
    from accounts import credentials

    person.refresh_from_db()
    credentials.put_tag(person)


def _password() -> Sent:
    person, browser = equip(), Client()
    type_password(browser, person.user.staff_code)
    type_code(browser, code_now())
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return Sent(browser, reverse("account_change_password"), sent)


def _password_of_a_persona() -> Sent:
    sent = {"oldpassword": "", "password1": NEW, "password2": NEW}
    return Sent(signed_in(make_person(Role.INVESTIGATOR)), reverse("account_change_password"), sent)


def _directory(who: Role) -> Callable[[], Sent]:
    def sent() -> Sent:
        made = board()
        paper = signed(made.directory, made.people[:2], made.keys).write().decode()
        return Sent(signed_in(make_person(who)), reverse("directory-hand-in"), {"paper": paper})

    return sent


INVITED = (Kind.ACCOUNT_INVITED, Kind.ACCOUNT_ROLE_GIVEN, Kind.LINK_CREATED)
CONFIRMED = (Kind.RESET_CONFIRMED, Kind.SESSION_ENDED, Kind.LINK_CREATED)
DEEDS = [
    Deed("invite_person", INVITED, _invite(Role.SYSADMIN), _invite(Role.INVESTIGATOR)),
    _administrators("renew_link", "link-renew", Kind.LINK_CREATED, target=_unfinished),
    _administrators("give_role", "role-give", Kind.ACCOUNT_ROLE_GIVEN, role="interpreter"),
    _administrators("take_role", "role-take", Kind.ACCOUNT_ROLE_TAKEN, role="analyst"),
    Deed("note_training", (Kind.TRAINING_NOTED,), _note(Role.SYSADMIN), _note(Role.INVESTIGATOR)),
    Deed("end_training", (Kind.TRAINING_ENDED,), _end(Role.SYSADMIN), _end(Role.INVESTIGATOR)),
    _administrators("deactivate_person", "person-deactivate", Kind.ACCOUNT_DEACTIVATED, Kind.SESSION_ENDED),
    _administrators("request_reset", "reset-request", Kind.RESET_REQUESTED),
    Deed(
        "confirm_reset",
        CONFIRMED,
        _decide("reset-confirm", Role.SYSADMIN),
        _decide("reset-confirm", Role.INVESTIGATOR),
    ),
    Deed(
        "cancel_reset",
        (Kind.RESET_CANCELLED,),
        _decide("reset-cancel", Role.SYSADMIN),
        _decide("reset-cancel", Role.INVESTIGATOR),
    ),
    Deed(
        "end_session",
        (Kind.SESSION_ENDED,),
        _session_of(is_own=True),
        _session_of(is_own=False),
        409,
        Kind.TRANSITION_REFUSED,
    ),
    Deed("spend_link", (Kind.LINK_USED,), _join(is_ours=True), _join(is_ours=False), 404, Kind.LINK_REFUSED),
    Deed(
        "finish_enrolment",
        (Kind.ACCOUNT_ACTIVATED,),
        _enrol(is_complete=True),
        _enrol(is_complete=False),
        409,
        Kind.TRANSITION_REFUSED,
    ),
    Deed(
        "hand_in_directory",
        (Kind.DIRECTORY_PROPOSED,),
        _directory(Role.IDENTITY_CUSTODIAN),
        _directory(Role.SYSADMIN),
    ),
    Deed("keep_changed_credentials", (Kind.PASSWORD_CHANGED,), _password, _password_of_a_persona),
]
each = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)


def _state() -> list[object]:
    """Every row that an action of this room could touch; where a browser was last seen is no such thing."""
    tables: list[object] = [
        sorted(map(repr, model.objects.values_list()))
        for model in (User, UserRole, Training, OneTimeLink, CredentialReset, CustodianDirectory)
    ]
    return [*tables, sorted(map(repr, Session.objects.values_list("pk", "user")))]


@each
def test_action_changes_something_and_is_recorded(deed: Deed) -> None:
    sent = deed.rightly()
    before, known = _state(), Event.objects.count()
    assert sent.go() in {200, 302}
    assert _state() != before
    new = list(Event.objects.order_by("at", "id")[known:])
    assert set(deed.kinds) <= {event.kind for event in new}


@each
def test_who_may_not_is_refused_and_that_is_recorded(deed: Deed) -> None:
    sent = deed.wrongly()
    before, known = _state(), Event.objects.of_kinds([deed.refusal]).count()
    assert sent.go() == deed.status
    assert _state() == before
    assert Event.objects.of_kinds([deed.refusal]).count() == known + 1


@pytest.mark.parametrize(
    ("deed", "kind"),
    [(deed, kind) for deed in DEEDS for kind in deed.kinds],
    ids=lambda value: getattr(value, "name", None),
)
def test_nothing_stands_when_its_event_cannot_be_written(
    deed: Deed, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = deed.rightly()
    before, events = _state(), Event.objects.count()
    written = audit.actions.append

    def broken(said: Kind, **details: Any) -> Event:
        if said == kind:
            raise RuntimeError("the log is full")
        return written(said, **details)

    monkeypatch.setattr(audit.actions, "append", broken)
    with pytest.raises(RuntimeError, match="the log is full"):
        sent.go()
    assert _state() == before
    assert Event.objects.count() == events


def test_ending_the_other_sessions_is_recorded_or_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = _others()
    before = _state()

    def broken(*_said: object, **_details: object) -> Event:
        raise RuntimeError("the log is full")

    with monkeypatch.context() as patched:
        patched.setattr(audit.actions, "append", broken)
        with pytest.raises(RuntimeError, match="the log is full"):
            sent.go()
    assert _state() == before
    assert sent.go() == 302
    assert _state() != before
    assert Event.objects.of_kinds([Kind.SESSION_ENDED]).count() == 1


def test_a_stranger_ends_no_session_at_all() -> None:
    sent = _others()
    before = _state()
    assert Client().post(sent.address).status_code == 302
    assert _state() == before
