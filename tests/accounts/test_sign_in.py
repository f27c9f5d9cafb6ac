"""Signing in: password and second factor, and everything that must not get in."""

import time
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import hashers
from accounts.models import Session, Throttle, User, UserRole
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from tests.accounts.signing import Equipped, code_now, equip, is_in, type_code, type_password
from tests.personas import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db: None) -> Equipped:
    return equip()


def test_a_password_costs_whoever_guesses_it(password_cost: tuple[int, int]) -> None:
    times, memory = password_cost
    assert times >= 3
    assert memory >= 64 * 1024


def test_password_and_code_sign_in_and_are_recorded(person: Equipped) -> None:
    browser = Client()
    assert type_password(browser, person.user.staff_code.lower()) == 302
    assert not is_in(browser)
    assert type_code(browser, code_now()) == 302
    assert is_in(browser)
    assert Event.objects.get(kind=Kind.SESSION_STARTED).actor == person.user.staff_code


def test_password_alone_never_signs_in(person: Equipped) -> None:
    browser = Client()
    type_password(browser, person.user.staff_code)
    assert browser.get("/account").status_code == 302
    assert browser.get("/enrolment").status_code == 302


def test_wrong_code_does_not_sign_in_and_is_recorded(person: Equipped) -> None:
    browser = Client()
    type_password(browser, person.user.staff_code)
    assert type_code(browser, "000000" if code_now() != "000000" else "111111") == 200
    assert not is_in(browser)
    assert Event.objects.filter(kind=Kind.FACTOR_REFUSED).count() == 1


def test_one_time_code_works_once(person: Equipped) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        code = code_now()
        first, second = Client(), Client()
        type_password(first, person.user.staff_code)
        type_password(second, person.user.staff_code)
        assert type_code(first, code) == 302
        assert type_code(second, code) == 200
        assert not is_in(second)


def test_one_time_code_of_another_moment_is_refused(person: Equipped) -> None:
    browser = Client()
    type_password(browser, person.user.staff_code)
    assert type_code(browser, code_now(steps=3)) == 200


def test_recovery_code_works_once(person: Equipped) -> None:
    first, second = Client(), Client()
    for browser in (first, second):
        type_password(browser, person.user.staff_code)
    assert type_code(first, person.codes[0]) == 302
    assert type_code(second, person.codes[0]) == 200
    assert not is_in(second)


def test_secrets_of_factors_are_sealed(person: Equipped) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        stored = cursor.fetchone()[0]
    assert "JBSWY3DP" not in stored
    assert person.codes[0] not in stored


def test_unknown_wrong_closed_and_unenrolled_answer_alike(person: Equipped) -> None:
    closed, fresh = equip().user, equip().user
    User.objects.filter(pk=closed.pk).update(is_active=False, deactivated_at=timezone.now())
    User.objects.filter(pk=fresh.pk).update(enrolled_at=None)
    seen = set()
    for code, password in (
        ("INV-999", "wrong wrong wrong"),
        (person.user.staff_code, "wrong wrong wrong"),
        (closed.staff_code, "four unrelated words here"),
        (fresh.staff_code, "four unrelated words here"),
    ):
        with mock.patch.object(hashers, "_peppered", wraps=hashers._peppered) as counted:
            answer = Client().post("/sign-in", {"login": code, "password": password})
        page = answer.content.decode().replace(code, "")
        page = "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
        seen.add((answer.status_code, page, counted.call_count))
    assert len(seen) == 1
    assert Event.objects.filter(kind=Kind.SIGN_IN_FAILED).count() == 4


def test_failed_sign_in_does_not_record_what_was_typed() -> None:
    Client().post("/sign-in", {"login": "mistake-word", "password": "x"})
    assert "mistake" not in Event.objects.get(kind=Kind.SIGN_IN_FAILED).leaf


def test_guessing_is_slowed_down(person: Equipped) -> None:
    browser = Client()
    for _ in range(5):
        assert type_password(browser, person.user.staff_code, "wrong wrong wrong") == 200
    type_password(browser, person.user.staff_code)
    assert not browser.session.get("account_login")
    assert Event.objects.filter(kind=Kind.SIGN_IN_THROTTLED).exists()


def test_stranger_cannot_lock_a_person_out(person: Equipped) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(8):
        type_password(stranger, person.user.staff_code, "wrong wrong wrong")
    assert type_password(Client(), person.user.staff_code) == 302


def test_forged_address_header_does_not_escape_the_count(person: Equipped) -> None:
    for number in range(8):
        address = {"X-Forwarded-For": f"198.51.100.{number}"}
        type_password(Client(), person.user.staff_code, "wrong wrong wrong", **address)
    assert type_password(Client(), person.user.staff_code, **{"X-Forwarded-For": "198.51.100.99"}) == 200


def test_counters_hold_neither_address_nor_code(person: Equipped) -> None:
    type_password(Client(REMOTE_ADDR="203.0.113.7"), person.user.staff_code, "wrong wrong wrong")
    stored = " ".join(f"{bytes(row.digest)!r} {row.value}" for row in Throttle.objects.all())
    assert stored
    assert "203.0.113.7" not in stored
    assert person.user.staff_code not in stored


def test_second_factor_is_counted_too(person: Equipped) -> None:
    browser = Client()
    type_password(browser, person.user.staff_code)
    for _ in range(5):
        type_code(browser, "not a code")
    assert type_code(browser, code_now()) == 200
    assert not is_in(browser)


def test_password_hash_from_the_database_lets_nobody_in(person: Equipped) -> None:
    User.objects.filter(pk=person.user.pk).update(password=make_password("chosen by the attacker"))
    assert type_password(Client(), person.user.staff_code, "chosen by the attacker") == 200
    assert Event.objects.filter(kind=Kind.CREDENTIAL_UNVERIFIED).exists()


def test_factor_from_the_database_lets_nobody_in(person: Equipped) -> None:
    other = equip().user
    row = Authenticator.objects.get(user_id=person.user.pk, type="totp")
    row.data = Authenticator.objects.get(user_id=other.pk, type="totp").data
    row.save()
    assert type_password(Client(), person.user.staff_code) == 200


def test_role_from_the_database_gives_nothing(investigator: User) -> None:
    UserRole.objects.create(user=investigator, role=Role.SYSADMIN, tag=bytes(32))
    assert signed_in(investigator).get("/people").status_code == 403
    assert Event.objects.filter(kind=Kind.GRANT_UNVERIFIED).exists()


def test_role_of_another_person_cannot_be_moved_over(investigator: User, sysadmin: User) -> None:
    theirs = UserRole.objects.get(user=sysadmin)
    UserRole.objects.create(user=investigator, role=theirs.role, granted_at=theirs.granted_at, tag=theirs.tag)
    assert signed_in(investigator).get("/people").status_code == 403


def test_nobody_can_be_a_superuser(investigator: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=investigator.pk).update(is_superuser=True)


def test_session_key_changes_at_sign_in(person: Equipped) -> None:
    browser = Client()
    type_password(browser, person.user.staff_code)
    before = browser.cookies["session"].value
    type_code(browser, code_now())
    assert browser.cookies["session"].value != before
    planted = Client()
    planted.cookies["session"] = before
    assert not is_in(planted)


def test_key_chosen_by_the_browser_is_not_taken(person: Equipped) -> None:
    browser = Client()
    browser.cookies["session"] = "a" * 32
    type_password(browser, person.user.staff_code)
    assert browser.cookies["session"].value != "a" * 32


def test_password_upgrade_does_not_break_the_tag(person: Equipped) -> None:
    with mock.patch.object(hashers.PepperedArgon2, "time_cost", 2):
        assert type_password(Client(), person.user.staff_code) == 302
    assert type_password(Client(), person.user.staff_code) == 302


def test_waiting_for_the_second_factor_is_not_a_session(person: Equipped) -> None:
    type_password(Client(), person.user.staff_code)
    assert Session.objects.filter(user=person.user).count() == 0


def test_sign_in_goes_on_only_within_this_site(person: Equipped) -> None:
    browser = Client()
    sent = {"login": person.user.staff_code, "password": "four unrelated words here"}
    browser.post("/sign-in", {**sent, "next": "https://elsewhere.example/"})
    answer = browser.post("/sign-in/second-factor", {"code": code_now()})
    assert "elsewhere" not in answer.headers["Location"]


def test_counters_lapse(person: Equipped) -> None:
    for _ in range(5):
        type_password(Client(), person.user.staff_code, "wrong wrong wrong")
    with time_machine.travel(time.time() + timedelta(minutes=11).total_seconds()):
        assert type_password(Client(), person.user.staff_code) == 302
