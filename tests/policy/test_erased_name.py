"""A witness whose name was sealed to custodians is erased: last week's dump and files, restored with today's
keystore, and two custodians who are willing, open it no more; another witness's opens to them as ever.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.db import transaction

from accounts.door import entering
from cases.actions.consents import withdraw_consent
from cases.actions.identities import seal_identity
from cases.models import Consent, TestimonyVersion, Witness
from exports import tasks
from exports.actions import shredding
from exports.models import Destruction, ErasureJob
from exports.vocabulary import DestructionState
from tests.cases.asking import NAME, Asking
from tests.cases.guards import found
from tests.cases.intakes import FACTS, Intake
from tests.cases.worlds import World, make_world
from tests.exports.worlds import make_exhibit
from tests.policy.restoring import dump, restored
from vault import unsealing
from vault.custodian import layers, pairs
from vault.custodian.errors import HalfRefused
from vault.custodian.keys import PrivateKeys
from vault.errors import DestroyedKey, UnknownKey, VaultError
from vault.files import open_file
from vault.keys import epoch, held, wrapping
from vault.keys.providers import KeyFile
from vault.models import KeystoreKey, StoredFile
from vault.opening import open_row
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FILE = "Hand-drawn plan of the stairs"
ALL = ["public_pseudonym", "text", "file"]
OTHER = {"given": "Wabqashir", "phones": "+961 71 000 111"}


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Root and epoch of this test alone: other workers share those of the run."""
    shutil.copy(settings.ROOT_KEY_FILE, tmp_path / "root.key")
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    with held.using(KeyFile(tmp_path / "root.key")):
        yield


@dataclass
class Told:
    """What one person gave: a name that custodians guard, an account, a file."""

    witness: Witness
    account: TestimonyVersion
    stored: StoredFile


def gave(world: World, witness: Witness, number: str) -> Told:
    by = world.investigator
    item = make_exhibit(
        world.case, by, witness=witness, kind="document", number=number, content=f"{FILE} {number}".encode()
    )
    with entering(by, "test"):
        account = TestimonyVersion.objects.filter(testimony__witness=witness).latest("created_at")
        return Told(witness, account, item.files.get().stored)


def test_last_weeks_dump_and_two_willing_custodians_open_no_erased_name(tmp_path: Path) -> None:
    """Erased as people do it: asked for, confirmed, carried out by the worker; really dumped and restored."""
    world = make_world()
    asking = Asking(world, found(world))
    another = replace(FACTS, witness=replace(FACTS.witness, public_pseudonym="Maryam"))
    other = Intake(world).take(another)
    with entering(world.investigator, "test"):
        seal_identity(by=world.investigator, witness=other, identity=OTHER)
    gone, stays = gave(world, asking.witness, "BAN-EX-0001"), gave(world, other, "BAN-EX-0002")
    willing = list(asking.guards.keys.values())[:2]
    assert all(opens(world, one) == ALL for one in (gone, stays))
    assert names(gone.witness, willing)[0]["given"] == NAME["given"]
    last_week, keys = dump(tmp_path), keystore()
    shutil.copytree(settings.MEDIA_STORE, tmp_path / "media")

    erase(world, gone.witness)
    today = dump(tmp_path)
    words = (*NAME.values(), FACTS.witness.role_summary, FACTS.account.text, FILE)
    assert last_week.hits(*words) == today.hits(*words) == []
    assert gone.witness.code.encode() in today.text  # a code is plain: a word in it would have been found
    assert opens(world, gone) == []
    assert names(gone.witness, willing) == []
    shutil.copytree(tmp_path / "media", settings.MEDIA_STORE, dirs_exist_ok=True)
    with restored(last_week):
        with entering(world.lead, "test"):  # every row is there as it was
            assert Witness.objects.get(pk=gone.witness.pk).erased_at is None
        assert opens(world, gone) == []
        with pytest.raises((DestroyedKey, UnknownKey)):
            names(gone.witness, willing)
        assert names(stays.witness, willing) == [OTHER]
        assert opens(world, stays) == ALL
    assert names(stays.witness, willing) == [OTHER]
    # Nor with last week's keystore: the epoch under which it lay is over.
    now = epoch.load()
    for key in keys:
        with pytest.raises(UnknownKey):
            wrapping.open_outer(key, now)


def erase(world: World, witness: Witness) -> None:
    """The road of an erasure, from the word of the witness to the worker."""
    with entering(world.investigator, "test"):
        withdraw_consent(by=world.investigator, consent=Consent.objects.get(witness=witness))
    with entering(world.custodian, "test"):
        row = shredding.ask_erasure(by=world.custodian, witness=witness, reason="On their word")
    with entering(world.lead, "test"):
        shredding.confirm_erasure(by=world.lead, destruction=row)
    tasks.shred(str(ErasureJob.objects.get().pk))
    with entering(world.lead, "test"):
        assert Destruction.objects.get().state == DestructionState.TURNED


def opens(world: World, told: Told) -> list[str]:
    """What a lead who may read everything opens: the pseudonym, the account, the file."""
    found = []
    for row, name in ((told.witness, "public_pseudonym"), (told.account, "text")):
        with suppress(VaultError), entering(world.lead, "test"):
            open_row(row, name, reader="INV-01", purpose=Purpose.READ)
            found.append(name)
    with suppress(VaultError, OSError):
        with entering(world.lead, "test"):
            reading = open_file(told.stored, reader="INV-01", purpose=Purpose.MEDIA)
        with reading:
            assert b"".join(reading).startswith(FILE.encode())
        found.append("file")
    return found


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


def keystore() -> list[KeystoreKey]:
    """Last week's keystore, as its own backup holds it."""
    return list(KeystoreKey.objects.using("owner"))
