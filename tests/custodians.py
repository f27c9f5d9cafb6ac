"""Custodians of tests: people with keys, and the directories that they sign."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.test import override_settings

from accounts.actions.directories import enter_directory, hand_in_directory
from accounts.door import entering
from accounts.models import CustodianDirectory, User
from accounts.vocabulary import Role
from tests.personas import make_person
from vault.custodian import directory as directories
from vault.custodian.directory import Directory, Kept, Member, Signed
from vault.custodian.keys import PrivateKeys

Keys = dict[UUID, PrivateKeys]  # by the id in the directory, which is nobody's id here


def id_of(person: User) -> UUID:
    """What a person is called in the directories of tests; nobody's id here."""
    return uuid5(NAMESPACE_OID, person.staff_code)


def entry(person: User, keys: Keys) -> Member:
    """A person as they stand in a directory."""
    mine = keys[id_of(person)].public
    return Member(id_of(person), person.staff_code, directories.Role.CUSTODIAN, Kept.OFF_SERVER, mine)


def directory_of(people: Sequence[User], keys: Keys) -> Directory:
    """The first directory of these people."""
    return Directory(1, b"", tuple(entry(one, keys) for one in people))


def signed(directory: Directory, signers: Sequence[User], keys: Keys) -> Signed:
    """A directory with these people's signatures."""
    paper = Signed(directory, ())
    for one in signers:
        paper = paper.with_signature(directory.sign(id_of(one), keys[id_of(one)]))
    return paper


def found(people: Sequence[User], keys: Keys, bodies: Sequence[Member] = ()) -> Directory:
    """Let these people found the first directory, signed by each, and pin it as a configuration would."""
    directory = Directory(1, b"", (*directory_of(people, keys).members, *bodies))
    settings.CUSTODIAN_FOUNDING = directory.digest.hex()
    paper = signed(directory, people, keys)
    for one in bodies:
        paper = paper.with_signature(directory.sign(one.id, keys[one.id]))
    return _enter(paper)


def body(code: str, keys: Keys) -> Member:
    """An outside body with keys of its own, as it stands in a directory."""
    member_id = uuid5(NAMESPACE_OID, code)
    keys[member_id] = PrivateKeys.new()
    return Member(member_id, code, directories.Role.OUTSIDE_BODY, Kept.OFF_SERVER, keys[member_id].public)


def succeed(
    before: Directory, signers: Keys, people: Sequence[User], keys: Keys, bodies: Sequence[Member] = ()
) -> Directory:
    """Let two of the directory before sign another one."""
    members = (*(entry(one, keys) for one in people), *bodies)
    directory = Directory(before.number + 1, before.digest, members)
    paper = Signed(directory, ())
    for member, key in list(signers.items())[:2]:
        paper = paper.with_signature(directory.sign(member, key))
    return _enter(paper)


def _enter(paper: Signed) -> Directory:
    with transaction.atomic():
        return enter_directory(by=None, paper=paper.write())


def hand_in(paper: Signed, by: User) -> CustodianDirectory:
    """Hand a paper in, by the door."""
    with entering(by, "test"):
        return hand_in_directory(paper=paper.write(), by=by)


@dataclass
class Board:
    """Custodians with keys, and the first directory with all their signatures."""

    people: list[User]
    keys: Keys
    directory: Directory
    paper: Signed

    def next(self, *people: User, signers: Sequence[User] | None = None) -> Signed:
        """The next directory of these people, signed by two of the present ones."""
        members = tuple(entry(one, self.keys) for one in people)
        later = Directory(self.directory.number + 1, self.directory.digest, members)
        return signed(later, self.people[:2] if signers is None else signers, self.keys)


def board(*people: User) -> Board:
    """Give people keys, and let them sign the first directory; it is not handed in."""
    them = list(people) or [make_person(Role.IDENTITY_CUSTODIAN) for _ in range(3)]
    keys = {id_of(one): PrivateKeys.new() for one in them}
    directory = directory_of(them, keys)
    return Board(them, keys, directory, signed(directory, them, keys))


@contextmanager
def founded(*people: User) -> Iterator[Board]:
    """A board whose directory is in force, its fingerprint configured for the length of a block."""
    made = board(*people)
    with override_settings(CUSTODIAN_FOUNDING=made.directory.digest.hex()):
        hand_in(made.paper, made.people[0])
        yield made
