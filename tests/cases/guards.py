"""The custodians of a world's case: three people with keys, and a directory in force."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts.actions.people import give_role
from accounts.models import User
from accounts.vocabulary import Role
from cases.vocabulary import MemberRole
from tests import custodians, factories
from tests.cases.worlds import World, once
from tests.custodians import Keys, id_of
from tests.personas import make_person
from vault.custodian.directory import Directory, Member
from vault.custodian.keys import PrivateKeys


@dataclass
class Guards:
    """The world's own custodian and two more, all members of the case."""

    people: list[User]
    keys: Keys
    directory: Directory
    founding: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.founding = self.directory.digest

    def succeed(self, people: Sequence[User], keys: Keys, bodies: Sequence[Member] = ()) -> None:
        """Put another directory in force, signed by two of these three."""
        held = {**self.keys, **keys}
        self.directory = custodians.succeed(self.directory, self.keys, people, held, bodies)


def found(world: World) -> Guards:
    """Make two more custodians, and let all three found a directory."""
    people = [world.custodian]
    for _ in range(2):
        person = make_person(Role.IDENTITY_CUSTODIAN, name="A custodian of the tests")
        factories.join(world.case, world.lead, person, MemberRole.IDENTITY_CUSTODIAN)
        people.append(person)
    keys = {id_of(person): PrivateKeys.new() for person in people}
    return Guards(people, keys, custodians.found(people, keys))


def guarded(world: World) -> Guards:
    """The custodians of this world, once and for all."""
    return once(world, "guards", found)


def also_custodian(person: User) -> User:
    """Give somebody the role of a custodian beside their own."""
    with transaction.atomic():
        give_role(user=person, role=Role.IDENTITY_CUSTODIAN, by=make_person(Role.SYSADMIN))
    return person
