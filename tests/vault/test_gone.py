"""What was destroyed stays destroyed in a database that was put back from before."""

import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import TestCase

from tests.vault.conftest import new_case, new_witness
from vault.errors import DestroyedKey, RootKeyRefused
from vault.keys import gone
from vault.keys.ring import Ring, refuse_destroyed
from vault.keys.unitkeys import destroy_unit_key
from vault.models import DestroyedKey as DestroyedRow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_list(settings: LazySettings, tmp_path: Path) -> None:
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"


def test_an_older_database_learns_what_was_destroyed_since() -> None:
    witness = new_witness(new_case())
    with transaction.atomic():
        key_id, _key = Ring().primary(witness)
    savepoint = transaction.savepoint()  # last week
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        assert destroy_unit_key(witness, by="INV-01") == [key_id]
    assert str(key_id) in gone.path().read_text()
    assert gone.path().stat().st_mode & 0o777 == 0o600
    transaction.savepoint_rollback(savepoint)
    with transaction.atomic():
        Ring().primary(witness)  # it is all there again, keys too
    assert gone.replay() == 1
    with pytest.raises(DestroyedKey), transaction.atomic():
        Ring().primary(witness)
    assert gone.replay() == 0


def test_what_was_rolled_back_is_not_remembered() -> None:
    witness = new_witness(new_case())
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        destroy_unit_key(witness, by="INV-01")
        transaction.set_rollback(True)
    assert not gone.path().exists()


def test_what_the_file_missed_is_made_up_and_a_cut_line_is_no_id() -> None:
    one, two = uuid4(), uuid4()
    DestroyedRow.objects.create(id=one)
    gone.remember([two])
    with gone.path().open("a") as file:
        file.write(str(uuid4())[:20])
    assert gone.replay() == 1
    with pytest.raises(DestroyedKey):
        refuse_destroyed([two])
    assert connection.in_atomic_block
    gone.path().write_text("x" * 36)
    with pytest.raises(RootKeyRefused):
        gone.replay()
