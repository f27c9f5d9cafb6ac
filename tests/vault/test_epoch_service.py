"""The epochs under a key of Vault or OpenBao: what was erased opens in no copy, nor is called so early."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from tests.vault.cellar import Jar, jar
from tests.vault.conftest import new_case, new_witness
from tests.vault.transit import GONE, TOKEN, Transit, serving
from vault import diskfile
from vault.errors import RootKeyRefused, RootKeyUnreachable, VaultError
from vault.keys import epoch, epochfile, held
from vault.keys.providers import KeyFile
from vault.keys.rotation import rotate_epoch, rotate_root
from vault.keys.shredding import is_past, shred, turn_past
from vault.keys.transit import Facts, Server
from vault.models import DestroyedKey
from vault.opening import open_rows
from vault.scopes import Scope
from vault.vocabulary import Purpose

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "casemgr-epoch"


class Killed(BaseException):
    """The process ends here: no handler of ours catches it."""


@pytest.fixture
def transit() -> Transit:
    return Transit(keys={"casemgr": [os.urandom(32)], KEY: [os.urandom(32)]})


@pytest.fixture
def file(settings: LazySettings, tmp_path: Path, transit: Transit) -> Iterator[Path]:
    """The epoch's file of this test alone, with a service that the settings name."""
    shutil.copy(settings.ROOT_KEY_FILE, tmp_path / "root.key")
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with serving(transit) as url, held.using(KeyFile(tmp_path / "root.key")):
        settings.ROOT_KEY_PROVIDER = "vault"
        settings.ROOT_KEY_VAULT = {
            "url": url,
            "token_file": str(token),
            "key": "casemgr",
            "epoch_key": KEY,
            "mount": "transit",
            "namespace": "",
            "ca_file": "",
        }
        yield tmp_path / "epoch.key"


@pytest.fixture
def kept(file: Path) -> Scope:
    """A witness who stays, under the service's key."""
    scope = new_witness(new_case())
    jar(scope, "stays")
    rotate_epoch(by="test")
    return scope


def opens(scope: Scope) -> list[str]:
    with transaction.atomic():
        rows = Jar.objects.filter(unit=scope.unit)
        opened = open_rows(rows, "title", reader="INV-01", purpose=Purpose.LIST)
        return [values.text("title") for values in opened.values()]


def erase(case: Scope) -> tuple[Scope, list[Any]]:
    """Destroy the keys of a new witness; return them with the epochs that must be over."""
    gone = new_witness(case)
    jar(gone, "goes")
    with transaction.atomic():
        _ids, epochs = shred(gone, by="test")
    return gone, epochs


def is_refused(copy: bytes, file: Path) -> None:
    """An old copy of the file, with the root key and the service."""
    now = file.read_bytes()
    diskfile.replace(file, copy)
    with pytest.raises(RootKeyRefused):
        epoch.load()
    diskfile.replace(file, now)


def opens_nowhere(copy: bytes, file: Path) -> None:
    """Nor where the service's own administrator tries to allow the older versions again."""
    for limits in ({"min_decryption_version": 1, "min_encryption_version": 1}, {"min_decryption_version": 1}):
        with pytest.raises(RootKeyRefused):
            server().call("POST", "keys", dict(limits), verb="/config")
    with pytest.raises(RootKeyRefused):
        server().call("POST", "keys", {"min_available_version": 1}, verb="/trim")
    is_refused(copy, file)


def server() -> Server:
    from vault.keys.providers import vault_server

    return vault_server(KEY)


def test_a_turn_puts_the_file_under_the_service_and_leaves_no_older_copy(
    file: Path, transit: Transit, settings: LazySettings
) -> None:
    """From an installation whose file the root key alone sealed."""
    kept = new_witness(new_case())
    jar(kept, "stays")
    assert json.loads(file.read_bytes())["version"] == epochfile.PLAIN
    assert not epoch.is_settled()
    assert epoch.is_behind_service()
    assert opens(kept) == ["stays"]
    rotate_epoch(by="test")
    first = file.read_bytes()
    assert json.loads(first)["version"] == epochfile.OUTER
    assert epoch.is_settled()
    assert transit.limits[KEY].min_available_version == 2
    gone, epochs = erase(kept.whole)
    assert not is_past(epochs)
    assert epoch.load().primary.id in epochs  # what was deleted a moment ago would open with this file
    turn_past(epochs, by="test")
    assert is_past(epochs)
    assert transit.keys[KEY][:2] == [GONE, GONE]
    opens_nowhere(first, file)
    assert opens(kept) == ["stays"]
    with pytest.raises(VaultError):
        opens(gone)
    # The other way round: who holds the file and the root key, and not the service, opens nothing.
    settings.ROOT_KEY_PROVIDER = "file"
    with pytest.raises(RootKeyRefused, match="a service that the settings do not name"):
        epoch.load()


def test_killed_at_every_request_it_resumes_and_nothing_is_said_early(
    kept: Scope, file: Path, transit: Transit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each request to the service and after it, in turn; the next call goes on to the end."""
    transit.is_silent = True  # an older release, which must be asked what it did
    real = Server.call
    reached: set[str] = set()
    for at in range(1, 60):
        copy = file.read_bytes()
        gone, epochs = erase(kept.whole)
        with monkeypatch.context() as patched:
            patched.setattr(Server, "call", dying(real, at, reached))
            try:
                turn_past(epochs, by="test")
            except Killed:
                pass
            else:
                break
        if transit.limits[KEY].min_available_version < version_of(file) or names(epochs):
            assert not is_past(epochs), at
        assert opens(kept) == ["stays"], at
        turn_past(epochs, by="test")
        is_refused(copy, file)
        with pytest.raises(VaultError):
            opens(gone)
    else:
        pytest.fail("never reached the end")
    assert is_past(epochs)
    assert {"keys/rotate", "keys/config", "keys/trim", "encrypt", "decrypt", "keys"} <= reached


def dying(real: Any, at: int, reached: set[str]) -> Any:
    """End the process before the request of this number, or after it: odd and even."""
    calls = 0

    def call(self: Server, method: str, what: str, sent: Facts | None = None, *, verb: str = "") -> Facts:
        nonlocal calls
        calls += 1
        if calls == (at + 1) // 2:
            reached.add(what + verb)
            if at % 2:
                raise Killed
            real(self, method, what, sent, verb=verb)
            raise Killed
        found: Facts = real(self, method, what, sent, verb=verb)
        return found

    return call


def names(epochs: list[Any]) -> bool:
    now = epoch.load()
    return bool(set(epochs) & {one.id for one in (now.primary, *now.older)})


def version_of(file: Path) -> int:
    return int(json.loads(file.read_bytes())["transit"].split(":")[1][1:])


def test_with_the_service_away_nothing_is_opened_erased_or_said(
    kept: Scope, file: Path, transit: Transit
) -> None:
    before, destroyed = file.read_bytes(), DestroyedKey.objects.count()
    transit.is_sealed = True
    with pytest.raises(RootKeyUnreachable):
        opens(kept)
    with pytest.raises(RootKeyUnreachable), transaction.atomic():
        shred(kept, by="test")
    with pytest.raises(RootKeyUnreachable):
        rotate_epoch(by="test")
    with pytest.raises(RootKeyUnreachable):
        is_past([])
    assert file.read_bytes() == before
    assert DestroyedKey.objects.count() == destroyed
    transit.is_sealed = False
    assert opens(kept) == ["stays"]


def test_away_between_the_new_file_and_the_trimming_it_is_not_past(
    kept: Scope, file: Path, transit: Transit
) -> None:
    copy = file.read_bytes()
    _gone, epochs = erase(kept.whole)

    def seal_before_trimming(verb: str, is_done: bool) -> None:
        transit.is_sealed = verb == "config" and is_done

    transit.hears = seal_before_trimming
    with pytest.raises(RootKeyUnreachable):
        turn_past(epochs, by="test")
    transit.hears, transit.is_sealed = lambda verb, is_done: None, False
    assert not names(epochs)
    assert not is_past(epochs)  # the file is new; the version that opens its older copy is there still
    turn_past(epochs, by="test")
    assert is_past(epochs)
    opens_nowhere(copy, file)


def test_a_service_that_does_not_do_as_told_is_not_believed(
    kept: Scope, transit: Transit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gone, epochs = erase(kept.whole)
    monkeypatch.setattr(Transit, "_trim", lambda self, name, body: None)
    with pytest.raises(RootKeyRefused, match="has not destroyed"):
        turn_past(epochs, by="test")
    assert not is_past(epochs)


def test_a_reader_whose_file_was_turned_meanwhile_reads_the_new_one(
    kept: Scope, file: Path, transit: Transit
) -> None:
    older = file.read_bytes()
    rotate_epoch(by="test")
    newer = file.read_bytes()
    diskfile.replace(file, older)
    transit.hears = lambda verb, is_done: diskfile.replace(file, newer)
    assert epoch.load().older == ()


def test_a_new_root_key_leaves_the_service_its_part(kept: Scope, file: Path, transit: Transit) -> None:
    rotate_root(by="test")
    assert json.loads(file.read_bytes())["version"] == epochfile.OUTER
    assert epoch.is_settled()
    assert opens(kept) == ["stays"]


@pytest.mark.parametrize(
    "facts", [{"exportable": True}, {"allow_plaintext_backup": True}, {"type": "rsa-4096"}]
)
def test_a_key_that_could_leave_the_service_is_refused(
    kept: Scope, file: Path, transit: Transit, facts: dict[str, object]
) -> None:
    before, transit.facts = file.read_bytes(), facts
    with pytest.raises(RootKeyRefused):
        rotate_epoch(by="test")
    assert file.read_bytes() == before


def test_the_root_keys_own_key_is_never_trimmed_and_none_is_made(
    file: Path, transit: Transit, settings: LazySettings
) -> None:
    told = settings.ROOT_KEY_VAULT
    settings.ROOT_KEY_VAULT = {**told, "epoch_key": "casemgr"}
    with pytest.raises(RootKeyRefused, match="must not be"):
        epoch.load()
    settings.ROOT_KEY_VAULT = {**told, "epoch_key": "nobody-made-me"}
    with pytest.raises(RootKeyRefused):
        rotate_epoch(by="test")
    assert "nobody-made-me" not in transit.keys
    settings.ROOT_KEY_VAULT = {**told, "epoch_key": ""}  # an operator who wants the file as before
    rotate_epoch(by="test")
    assert json.loads(file.read_bytes())["version"] == epochfile.PLAIN
    assert transit.limits["casemgr"].min_available_version == 0


def test_a_first_start_says_which_key_the_service_lacks(file: Path, transit: Transit) -> None:
    file.unlink()
    del transit.keys[KEY]
    with pytest.raises(RootKeyRefused, match=KEY):
        epoch.create()
    assert not file.exists()
    transit.keys[KEY] = [os.urandom(32)]
    epoch.create()
    assert json.loads(file.read_bytes())["version"] == epochfile.OUTER
    assert epoch.load().older == ()
    with pytest.raises(FileExistsError):
        epoch.create()


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 3, "keys": []}'])
def test_a_file_that_was_changed_is_refused(kept: Scope, file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(RootKeyRefused):
        epoch.load()


def test_a_ciphertext_of_another_use_is_refused(kept: Scope, file: Path, transit: Transit) -> None:
    foreign = transit._encrypt(KEY, {"plaintext": "aGVsbG8=", "associated_data": ""})["ciphertext"]
    file.write_text(json.dumps({"version": 2, "transit": foreign}))
    with pytest.raises(RootKeyRefused):
        epoch.load()
