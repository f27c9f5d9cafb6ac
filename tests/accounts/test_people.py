"""What administrators do with people, alone and by two; and what must not be possible to one of them."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.actions import enrolment, installation, links, people, resets, sessions
from accounts.door import entering
from accounts.errors import NotInThisState, NotYourOwn, SecondPersonRequired
from accounts.models import CredentialReset, OneTimeLink, Session, User, UserRole
from accounts.vocabulary import ResetState, Role
from audit.models import Event
from audit.refusals import Refusal
from audit.vocabulary import Kind
from tests.accounts.signing import equip, factors, is_in, type_password
from tests.personas import make_person, signed_in
from vault.opening import open_row
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db
Act = Callable[[User, User], object]


@pytest.fixture
def other_admin(db: None) -> User:
    return make_person(Role.SYSADMIN)


def _kinds(user: User) -> set[str]:
    return set(Event.objects.filter(subject=f"user:{user.pk}").values_list("kind", flat=True))


def test_invitation_gives_code_roles_and_sealed_name(sysadmin: User) -> None:
    sent = {"name": "Leila Haddad", "roles": ["supervisor", "analyst"]}
    page = signed_in(sysadmin).post("/people/invite", sent).content.decode()
    user = User.objects.get(staff_code="SUP-01")
    assert f"/join/{'x' * 0}" in page
    assert user.roles == {Role.SUPERVISOR, Role.ANALYST}
    assert "Leila" not in repr(user.name) + str(user)
    with entering(sysadmin, "test"):
        opened = open_row(user, "name", reader=sysadmin.staff_code, purpose=Purpose.READ)
    assert opened.text("name") == "Leila Haddad"
    assert not Event.objects.filter(leaf__contains="Leila").exists()


def test_codes_count_on(sysadmin: User) -> None:
    with entering(sysadmin, "test"):
        made = [people.invite_person(name="x", roles=[Role.AUDITOR], by=sysadmin)[0] for _ in range(3)]
    assert [user.staff_code for user in made] == ["AUD-01", "AUD-02", "AUD-03"]


def test_bad_invitation_keeps_what_was_typed(sysadmin: User) -> None:
    page = signed_in(sysadmin).post("/people/invite", {"name": "Leila", "roles": ["king"]}).content.decode()
    assert "Leila" in page
    assert not User.objects.filter(staff_code__startswith="SUP").exists()


def test_name_is_shown_by_a_verb_and_recorded(sysadmin: User, investigator: User) -> None:
    browser = signed_in(sysadmin)
    assert "investigator of the tests" not in browser.get(f"/people/{investigator.pk}").content.decode()
    page = browser.post(f"/people/{investigator.pk}/name").content.decode()
    assert "investigator of the tests" in page
    assert Event.objects.get(kind=Kind.CONTENT_OPENED).actor == sysadmin.staff_code


def test_closed_account_is_out_at_once(sysadmin: User) -> None:
    person = equip()
    browser = signed_in(person.user)
    assert signed_in(sysadmin).post(f"/people/{person.user.pk}/deactivate").status_code == 302
    assert not is_in(browser)
    assert type_password(Client(), person.user.staff_code) == 200
    assert not Session.objects.filter(user=person.user).exists()
    assert Kind.ACCOUNT_DEACTIVATED in _kinds(person.user)


def test_account_switched_on_again_in_the_database_stays_closed(sysadmin: User) -> None:
    person = equip()
    with entering(sysadmin, "test"):
        people.deactivate_person(user=person.user, by=sysadmin)
    User.objects.filter(pk=person.user.pk).update(is_active=True)
    assert type_password(Client(), person.user.staff_code) == 200


def test_role_is_given_taken_and_given_again(sysadmin: User, investigator: User) -> None:
    browser = signed_in(sysadmin)
    for _ in range(2):
        browser.post(f"/people/{investigator.pk}/roles/give", {"role": "analyst"})
        assert User.objects.get(pk=investigator.pk).has_role(Role.ANALYST)
        browser.post(f"/people/{investigator.pk}/roles/take", {"role": "analyst"})
        assert not User.objects.get(pk=investigator.pk).has_role(Role.ANALYST)
    assert UserRole.objects.filter(user=investigator, role=Role.ANALYST).count() == 2


@pytest.mark.parametrize(
    "act",
    [
        lambda who: people.give_role(user=who, role=Role.SUPERVISOR, by=who),
        lambda who: people.take_role(user=who, role=Role.SYSADMIN, by=who),
        lambda who: people.deactivate_person(user=who, by=who),
        lambda who: people.renew_link(user=who, by=who),
        lambda who: resets.request_reset(user=who, by=who),
    ],
)
def test_nobody_does_it_to_their_own_account(sysadmin: User, act: Callable[[User], object]) -> None:
    before = Event.objects.count()
    with pytest.raises(NotYourOwn), entering(sysadmin, "test"):
        act(sysadmin)
    assert User.objects.get(pk=sysadmin.pk).roles == {Role.SYSADMIN}
    assert Event.objects.count() == before + 1


def test_reset_by_two_ends_everything_old(sysadmin: User, other_admin: User) -> None:
    person = equip()
    browser = signed_in(person.user)
    signed_in(sysadmin).post(f"/people/{person.user.pk}/reset")
    assert is_in(browser)
    reset = CredentialReset.objects.get()
    before = timezone.now()
    page = signed_in(other_admin).post(f"/resets/{reset.pk}/confirm").content.decode()
    assert "/join/" in page
    assert not is_in(browser)
    assert type_password(Client(), person.user.staff_code) == 200
    assert factors(person.user) == 0
    user = User.objects.get(pk=person.user.pk)
    assert user.enrolled_at is None
    assert user.needs_readmission(before)
    assert not user.needs_readmission(timezone.now())
    assert {Kind.RESET_REQUESTED, Kind.RESET_CONFIRMED, Kind.LINK_CREATED} <= _kinds(user)


def test_one_person_cannot_reset_alone(sysadmin: User) -> None:
    person = equip()
    browser = signed_in(sysadmin)
    browser.post(f"/people/{person.user.pk}/reset")
    reset = CredentialReset.objects.get()
    assert browser.post(f"/resets/{reset.pk}/confirm").status_code == 403
    assert Event.objects.filter(kind=Kind.RESET_REFUSED, actor=sysadmin.staff_code).exists()
    assert type_password(Client(), person.user.staff_code) == 302


def test_database_refuses_a_reset_by_one_too(sysadmin: User, investigator: User) -> None:
    with entering(sysadmin, "test"):
        reset = resets.request_reset(user=investigator, by=sysadmin)
    with pytest.raises(DatabaseError), transaction.atomic():
        CredentialReset.objects.filter(pk=reset.pk).update(
            state=ResetState.CONFIRMED, decided_by=sysadmin, decided_at=timezone.now()
        )


def test_administrator_does_not_confirm_their_own_reset(sysadmin: User, other_admin: User) -> None:
    with entering(sysadmin, "test"):
        reset = resets.request_reset(user=other_admin, by=sysadmin)
    with pytest.raises(SecondPersonRequired), entering(other_admin, "test"):
        resets.confirm_reset(reset=reset.pk, by=other_admin)


def test_reset_is_confirmed_once(sysadmin: User, other_admin: User, investigator: User) -> None:
    with entering(sysadmin, "test"):
        reset = resets.request_reset(user=investigator, by=sysadmin)
    with entering(other_admin, "test"):
        resets.confirm_reset(reset=reset.pk, by=other_admin)
    with pytest.raises(NotInThisState), entering(other_admin, "test"):
        resets.confirm_reset(reset=reset.pk, by=other_admin)
    assert OneTimeLink.objects.count() == 1


def test_stopped_reset_cannot_be_confirmed(sysadmin: User, other_admin: User, investigator: User) -> None:
    with entering(sysadmin, "test"):
        reset = resets.request_reset(user=investigator, by=sysadmin)
    assert signed_in(other_admin).post(f"/resets/{reset.pk}/cancel").status_code == 302
    assert signed_in(other_admin).post(f"/resets/{reset.pk}/confirm").status_code == 409


def test_second_request_for_one_person_is_refused(
    sysadmin: User, other_admin: User, investigator: User
) -> None:
    with entering(sysadmin, "test"):
        resets.request_reset(user=investigator, by=sysadmin)
    with pytest.raises(NotInThisState), entering(other_admin, "test"):
        resets.request_reset(user=investigator, by=other_admin)


def test_outsider_is_refused_and_recorded(investigator: User, supervisor: User) -> None:
    assert signed_in(investigator).post(f"/people/{supervisor.pk}/deactivate").status_code == 403
    event = Event.objects.get(kind=Kind.ACCESS_REFUSED)
    assert event.actor == investigator.staff_code
    assert '"purpose":"person-deactivate"' in event.leaf


def _state() -> list[object]:
    models = (User, UserRole, OneTimeLink, CredentialReset, Session)
    return [sorted(map(repr, model.objects.values_list())) for model in models]


def _confirm(target: User, by: User) -> object:
    reset = CredentialReset.objects.get(user=target)
    return resets.confirm_reset(reset=reset.pk, by=by)


ACTS: dict[str, Act] = {
    "invite": lambda _target, by: people.invite_person(name="x", roles=[Role.ANALYST], by=by),
    "give": lambda target, by: people.give_role(user=target, role=Role.ANALYST, by=by),
    "take": lambda target, by: people.take_role(user=target, role=Role.INVESTIGATOR, by=by),
    "deactivate": lambda target, by: people.deactivate_person(user=target, by=by),
    "request": lambda _target, by: resets.request_reset(user=make_person(Role.ANALYST), by=by),
    "confirm": _confirm,
    "cancel": lambda target, by: resets.cancel_reset(reset=target.resets.get().pk, by=by),
    "end-others": lambda target, _by: sessions.end_other_sessions(by=target, kept_key=None),
    "end-all": lambda target, by: sessions.end_all_sessions(user=target, by=by.staff_code),
}


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_done_when_it_cannot_be_recorded(
    name: str, investigator: User, sysadmin: User, other_admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(investigator)
    with entering(sysadmin, "test"):
        resets.request_reset(user=investigator, by=sysadmin)
    before = _state()

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the log is full")

    for module in (people, resets, sessions, links, enrolment, installation):
        monkeypatch.setattr(module, "record", fail)
    with pytest.raises(RuntimeError), entering(other_admin, "test"):
        ACTS[name](investigator, other_admin)
    assert _state() == before


def test_forged_state_is_not_blessed_by_an_honest_change(sysadmin: User) -> None:
    person = equip()
    browser = signed_in(person.user)
    browser.session.save()
    row = person.user
    User.objects.filter(pk=row.pk).update(credentials_tag=bytes(32))
    assert browser.get("/account/factors").status_code == 403
    assert Event.objects.filter(kind=Kind.CREDENTIAL_UNVERIFIED).exists()


def test_every_refusal_of_this_room_says_something() -> None:
    from accounts import errors

    refusals = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Refusal)]
    assert len(refusals) > 5
    assert all(str(one.message).endswith(".") for one in refusals)
