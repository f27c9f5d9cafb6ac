"""Two at the same moment: exactly one gets what may be had once."""

import threading
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from accounts import hashers
from accounts.actions import installation, links, people, resets
from accounts.door import Machine, entering
from accounts.models import OneTimeLink, User
from accounts.vocabulary import Role
from audit.models import Event
from audit.refusals import Refusal
from audit.vocabulary import Kind
from tests.personas import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(act: Callable[[int], object], count: int = 3) -> int:
    """Run `act` in threads that start together; return how many were not refused."""
    gate, done = threading.Barrier(count), []

    def run(number: int) -> None:
        gate.wait()
        try:
            with entering(Machine.COMMAND, "test"):
                act(number)
            done.append(number)
        except Refusal:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done)


def test_link_is_spent_by_one(sysadmin: User) -> None:
    with entering(sysadmin, "test"):
        user, secret = people.invite_person(name="x", roles=[Role.ANALYST], by=sysadmin)
    passwords = [f"four unrelated words {number}" for number in range(3)]
    assert _at_once(lambda number: links.spend_link(secret=secret, password=passwords[number])) == 1
    user.refresh_from_db()
    assert sum(user.check_password(password) for password in passwords) == 1


def test_reset_is_confirmed_by_one(sysadmin: User, investigator: User) -> None:
    others = [make_person(Role.SYSADMIN) for _ in range(3)]
    with entering(sysadmin, "test"):
        reset = resets.request_reset(user=investigator, by=sysadmin)
    assert _at_once(lambda number: resets.confirm_reset(reset=reset.pk, by=others[number])) == 1
    assert OneTimeLink.objects.count() == 1
    assert Event.objects.filter(kind=Kind.RESET_CONFIRMED).count() == 1


def test_demonstration_link_is_spent_by_one() -> None:
    with entering(Machine.COMMAND, "test"):
        installation.mark_demonstration()
        secret = installation.demonstration_link().rpartition("/")[2]
    assert _at_once(lambda _number: installation.spend_demonstration_link(secret=secret)) == 1


def test_codes_of_people_invited_at_once_differ(sysadmin: User) -> None:
    def invite(_number: int) -> object:
        return people.invite_person(name="x", roles=[Role.AUDITOR], by=sysadmin)

    assert _at_once(invite) == 3
    codes = User.objects.filter(staff_code__startswith="AUD").values_list("staff_code", flat=True)
    assert len(set(codes)) == 3


def test_two_passwords_at_a_time_are_hashed_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, guard = 0, 0, threading.Lock()
    full = Argon2PasswordHasher.encode

    def counted(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        try:
            return str(full(self, password, salt))
        finally:
            with guard:
                running -= 1

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    hasher = hashers.PepperedArgon2()
    threads = [threading.Thread(target=hasher.encode, args=["words", "saltsaltsaltsalt"]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= 2
