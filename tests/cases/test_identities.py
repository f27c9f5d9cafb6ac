"""Who a witness is: sealed to the custodians once, added to later, and nowhere else."""

import json

import pytest

from accounts.door import entering
from accounts.models import User
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.actions.identities import accounts_that_name, add_to_identity, seal_identity
from cases.errors import (
    CustodianSealsNothing,
    IdentityEmpty,
    IdentityNotSealed,
    IdentityNotSealedHere,
    IdentitySealed,
    IdentityTooLong,
    IdentityWithoutConsent,
    NotAllowed,
    NotVisible,
    PseudonymTells,
)
from cases.models import Witness
from tests.cases.guards import Guards, also_custodian
from tests.cases.intakes import taken_in
from tests.cases.test_leaves import differing
from tests.cases.worlds import World
from tests.custodians import id_of
from vault.custodian.keys import PrivateKeys
from vault.identities import digest_of, digest_of_halves
from vault.models import IdentityHalf, SealedIdentity
from vault.stepping import Guarded, stepping_into

IDENTITY = {"given": "هدى", "family": "الخوري", "phones": "+963 000 000"}


BEGINS_WITH = (taken_in,)


@pytest.fixture
def taken(world: World) -> Witness:
    return taken_in(world)


def seal(
    world: World, witness: Witness, identity: dict[str, str] = IDENTITY, by: User | None = None
) -> Witness:
    who = by or world.investigator
    with entering(who, "test"):
        return seal_identity(by=who, witness=witness, identity=identity)


@pytest.mark.usefixtures("guards")
def test_identity_is_sealed_once(taken: Witness, world: World) -> None:
    witness = seal(world, taken)
    assert witness.vault_ref is not None
    with stepping_into(Guarded.IDENTITY):
        row = SealedIdentity.objects.get()
        halves = list(IdentityHalf.objects.filter(identity=row))
    (event,) = world.events(Kind.IDENTITY_SEALED)
    facts = json.loads(event.leaf)["facts"]
    assert (row.subject, row.pk) == (taken.pk, witness.vault_ref)
    assert len(halves) == 6
    assert (facts["digest"], facts["halves"]) == (digest_of(row), digest_of_halves(halves))
    assert differing(world) == []
    with pytest.raises(IdentitySealed):
        seal(world, taken)
    assert world.events(Kind.IDENTITY_REFUSED)


def test_without_custodians_no_identity_is_taken(taken: Witness, world: World) -> None:
    with pytest.raises(IdentityNotSealedHere):
        seal(world, taken)
    with stepping_into(Guarded.IDENTITY):
        assert not SealedIdentity.objects.exists()
    assert len(world.events(Kind.IDENTITY_REFUSED)) == 1


@pytest.mark.usefixtures("guards")
@pytest.mark.parametrize(
    ("identity", "refusal"),
    [
        ({}, IdentityEmpty),
        ({"given": "  ", "relatives": "Nour"}, IdentityEmpty),
        ({"given": "x" * 5000}, IdentityTooLong),
        ({"given": "\ud800"}, IdentityTooLong),
        ({"given": "لمى"}, PseudonymTells),
        ({"given": "Huda", "relatives": "Nour, Lemma"}, PseudonymTells),
    ],
)
def test_identity_that_cannot_be_sealed_is_nowhere(
    identity: dict[str, str], refusal: type[Exception], taken: Witness, world: World
) -> None:
    with pytest.raises(refusal):
        seal(world, taken, identity)
    with stepping_into(Guarded.IDENTITY):
        assert not SealedIdentity.objects.exists()


@pytest.mark.usefixtures("guards")
def test_identity_needs_a_consent_in_force(taken: Witness, world: World) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=taken.consent_rows.get())
    with pytest.raises(IdentityWithoutConsent):
        seal(world, taken)


@pytest.mark.usefixtures("guards")
def test_custodian_and_outsider_seal_no_identity(taken: Witness, world: World) -> None:
    with pytest.raises(NotAllowed):
        seal(world, taken, by=world.custodian)
    with pytest.raises(NotVisible):
        seal(world, taken, by=world.outsider)


@pytest.mark.usefixtures("guards")
def test_no_event_no_identity(taken: Witness, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("cases.actions.identities.record", fail)
    with pytest.raises(RuntimeError, match="no log"):
        seal(world, taken)
    with stepping_into(Guarded.IDENTITY):
        assert not SealedIdentity.objects.exists()
    with entering(world.investigator, "test"):
        assert Witness.objects.get(pk=taken.pk).vault_ref is None


def test_account_that_names_the_person_is_told_of(taken: Witness, world: World) -> None:
    with entering(world.investigator, "test"):
        own = taken.testimony_rows.get().registration_no
        asked = {"given": "Ten", "relatives": "Nobody"}
        assert accounts_that_name(by=world.investigator, witness=taken, identity=asked) == [own]
        assert accounts_that_name(by=world.investigator, witness=taken, identity=IDENTITY) == []


@pytest.mark.usefixtures("guards")
def test_an_addition_is_sealed_beside_under_a_key_of_its_own(taken: Witness, world: World) -> None:
    with pytest.raises(IdentityNotSealed):
        add(world, taken, {"phones": "+963 111"})
    witness = seal(world, taken)
    assert add(world, witness, {"phones": "+963 111"}).vault_ref == witness.vault_ref
    with stepping_into(Guarded.IDENTITY):
        rows = list(SealedIdentity.objects.order_by("version"))
    assert [row.version for row in rows] == [1, 2]
    assert rows[0].share_id != rows[1].share_id
    assert len(world.events(Kind.IDENTITY_SEALED)) == 2
    assert differing(world) == []
    with pytest.raises(IdentityEmpty):
        add(world, witness, {"phones": " "})
    with pytest.raises(PseudonymTells):
        add(world, witness, {"laqab": "لمى"})


def test_a_custodian_who_has_another_role_takes_no_identity(
    taken: Witness, world: World, guards: Guards
) -> None:
    guards.succeed(
        [*guards.people, also_custodian(world.investigator)], {id_of(world.investigator): PrivateKeys.new()}
    )
    with pytest.raises(CustodianSealsNothing):
        seal(world, taken)


def add(world: World, witness: Witness, identity: dict[str, str]) -> Witness:
    with entering(world.investigator, "test"):
        return add_to_identity(by=world.investigator, witness=witness, identity=identity)
