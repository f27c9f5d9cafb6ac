"""Somebody leaves the custodians: their halves go, each identity gets a new share, two others still open."""

from uuid import UUID

import pytest

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases import tasks
from cases.actions.identities import seal_identity
from cases.actions.revoking import follow_the_directory
from cases.errors import ForgedRequest
from cases.models import Witness
from cases.tasks import sweep_identities_now
from tests.cases.asking import NAME, Asking
from tests.cases.guards import Guards
from tests.cases.intakes import Intake
from tests.cases.worlds import World
from tests.custodians import id_of
from vault.custodian.keys import PrivateKeys
from vault.errors import VaultError
from vault.identities import renew_share
from vault.keys.ring import ring
from vault.models import DestroyedKey, IdentityHalf, SealedIdentity
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into


def seal(world: World) -> None:
    witness = Intake(world).take()
    with entering(world.investigator, "test"):
        seal_identity(by=world.investigator, witness=witness, identity=NAME)


def shares() -> dict[UUID, UUID]:
    with stepping_into(Guarded.IDENTITY):
        return dict(SealedIdentity.objects.values_list("pk", "share_id"))


def holders() -> set[UUID]:
    with stepping_into(Guarded.IDENTITY):
        return set(IdentityHalf.objects.values_list("custodian", flat=True))


def leave(guards: Guards, *staying: User) -> None:
    guards.succeed(staying, {})


def test_nothing_is_done_while_nobody_left(world: World, guards: Guards) -> None:
    seal(world)
    before = shares()
    sweep_identities_now()
    assert shares() == before
    assert not world.events(Kind.IDENTITY_FOLLOWED)


def test_who_left_holds_nothing_and_two_others_still_open(world: World, guards: Guards) -> None:
    asking = Asking(world, guards)
    before, (one, two, _) = shares(), guards.people
    leave(guards, one, two)
    sweep_identities_now()
    after = shares()
    assert set(before) == set(after)
    assert not set(before.values()) & set(after.values())
    assert set(before.values()) <= set(DestroyedKey.objects.values_list("pk", flat=True))
    assert holders() == {id_of(one), id_of(two)}
    for identity, share in before.items():
        with pytest.raises(VaultError):  # what an older copy of the identity needs is gone
            ring().key(share, Scope.witness(world.case.pk, identity))
    followed = world.events(Kind.IDENTITY_FOLLOWED)
    assert len(followed) == len(before)
    sweep_identities_now()
    assert len(world.events(Kind.IDENTITY_FOLLOWED)) == len(before)
    asked = asking.ask()
    asking.say(asked, 0)
    asking.say(asked, 1)
    assert asking.show(asked).values


def test_a_kill_on_the_way_leaves_each_whole(
    world: World, guards: Guards, monkeypatch: pytest.MonkeyPatch
) -> None:
    Asking(world, guards)  # a name and what was added to it later
    before, people = shares(), guards.people
    leave(guards, *people[:2])
    done: list[object] = []
    renew = renew_share

    def killed(row: SealedIdentity, **codes: str) -> UUID:
        done.append(row)
        renewed = renew(row, **codes)
        if len(done) == 2:
            raise KeyboardInterrupt
        return renewed

    with monkeypatch.context() as patched:
        patched.setattr("cases.actions.revoking.renew_share", killed)
        with pytest.raises(KeyboardInterrupt):
            sweep_identities_now()
    assert len(set(before.values()) & set(shares().values())) == 1
    assert id_of(people[2]) in holders()  # of the one that was not reached, all is as it was
    sweep_identities_now()
    assert not set(before.values()) & set(shares().values())
    assert holders() == {id_of(one) for one in people[:2]}


def test_names_are_never_left_to_nobody(world: World, guards: Guards) -> None:
    """Two of three make new keys at once: their old halves stay until newcomers' halves are made."""
    seal(world)
    before, people = shares(), guards.people
    new = {id_of(one): PrivateKeys.new() for one in people[1:]}
    guards.succeed(people, new)
    sweep_identities_now()
    assert holders() == {id_of(one) for one in people}
    assert not set(before.values()) & set(shares().values())


def test_one_identity_that_is_not_as_it_should_be_keeps_no_other_back(
    world: World, guards: Guards, monkeypatch: pytest.MonkeyPatch
) -> None:
    Asking(world, guards)
    before, (one, two, _) = shares(), guards.people
    leave(guards, one, two)
    spoilt = min(before)
    assert len(before) > 1

    def stumbles(identity: UUID) -> None:
        if identity == spoilt:
            raise Witness.DoesNotExist
        follow_the_directory(identity)

    def refused() -> int:
        raise ForgedRequest(subject="case:x", scope=world.case.pk)

    monkeypatch.setattr(tasks, "follow_the_directory", stumbles)
    monkeypatch.setattr(tasks, "lapse_requests", refused)
    sweep_identities_now()
    assert [pk for pk, share in shares().items() if share == before[pk]] == [spoilt]
