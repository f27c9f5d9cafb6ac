"""The root key: where it comes from, and that a wrong one stops everything before a row is touched."""

import json
import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.vault.cellar import Jar, jar
from tests.vault.conftest import Remembering, new_case
from vault.errors import RootKeyMissing, RootKeyRefused, VaultError, WrongRootKey
from vault.keys import check_root_key, create_scope_key, epoch, held, initialise
from vault.keys.providers import KeyFile, PassphraseFile, from_settings
from vault.keys.root import RootKeys, new_root_key, new_root_keys
from vault.macs import Domain, mac
from vault.models import RootCheck, ScopeKey
from vault.opening import open_row
from vault.passphrase import Cost
from vault.scopes import RECIPIENTS, STAFF, Scope
from vault.vocabulary import Purpose

WORDS = b"lantern orchard pebble winter"
CHEAP = Cost(memory=64, iterations=1, lanes=1)


def key_file(folder: Path) -> KeyFile:
    provider = KeyFile(folder / "keys" / "root.key")
    provider.create(new_root_keys())
    return provider


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    provider = key_file(tmp_path)
    assert provider.path.stat().st_mode & 0o777 == 0o600
    assert provider.path.parent.stat().st_mode & 0o777 == 0o700
    assert provider.load() == provider.load()
    for mode in (0o640, 0o604, 0o660, 0o700 | 0o010):
        provider.path.chmod(mode)
        with pytest.raises(RootKeyRefused, match="0600"):
            provider.load()


def test_a_key_file_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    provider = key_file(tmp_path)
    before = provider.load()
    with pytest.raises(FileExistsError):
        provider.create(new_root_keys())
    assert provider.load() == before
    assert [path.name for path in provider.path.parent.iterdir()] == ["root.key"]


def test_a_missing_key_file_is_not_made(tmp_path: Path) -> None:
    provider = KeyFile(tmp_path / "none" / "root.key")
    with pytest.raises(RootKeyMissing):
        provider.load()
    assert not provider.path.parent.exists()


@pytest.mark.parametrize(
    "content",
    ["", "{}", "null", "[1]", '{"version": 2, "keys": [], "seed": ""}', "not json", '{"version": 1}'],
)
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: str) -> None:
    provider = key_file(tmp_path)
    provider.path.write_text(content)
    with pytest.raises(RootKeyRefused):
        provider.load()


def test_short_keys_are_refused() -> None:
    facts = json.loads(json.dumps(new_root_keys().as_facts()))
    changes: list[dict[str, object]] = [
        {"seed": "00"},
        {"keys": [{**facts["keys"][0], "key": "00"}]},
        {"keys": []},
    ]
    for change in changes:
        with pytest.raises(RootKeyRefused):
            RootKeys.from_facts({**facts, **change})


def test_a_passphrase_opens_its_file_alone(tmp_path: Path) -> None:
    keys = new_root_keys()
    path = tmp_path / "root.key"
    PassphraseFile(path, b"six words said by a person", CHEAP).create(keys)
    assert PassphraseFile(path, b"six words said by a person", CHEAP).load() == keys
    assert keys.primary.key.hex() not in path.read_text()
    for wrong in (b"", b"six words said by a persoN"):
        with pytest.raises(RootKeyRefused, match="passphrase"):
            PassphraseFile(path, wrong, CHEAP).load()


def test_the_cost_of_a_passphrase_cannot_be_lowered(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    PassphraseFile(path, WORDS, CHEAP).create(new_root_keys())
    assert Cost().memory >= 256 * 1024
    with pytest.raises(RootKeyRefused, match="less work"):
        PassphraseFile(path, WORDS).load()
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "memory": 128}))
    with pytest.raises(RootKeyRefused, match="passphrase"):
        PassphraseFile(path, WORDS, CHEAP).load()
    for broken in ({"salt": "zz"}, {"kdf": "scrypt"}, {"version": 2}, {"sealed": ""}):
        path.write_text(json.dumps({**facts, **broken}))
        with pytest.raises(RootKeyRefused):
            PassphraseFile(path, WORDS, CHEAP).load()


def test_the_default_cost_of_a_passphrase_works(tmp_path: Path) -> None:
    keys = new_root_keys()
    provider = PassphraseFile(tmp_path / "root.key", WORDS)
    provider.create(keys)
    assert provider.load() == keys


def test_a_passphrase_comes_through_a_pipe(tmp_path: Path, settings: LazySettings) -> None:
    read, write = os.pipe()
    os.write(write, WORDS + b"\n")
    os.close(write)
    settings.ROOT_KEY_PROVIDER = "passphrase"
    settings.ROOT_KEY_PASSPHRASE_FD = read
    settings.ROOT_KEY_FILE = tmp_path / "root.key"
    provider = from_settings()
    assert isinstance(provider, PassphraseFile)
    assert provider.passphrase == WORDS
    assert WORDS.decode() not in repr(provider)
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(read)
    settings.ROOT_KEY_PROVIDER = "hopes"
    with pytest.raises(RootKeyRefused):
        from_settings()


def test_keys_do_not_show_in_a_representation() -> None:
    keys = new_root_keys()
    shown = repr(keys) + repr(epoch.new())
    assert keys.primary.key.hex() not in shown
    assert repr(keys.primary.key) not in shown
    assert repr(keys.seed) not in shown


def test_domain_keys_differ_and_the_settings_key_has_no_part(settings: LazySettings) -> None:
    labels = [*Domain, "canary", held.WRAP_SCOPE, held.WRAP_KEYSTORE]
    before = {held.tag_key(label) for label in labels}
    root = held.keys().primary
    before |= {held.wrapping_key(root, label) for label in labels}
    assert len(before) == 2 * len(labels)
    assert root.key not in before
    settings.SECRET_KEY = "another"
    assert {held.tag_key(label) for label in labels} <= before
    with held.using(held.provider()):
        assert held.tag_key("canary") in before


@pytest.mark.django_db
def test_the_first_start_makes_the_fixed_scopes_once() -> None:
    before = set(ScopeKey.objects.values_list("pk", flat=True))
    initialise()
    assert set(ScopeKey.objects.values_list("pk", flat=True)) == before
    for scope in (STAFF, RECIPIENTS):
        assert ScopeKey.objects.filter(kind=scope.kind, scope_id=scope.id).count() == 1


@pytest.mark.django_db
def test_a_wrong_root_key_stops_the_start(tmp_path: Path, case: Scope, recorder: Remembering) -> None:
    row, rows = jar(case), ScopeKey.objects.count()
    other = key_file(tmp_path)
    content = other.path.read_bytes()
    recorder.keys.clear()
    with held.using(other):
        for start in (check_root_key, initialise):
            with (
                pytest.raises(WrongRootKey),
                transaction.atomic(),
                CaptureQueriesContext(connection) as queries,
            ):
                start()
            written = ("INSERT", "UPDATE", "DELETE")
            assert not [query for query in queries if query["sql"].startswith(written)]
        with pytest.raises(WrongRootKey):
            open_row(row, "title", reader="INV-01", purpose=Purpose.READ)
        with pytest.raises(WrongRootKey), transaction.atomic():
            create_scope_key(Scope.case(row.pk))
    assert ScopeKey.objects.count() == rows
    assert recorder.keys == []
    assert other.path.read_bytes() == content
    assert open_row(row, "title", reader="INV-01", purpose=Purpose.READ).text("title") == "the title"


@pytest.mark.django_db
def test_a_root_key_of_the_same_name_or_another_seed_is_wrong(tmp_path: Path) -> None:
    keys = held.keys()
    same_name = RootKeys(type(keys.primary)(keys.primary.id, bytes(32)), (), keys.seed)
    other_seed = RootKeys(keys.primary, (), bytes(32))
    for name, wrong in (("one", same_name), ("two", other_seed)):
        provider = KeyFile(tmp_path / name)
        provider.create(wrong)
        with held.using(provider), pytest.raises(WrongRootKey):
            check_root_key()


@pytest.mark.django_db
def test_a_vanished_root_key_is_not_replaced(tmp_path: Path) -> None:
    with held.using(KeyFile(tmp_path / "root.key")):
        for start in (check_root_key, initialise):
            with pytest.raises(RootKeyMissing), transaction.atomic():
                start()
    assert not list(tmp_path.glob("root*"))


@pytest.mark.django_db
def test_a_vanished_epoch_is_not_replaced(settings: LazySettings, tmp_path: Path) -> None:
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    with pytest.raises(RootKeyMissing), transaction.atomic():
        initialise()
    assert not list(tmp_path.glob("epoch*"))


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "{}", '{"version": 1, "keys": []}', '{"version": 2, "keys": []}'])
def test_a_damaged_epoch_file_is_refused(settings: LazySettings, tmp_path: Path, content: str) -> None:
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    (tmp_path / "epoch.key").write_text(content)
    with pytest.raises(RootKeyRefused):
        epoch.load()


@pytest.mark.django_db
def test_a_database_without_its_canary_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    from vault.keys import startup

    RootCheck.objects.update(sealed=b"")
    with pytest.raises(WrongRootKey):
        check_root_key()
    monkeypatch.setattr(startup, "_CANARY", uuid4())
    with pytest.raises(RootKeyMissing):
        check_root_key()


@pytest.mark.django_db
def test_an_empty_database_gets_keys_from_an_empty_folder(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`initialise` on a new database: here the tables only look empty, and the new rows are undone."""
    from vault.keys import startup

    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    provider = KeyFile(tmp_path / "keys" / "root.key")
    with held.using(provider), transaction.atomic():
        monkeypatch.setattr(startup, "_holds_keys", lambda: False)
        ScopeKey.objects.update(state="decrypt_only")
        initialise()
        assert provider.load().primary.id == RootCheck.objects.get().root_id
        assert mac(Domain.GRANTS, b"x")
        create_scope_key(STAFF)  # which `initialise` makes where the tables are empty indeed
        case = new_case()
        assert Jar.objects.filter(pk=jar(case).pk).exists()
        transaction.set_rollback(True)
    assert (tmp_path / "epoch.key").stat().st_mode & 0o777 == 0o600


def test_new_root_keys_are_random() -> None:
    keys = [new_root_key() for _ in range(20)]
    assert len({key.key for key in keys}) == len({key.id for key in keys}) == 20


@pytest.mark.django_db
def test_a_key_row_edited_by_hand_opens_nothing(case: Scope) -> None:
    """The administrator of the database points a case at another case's key."""
    row, other = jar(case), new_case()
    theirs = ScopeKey.objects.get(scope_id=other.id)
    ScopeKey.objects.filter(scope_id=case.id).update(wrapped=theirs.wrapped)
    with pytest.raises(VaultError):
        open_row(row, "title", reader="INV-01", purpose=Purpose.READ)


@pytest.mark.parametrize("words", [b"", b"fifteen letters"])
def test_a_new_passphrase_is_long_wherever_it_comes_from(tmp_path: Path, words: bytes) -> None:
    with pytest.raises(RootKeyRefused, match="at least 16"):
        PassphraseFile(tmp_path / "root.key", words, CHEAP).create(new_root_keys())
    assert not (tmp_path / "root.key").exists()


def test_a_passphrase_that_others_can_read_is_refused(tmp_path: Path, settings: LazySettings) -> None:
    held = tmp_path / "passphrase"
    held.write_bytes(WORDS)
    settings.ROOT_KEY_PROVIDER, settings.ROOT_KEY_PASSPHRASE_FILE = "passphrase", str(held)
    held.chmod(0o640)
    with pytest.raises(RootKeyRefused, match="owner alone"):
        from_settings()
    held.chmod(0o600)
    assert from_settings()
    held.unlink()
    with pytest.raises(RootKeyRefused, match="cannot be read"):
        from_settings()
