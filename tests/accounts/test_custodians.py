"""The directory of custodians on the server: what comes into force, what is refused, what a row cannot do."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import custodians
from accounts.actions.directories import hand_in_directory
from accounts.custodians import directory_in_force, member_of
from accounts.door import entering
from accounts.errors import DirectoryDoubted, DirectoryNotTaken, RoleRequired
from accounts.models import CustodianDirectory, User
from accounts.vocabulary import Role
from audit.models import Event
from audit.vocabulary import Kind
from tests.custodians import Board, board, body, entry, founded, hand_in, id_of, signed
from tests.personas import make_person, signed_in
from vault.custodian.directory import Directory, Kept, Member, Signed
from vault.custodian.keys import PrivateKeys
from vault.keys import recovery
from vault.keys.root import new_root_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(db: None) -> Iterator[Board]:
    with founded() as made:
        yield made


def test_the_first_directory_is_the_one_that_is_configured(db: None) -> None:
    assert directory_in_force() is None
    made = board()
    with pytest.raises(DirectoryNotTaken) as refused:
        hand_in(made.paper, made.people[0])
    assert made.directory.digest.hex() in refused.value.reason
    assert not CustodianDirectory.objects.exists()
    with override_settings(CUSTODIAN_FOUNDING=made.directory.digest.hex()):
        assert directory_in_force() is None
        assert hand_in(made.paper, made.people[0]).in_force
        assert directory_in_force() == replace(made.directory, members=_sorted(made.directory))
        (event,) = Event.objects.of_kinds([Kind.DIRECTORY_ENTERED])
        assert made.directory.digest.hex() in event.leaf
        assert member_of(made.people[1], made.directory) == made.directory.members[1]
        assert member_of(make_person(Role.IDENTITY_CUSTODIAN), made.directory) is None


def _sorted(directory: Directory) -> tuple[Member, ...]:
    return tuple(sorted(directory.members, key=lambda one: str(one.id)))


def test_signatures_gather_until_there_are_enough(ours: Board) -> None:
    one, two, three = ours.people
    later = ours.next(one, two)
    first = hand_in(replace(later, signatures=later.signatures[:1]), three)
    assert not first.in_force
    assert number_in_force() == 1
    second = hand_in(replace(later, signatures=later.signatures[1:]), one)
    assert second.in_force
    found = directory_in_force()
    assert found is not None
    assert (found.number, len(found.members)) == (2, 2)
    assert {event.kind for event in Event.objects.of_subject("directory")} == {
        Kind.DIRECTORY_ENTERED,
        Kind.DIRECTORY_PROPOSED,
    }


def number_in_force() -> int:
    found = directory_in_force()
    return found.number if found else 0


Lie = Callable[[Board], Signed]


def _goes_back(made: Board) -> Signed:
    hand_in(made.next(*made.people[:2]), made.people[0])
    return made.paper


def _skips(made: Board) -> Signed:
    paper = made.next(*made.people)
    return signed(replace(paper.directory, number=3), made.people, made.keys)


def _stranger(made: Board) -> Signed:
    person = make_person(Role.IDENTITY_CUSTODIAN)
    made.keys[id_of(person)] = PrivateKeys.new()
    return made.next(*made.people, signers=[person, made.people[0]])


def _nobody_here(made: Board) -> Signed:
    paper = made.next(*made.people)
    member = replace(paper.directory.members[0], code="CUS-99")
    directory = replace(paper.directory, members=(member, *paper.directory.members[1:]))
    return signed(directory, made.people, made.keys)


def _without_role(made: Board) -> Signed:
    person = make_person(Role.SYSADMIN)
    made.keys[id_of(person)] = PrivateKeys.new()
    return made.next(*made.people, person)


def _one_here(made: Board) -> Signed:
    paper = made.next(*made.people)
    first, *others = paper.directory.members
    members = (replace(first, kept=Kept.SERVER), *others)
    return signed(replace(paper.directory, members=members), made.people, made.keys)


def _changed_key(made: Board) -> Signed:
    """The signatures of one directory under another: a key was exchanged on the way."""
    paper = made.next(*made.people)
    other = replace(paper.directory.members[0], keys=PrivateKeys.new().public)
    return replace(paper, directory=replace(paper.directory, members=(other, *paper.directory.members[1:])))


LIES: list[tuple[str, Lie]] = [
    ("does not follow", _goes_back),
    ("does not follow", _skips),
    ("not that of a member", _stranger),
    ("CUS-99 is not an identity custodian here", _nobody_here),
    ("is not an identity custodian here", _without_role),
    ("No custodian's key", _one_here),
    ("not that of a member", _changed_key),
]


@pytest.mark.parametrize(("why", "lie"), LIES)
def test_what_does_not_come_into_force(ours: Board, why: str, lie: Lie) -> None:
    paper = lie(ours)
    before = list(CustodianDirectory.objects.values_list())
    with pytest.raises(DirectoryNotTaken) as refused:
        hand_in(paper, ours.people[0])
    assert why in refused.value.reason
    assert list(CustodianDirectory.objects.values_list()) == before
    assert Event.objects.of_kinds([Kind.DIRECTORY_REFUSED]).count() == 1


def test_who_is_no_custodian_hands_nothing_in(ours: Board) -> None:
    admin = make_person(Role.SYSADMIN)
    with pytest.raises(RoleRequired):
        hand_in(ours.next(*ours.people[:2]), admin)


def test_a_person_who_lost_the_role_is_not_put_in_again(ours: Board) -> None:
    User.objects.filter(pk=ours.people[2].pk).update(is_active=False, deactivated_at="2026-01-01T00:00Z")
    with pytest.raises(DirectoryNotTaken):
        hand_in(ours.next(*ours.people), ours.people[0])


def _row_of(paper: Signed) -> dict[str, object]:
    directory = paper.directory
    return {"number": directory.number, "digest": directory.digest, "paper": paper.write(), "in_force": True}


def test_a_key_that_the_database_administrator_inserts_is_refused(ours: Board) -> None:
    """Attack 22: rows of a chain, written past everything, with a key that custodians never signed."""
    own = PrivateKeys.new()
    paper = ours.next(*ours.people)
    mine = replace(paper.directory.members[0], keys=own.public)
    directory = replace(paper.directory, members=(mine, *paper.directory.members[1:]))
    stolen = replace(paper, directory=directory)
    by_themself = Signed(directory, (directory.sign(mine.id, own),))
    for forged in (stolen, by_themself, signed(directory, (), {})):
        with transaction.atomic():
            CustodianDirectory.objects.create(**_row_of(forged))
            with pytest.raises(DirectoryDoubted):
                directory_in_force()
            transaction.set_rollback(True)
    assert directory_in_force() is not None


def test_another_beginning_is_refused(ours: Board) -> None:
    other = board()
    with (
        override_settings(CUSTODIAN_FOUNDING=other.directory.digest.hex()),
        pytest.raises(DirectoryDoubted),
    ):
        directory_in_force()
    for broken in ("", "zz", "00"):
        with override_settings(CUSTODIAN_FOUNDING=broken), pytest.raises(DirectoryDoubted):
            directory_in_force()


def test_rows_of_directories_are_never_changed(ours: Board) -> None:
    for statement in (
        "UPDATE accounts_custodiandirectory SET in_force = false",
        "DELETE FROM accounts_custodiandirectory",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_number_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The administrator deletes the newest directory, which had removed a key; the process is new."""
    with founded() as ours:
        hand_in(ours.next(*ours.people[:2]), ours.people[0])
        with transaction.atomic():
            assert number_in_force() == 2
        seen = Path(settings.EPOCH_KEY_FILE).with_name(f"custodians-{ours.directory.digest.hex()[:16]}.seen")
        assert seen.read_text() == "2\n"
        server = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")[0]
        name = connection.settings_dict["NAME"]
        with psycopg.connect(f"{server}/{name}", autocommit=True) as superuser:
            for statement in (
                "DELETE FROM accounts_custodiandirectory WHERE number = 2",
                "DELETE FROM accounts_custodiandirectory",
            ):
                superuser.execute(statement)
                monkeypatch.setattr(custodians, "_seen", custodians._Seen())
                with pytest.raises(DirectoryDoubted), entering(ours.people[0], "test"):
                    directory_in_force()
        seen.unlink()


def test_who_keeps_a_share_of_the_root_key_holds_no_break_glass_key(
    ours: Board, settings: Settings, tmp_path: Path
) -> None:
    """Whichever came first; with both and a stolen backup they would open everything without an alarm."""
    settings.ROOT_RECOVERY_FILE = tmp_path / "root.recovery"
    bodies = [body(code, ours.keys) for code in ("A law clinic", "An archive")]
    members = (*(entry(one, ours.keys) for one in ours.people), *bodies)
    paper = signed(Directory(2, ours.directory.digest, members), ours.people[:2], ours.keys)
    for names, is_taken in ((("A notary", " a LAW  clinic"), False), (("A notary", "A bank"), True)):
        made, _ = recovery.make(new_root_keys(), [recovery.keeper(name) for name in names])
        settings.ROOT_RECOVERY_FILE.write_bytes(made.written())
        assert b"notary" not in made.written()
        if is_taken:
            assert hand_in(paper, ours.people[0]).in_force
            continue
        with pytest.raises(DirectoryNotTaken) as refused:
            hand_in(paper, ours.people[0])
        assert "A law clinic keeps a share" in refused.value.reason
    before = settings.ROOT_RECOVERY_FILE.read_bytes()
    named = ["--body", "A notary", "--body", "a law clinic", "--body", "A bank"]
    with pytest.raises(CommandError, match="half of the break-glass key"):
        call_command("root_shares", "make", str(tmp_path), *named)
    assert settings.ROOT_RECOVERY_FILE.read_bytes() == before


def test_the_page_shows_words_and_keeps_what_was_typed(ours: Board) -> None:
    browser = signed_in(ours.people[0])
    page = browser.get(reverse("custodian-list")).content.decode()
    assert ours.directory.words in page
    for person in ours.people:
        assert ours.keys[id_of(person)].public.words in page
    assert str(id_of(ours.people[0])) in page  # the id for one's own next key
    answer = browser.post(reverse("directory-hand-in"), {"paper": "typed by hand"})
    assert answer.status_code == 409
    assert "typed by hand" in answer.content.decode()
    assert Event.objects.of_kinds([Kind.DIRECTORY_REFUSED]).count() == 1
    assert browser.post(reverse("directory-hand-in"), {"paper": ""}).status_code == 400


def test_a_paper_goes_out_as_it_came_in(ours: Board) -> None:
    row = CustodianDirectory.objects.get()
    answer = signed_in(ours.people[0]).get(reverse("directory-paper", args=[row.pk]))
    assert answer.content == ours.paper.write()
    assert answer["Content-Disposition"] == 'attachment; filename="directory-1"'
    waiting = ours.next(*ours.people[:2], signers=ours.people[:1])
    sent = waiting.write().decode()
    browser = signed_in(ours.people[2])
    assert browser.post(reverse("directory-hand-in"), {"paper": sent}).status_code == 302
    page = browser.get(reverse("custodian-list")).content.decode()
    assert waiting.directory.words in page
    assert "Directory 2" in page
    with entering(ours.people[0], "test"):
        hand_in_directory(paper=ours.next(*ours.people[:2]).write(), by=ours.people[0])
    assert "waits for signatures" not in browser.get(reverse("custodian-list")).content.decode()
