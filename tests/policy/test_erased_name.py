"""A witness whose name was sealed to custodians is erased: last week's copy of the database with today's
keystore, and two custodians who are willing, open it no more; another witness's opens to them as ever.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction

from accounts.door import entering
from cases.actions.identities import seal_identity
from cases.models import Witness
from tests.cases.asking import NAME, Asking
from tests.cases.guards import found
from tests.cases.intakes import FACTS, Intake
from tests.cases.worlds import make_world
from vault import unsealing
from vault.custodian import layers, pairs
from vault.custodian.errors import HalfRefused
from vault.custodian.keys import PrivateKeys
from vault.errors import DestroyedKey, UnknownKey
from vault.forgetting import forget_identities
from vault.keys import epoch, held, wrapping
from vault.keys.providers import KeyFile
from vault.keys.shredding import shred, turn_past
from vault.models import IdentityHalf, KeystoreKey, SealedIdentity
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
OTHER = {"given": "Wabqashir", "phones": "+961 71 000 111"}


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Root and epoch of this test alone: other workers share those of the run."""
    shutil.copy(settings.ROOT_KEY_FILE, tmp_path / "root.key")
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    with held.using(KeyFile(tmp_path / "root.key")):
        yield


def test_last_weeks_copy_and_two_willing_custodians_open_no_erased_name() -> None:
    world = make_world()
    asking = Asking(world, found(world))
    another = replace(FACTS, witness=replace(FACTS.witness, public_pseudonym="Maryam"))
    gone, stays = asking.witness, Intake(world).take(another)
    with entering(world.investigator, "test"):
        seal_identity(by=world.investigator, witness=stays, identity=OTHER)
    willing = list(asking.guards.keys.values())[:2]
    assert names(gone, willing)[0]["given"] == NAME["given"]
    assert names(stays, willing) == [OTHER]
    rows, halves, keys = copy()

    with entering(world.lead, "test"):
        ids, epochs = shred(Scope.witness(world.case.pk, gone.pk), by="test")
        forget_identities(gone.pk)
    assert len(ids) >= 3  # the witness's key, and a share of the server for each version of the name
    put_back(rows, halves)
    with pytest.raises((DestroyedKey, UnknownKey)):
        names(gone, willing)
    assert names(stays, willing) == [OTHER]
    turn_past(epochs, by="test")
    with pytest.raises((DestroyedKey, UnknownKey)):
        names(gone, willing)
    assert names(stays, willing) == [OTHER]
    # Nor with last week's keystore: the epoch under which it lay is over.
    now = epoch.load()
    for key in keys:
        with pytest.raises(UnknownKey):
            wrapping.open_outer(key, now)


def names(witness: Witness, custodians: list[PrivateKeys]) -> list[dict[str, str]]:
    """What two custodians open together with a server that does all they want: every version of a name."""
    with transaction.atomic():
        rows = unsealing.versions_of([witness.pk])
        subjects = unsealing.subjects_of(rows, case_code=witness.case.code, codes={witness.pk: witness.code})
        items = unsealing.items_of(rows, subjects)
        halves = unsealing.halves_of(subjects)
    opened = [half for one in halves for key in custodians for half in _tried(one, key)]
    said = []
    for item in items:
        mine = {half.binding: half for half in opened if half.binding.subject == item.subject}
        one = next(half for half in mine.values() if half.binding.other in mine)
        secret = pairs.join((one, mine[one.binding.other]))
        key = layers.open_inner(item.inner, item.subject, secret)
        said.append(json.loads(layers.open_content(key, item.subject, item.sealed)))
    return said


def _tried(half: pairs.Half, key: PrivateKeys) -> list[pairs.OpenedHalf]:
    try:
        return [pairs.open_half(half, key.box)]
    except HalfRefused:
        return []


def copy() -> tuple[list[SealedIdentity], list[IdentityHalf], list[KeystoreKey]]:
    """Last week's: every row of the identities, and of the keystore."""
    return (
        list(SealedIdentity.objects.using("owner")),
        list(IdentityHalf.objects.using("owner")),
        list(KeystoreKey.objects.using("owner")),
    )


def put_back(rows: list[SealedIdentity], halves: list[IdentityHalf]) -> None:
    """Restore the copy over what is there, past everything."""
    for row in (*rows, *halves):
        row._state.db = "default"
    with transaction.atomic(), stepping_into(Guarded.IDENTITY):
        SealedIdentity.objects.bulk_create(rows, ignore_conflicts=True)
        IdentityHalf.objects.bulk_create(halves, ignore_conflicts=True)
