"""A store that is not mounted takes nothing, and blames no file."""

from pathlib import Path

import pytest

from tests.vault.conftest import store
from vault.errors import Missing, StoreGone
from vault.files import FileSealer, check_sealed, is_store_there, open_file
from vault.files.folder import MARK
from vault.models import StoredFile
from vault.scopes import Scope
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["gone", "empty", "pending", "unmarked"])
def away(request: pytest.FixtureRequest, case: Scope, media: Path) -> StoredFile:
    """A file whose store is not there, in every way in which a store is not there."""
    stored = store(case, b"x")
    kept = media.with_name("kept")
    media.rename(kept)
    if request.param != "gone":
        media.mkdir()
    if request.param == "pending":
        (media / "pending").mkdir()
    if request.param == "unmarked":
        (media / "lost+found").mkdir()
    return stored


def test_first_file_makes_the_mark_and_later_ones_need_it(case: Scope, media: Path) -> None:
    assert not is_store_there()
    store(case, b"x")
    assert is_store_there()
    assert (media / MARK).stat().st_mode & 0o777 == 0o600
    (media / MARK).unlink()
    with pytest.raises(StoreGone):
        store(case, b"y")
    assert StoredFile.objects.count() == 1


def test_upload_that_left_nothing_leaves_the_mark(case: Scope, media: Path) -> None:
    with FileSealer(scope=case, by="INV-01") as sealer:
        sealer.write(b"x")
    assert (StoredFile.objects.exists(), is_store_there()) == (False, True)
    store(case, b"x")


def test_store_that_is_not_there_takes_nothing(case: Scope, away: StoredFile, media: Path) -> None:
    assert not is_store_there()
    before = sorted(media.rglob("*"))
    with pytest.raises(StoreGone), FileSealer(scope=case, by="INV-01"):
        pytest.fail("a byte could be given")
    assert sorted(media.rglob("*")) == before
    assert list(StoredFile.objects.all()) == [away]


def test_file_of_a_store_that_is_not_there_is_not_missing(away: StoredFile, media: Path) -> None:
    with pytest.raises(StoreGone):
        check_sealed(away)
    with pytest.raises(StoreGone):
        open_file(away, reader="INV-01", purpose=Purpose.MEDIA)
    media.mkdir(exist_ok=True)
    (media / MARK).touch()  # by hand, for a store that was lost and is begun anew
    with pytest.raises(Missing):
        check_sealed(away)
