"""The demonstration: from a database's creation or never, and reached from this machine alone."""

from collections.abc import Callable, Iterator
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.actions import installation
from accounts.door import Machine, entering
from accounts.errors import NotADemonstration, NotInThisState
from accounts.models import DemonstrationLink, Installation, User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from tests.accounts.signing import is_in, words_of
from tests.personas import make_person

pytestmark = pytest.mark.django_db


def _local(**headers: str) -> Client:
    return Client(SERVER_NAME="127.0.0.1", headers=headers)


@pytest.fixture
def persona(db: None) -> Iterator[User]:
    with entering(Machine.COMMAND, "test"):
        installation.mark_demonstration()
        yield installation.make_demonstration_person(
            staff_code="INV-01", name="Made up", roles=[Role.INVESTIGATOR]
        )


@pytest.fixture
def link(persona: User) -> str:
    with entering(Machine.COMMAND, "test"):
        return installation.demonstration_link()


def _enter(link: str) -> Client:
    browser = _local()
    assert browser.post(link).status_code == 302
    return browser


def test_newcomer_comes_in_by_the_link_and_takes_a_persona(persona: User, link: str) -> None:
    browser = _local()
    assert browser.get(link).status_code == 200
    assert browser.post(link).headers["Location"] == "/demonstration/personas"
    page = browser.get("/demonstration/personas").content.decode()
    assert "INV-01" in page
    assert "Takes people" in page
    browser.post(f"/demonstration/personas/{persona.pk}")
    assert is_in(browser)
    assert Event.objects.get(kind=Kind.DEMO_ENTERED).actor == "INV-01"


def test_persona_can_be_changed_in_the_same_browser(persona: User, link: str) -> None:
    with entering(Machine.COMMAND, "test"):
        other = installation.make_demonstration_person(
            staff_code="SUP-01", name="Made up too", roles=[Role.SUPERVISOR]
        )
    browser = _enter(link)
    browser.post(f"/demonstration/personas/{persona.pk}")
    before = browser.cookies["session"].value
    browser.post(f"/demonstration/personas/{other.pk}")
    assert "SUP-01" in browser.get("/account").content.decode()
    assert browser.cookies["session"].value != before


def test_link_has_128_random_bits_and_is_stored_as_a_digest(link: str) -> None:
    secret = link.rpartition("/")[2]
    assert len(bytes.fromhex(secret)) == 16
    assert bytes.fromhex(secret) not in bytes(DemonstrationLink.objects.get().digest)


def test_link_is_spent_by_its_post_alone(link: str) -> None:
    for _ in range(3):
        assert _local().get(link).status_code == 200
    assert _local().post(link).status_code == 302
    assert _local().post(link).status_code == 404


def test_next_start_makes_the_older_link_worthless(link: str) -> None:
    with entering(Machine.COMMAND, "test"):
        newer = installation.demonstration_link()
    assert _local().post(link).status_code == 404
    assert _local().post(newer).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"Forwarded": "for=127.0.0.1"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "127.0.0.1"},
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Anything": ""},
        {"Via": "1.1 proxy"},
        {"Host": "cases.example.org"},
        {"Host": "127.0.0.1.example.org"},
        {"Host": "192.168.1.4"},
    ],
)
def test_link_is_refused_to_whoever_is_not_here(
    link: str, headers: dict[str, str], settings: pytest.FixtureRequest
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]  # pytest-django's settings
    browser = _local(**headers)
    assert browser.get(link).status_code == 404
    assert browser.post(link).status_code == 404
    assert DemonstrationLink.objects.get().spent_at is None


def test_link_is_refused_to_another_machine(link: str) -> None:
    assert Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR="192.168.1.4").post(link).status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "localhost"])
def test_every_name_of_this_machine_will_do(link: str, host: str) -> None:
    assert Client(headers={"Host": host}).get(link).status_code == 200


def test_wrong_secret_is_refused_and_recorded(persona: User) -> None:
    assert _local().post(f"/demonstration/{'0' * 32}").status_code == 404
    assert Event.objects.filter(kind=Kind.LINK_REFUSED).exists()


def test_personas_are_shown_to_whoever_came_by_the_link_only(persona: User) -> None:
    assert _local().get("/demonstration/personas").status_code == 404
    stranger = _local()
    assert stranger.post(f"/demonstration/personas/{persona.pk}").status_code == 404
    assert not is_in(stranger)


def test_taking_a_persona_needs_the_token_of_the_form(persona: User, link: str) -> None:
    browser = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    assert browser.post(link).status_code == 403
    assert DemonstrationLink.objects.get().spent_at is None


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("address", ["/demonstration/personas", "/demonstration/x", "/demonstration/"])
def test_outside_a_demonstration_the_address_is_not_there(
    db: None, investigator: User, method: str, address: str
) -> None:
    browser = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    nothing = browser.generic(method, "/nothing/at/all")
    answer = browser.generic(method, address)
    assert answer.status_code == nothing.status_code == 404
    assert words_of(answer, address) == words_of(nothing, "/nothing/at/all")


def test_database_with_people_never_becomes_a_demonstration(investigator: User) -> None:
    with pytest.raises(NotInThisState), entering(Machine.COMMAND, "test"):
        installation.mark_demonstration()
    assert not installation.is_demonstration()


def test_what_was_decided_is_not_decided_again(db: None) -> None:
    with entering(Machine.COMMAND, "test"):
        Installation.objects.create(is_demonstration=False)
    with pytest.raises(NotInThisState), entering(Machine.COMMAND, "test"):
        installation.mark_demonstration()


def test_no_link_and_no_persona_outside_a_demonstration(db: None) -> None:
    with pytest.raises(NotADemonstration), entering(Machine.COMMAND, "test"):
        installation.demonstration_link()
    with pytest.raises(NotADemonstration), entering(Machine.COMMAND, "test"):
        installation.make_demonstration_person(staff_code="INV-01", name="x", roles=[Role.INVESTIGATOR])
    with pytest.raises(NotADemonstration), entering(Machine.COMMAND, "test"):
        installation.enter_as(persona=make_person(Role.INVESTIGATOR))


def test_persona_has_no_credentials_to_manage(persona: User, link: str) -> None:
    browser = _enter(link)
    browser.post(f"/demonstration/personas/{persona.pk}")
    assert browser.get("/account/password").status_code == 403


def _first_admin() -> str:
    said = StringIO()
    call_command("first_admin", "Nour", stdout=said)
    return said.getvalue()


def _path(said: str) -> str:
    return urlsplit(said.rsplit(maxsplit=1)[-1]).path


@pytest.mark.parametrize(("told", "port"), [("8306", "8306"), ("", "8000")])
def test_printed_link_names_the_port_in_use(
    told: str, port: str, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", told)
    assert f"http://127.0.0.1:{port}/join/" in _first_admin()


def test_first_administrator_comes_in_by_a_printed_link(db: None) -> None:
    said = _first_admin()
    user = User.objects.get()
    assert user.staff_code == "ADM-01"
    assert user.roles == {Role.SYSADMIN}
    assert not user.has_usable_password()
    path = _path(said)
    assert Client().get(path).status_code == 200
    assert "Nour" not in said


def test_second_call_replaces_the_link_of_the_same_person(db: None) -> None:
    older = _path(_first_admin())
    newer = _path(_first_admin())
    assert User.objects.count() == 1
    assert Client().get(older).status_code == 404
    assert Client().get(newer).status_code == 200


def test_command_is_refused_once_somebody_is_enrolled(sysadmin: User) -> None:
    with pytest.raises(CommandError):
        _first_admin()
    assert User.objects.count() == 1


def test_command_is_refused_in_a_demonstration(persona: User) -> None:
    with pytest.raises(CommandError):
        _first_admin()


def test_there_is_no_default_account(db: None) -> None:
    assert not User.objects.exists()


def test_what_the_database_is_and_its_links_are_recorded_or_not_done(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_said: object, **_details: object) -> None:
        raise RuntimeError("the log is full")

    def in_vain(act: Callable[[], object]) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("accounts.actions.installation.record", broken)
            with pytest.raises(RuntimeError, match="the log is full"), entering(Machine.COMMAND, "test"):
                act()

    in_vain(installation.mark_demonstration)
    assert not Installation.objects.exists()
    with entering(Machine.COMMAND, "test"):
        installation.mark_demonstration()
    assert Event.objects.of_kinds([Kind.DEMO_MARKED]).count() == 1
    in_vain(installation.demonstration_link)
    assert not DemonstrationLink.objects.exists()
    with entering(Machine.COMMAND, "test"):
        link = installation.demonstration_link()
    assert Event.objects.of_kinds([Kind.LINK_CREATED]).count() == 1
    secret = link.rpartition("/")[2]
    in_vain(lambda: installation.spend_demonstration_link(secret=secret))
    assert DemonstrationLink.objects.get().spent_at is None


def test_locking_puts_a_persona_down(persona: User, link: str) -> None:
    browser = _enter(link)
    browser.post(f"/demonstration/personas/{persona.pk}")
    assert browser.post("/account/lock").headers["Location"] == "/demonstration/personas"
    assert not is_in(browser)
    assert browser.get("/demonstration/personas").status_code == 200
