"""Who a witness is: sealed once, in a demonstration alone, and nowhere else."""

import pytest

from accounts.actions.installation import is_demonstration
from accounts.door import entering
from accounts.models import Installation, User
from audit.vocabulary import Kind
from cases.actions.consents import withdraw_consent
from cases.actions.identities import accounts_that_name, seal_identity
from cases.errors import (
    IdentityEmpty,
    IdentityNotSealedHere,
    IdentitySealed,
    IdentityTooLong,
    IdentityWithoutConsent,
    NotAllowed,
    NotVisible,
    PseudonymTells,
)
from cases.models import Witness
from tests.cases.intakes import Intake
from tests.cases.test_leaves import differing
from tests.cases.worlds import World
from vault.models import SealedIdentity
from vault.stepping import Guarded, stepping_into

IDENTITY = {"given": "هدى", "family": "الخوري", "phones": "+963 000 000"}


@pytest.fixture
def taken(world: World) -> Witness:
    return Intake(world).take()


@pytest.fixture
def demonstration(db: None) -> None:
    Installation.objects.create(is_demonstration=True)
    assert is_demonstration()


def seal(
    world: World, witness: Witness, identity: dict[str, str] = IDENTITY, by: User | None = None
) -> Witness:
    who = by or world.investigator
    with entering(who, "test"):
        return seal_identity(by=who, witness=witness, identity=identity)


@pytest.mark.usefixtures("demonstration")
def test_identity_is_sealed_once(taken: Witness, world: World) -> None:
    witness = seal(world, taken)
    assert witness.vault_ref is not None
    with stepping_into(Guarded.IDENTITY):
        assert SealedIdentity.objects.get().subject == taken.pk
    assert len(world.events(Kind.IDENTITY_SEALED)) == 1
    assert differing(world) == []
    with pytest.raises(IdentitySealed):
        seal(world, taken)
    assert world.events(Kind.IDENTITY_REFUSED)


def test_identity_is_refused_outside_a_demonstration(taken: Witness, world: World) -> None:
    with pytest.raises(IdentityNotSealedHere):
        seal(world, taken)
    with stepping_into(Guarded.IDENTITY):
        assert not SealedIdentity.objects.exists()
    assert len(world.events(Kind.IDENTITY_REFUSED)) == 1


@pytest.mark.usefixtures("demonstration")
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


@pytest.mark.usefixtures("demonstration")
def test_identity_needs_a_consent_in_force(taken: Witness, world: World) -> None:
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=taken.consent_rows.get())
    with pytest.raises(IdentityWithoutConsent):
        seal(world, taken)


@pytest.mark.usefixtures("demonstration")
def test_custodian_and_outsider_seal_no_identity(taken: Witness, world: World) -> None:
    with pytest.raises(NotAllowed):
        seal(world, taken, by=world.custodian)
    with pytest.raises(NotVisible):
        seal(world, taken, by=world.outsider)


@pytest.mark.usefixtures("demonstration")
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
