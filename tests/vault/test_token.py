"""The root key behind a PKCS#11 token (SoftHSM): it opens with the token alone."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests import softhsm
from vault.errors import RootKeyMissing, RootKeyRefused, RootKeyUnreachable
from vault.keys.providers import from_settings
from vault.keys.root import new_root_keys
from vault.keys.token import Token, TokenFile

PIN = "428319"
# Runs apart: the library of the token must not stay in the process of the tests.
MAKE = """
import sys, pkcs11
library, pin = sys.argv[1:3]
token = pkcs11.lib(library).get_token(token_label="casemgr")
with token.open(rw=True, user_pin=pin) as session:
    kind, flag = pkcs11.KeyType.AES, pkcs11.Attribute
    for label, may_leave in (("casemgr", False), ("loose", True)):
        session.generate_key(
            kind, 256, label=label, store=True,
            template={flag.EXTRACTABLE: may_leave, flag.SENSITIVE: not may_leave},
        )
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token of this module with two keys: one that stays, one that could be taken out."""
    library = softhsm.find()
    assert library, softhsm.MISSING
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    environ = {"SOFTHSM2_CONF": str(folder / "softhsm2.conf"), "PATH": "/usr/bin:/bin:/usr/local/bin"}
    words = ["--init-token", "--free", "--label", "casemgr", "--so-pin", "90210417", "--pin", PIN]
    subprocess.run(["softhsm2-util", *words], env=environ, check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", MAKE, library, PIN], env=environ, check=True, capture_output=True)
    return folder


@pytest.fixture
def provider(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TokenFile:
    monkeypatch.setenv("SOFTHSM2_CONF", str(store / "softhsm2.conf"))
    return TokenFile(tmp_path / "root.key", Token(str(softhsm.find()), "casemgr", "casemgr", PIN))


def test_what_is_sealed_opens_and_shows_nothing(
    provider: TokenFile, settings: LazySettings, tmp_path: Path
) -> None:
    keys = new_root_keys()
    provider.create(keys)
    assert provider.load() == keys
    lying = provider.path.read_text()
    assert keys.primary.key.hex() not in lying
    assert keys.seed.hex() not in lying
    assert PIN not in repr(provider)
    with pytest.raises(FileExistsError):
        provider.create(new_root_keys())
    other = new_root_keys()
    provider.replace(other)
    settings.ROOT_KEY_PROVIDER, settings.ROOT_KEY_FILE = "pkcs11", provider.path
    settings.ROOT_KEY_PKCS11 = {
        "library": provider.token.library, "label": "casemgr", "key": "casemgr", "pin": PIN,
    }  # fmt: skip
    assert from_settings().load() == other


def test_what_does_not_fit_is_refused_by_name(provider: TokenFile) -> None:
    with pytest.raises(RootKeyMissing):
        provider.load()
    provider.create(new_root_keys())
    token = provider.token
    for wrong, words in (
        (replace(token, pin="000000"), "PIN"),
        (replace(token, key="nothing"), "no AES key"),
        (replace(token, key="loose"), "taken out"),
        (replace(token, library="/nowhere.so"), "no PKCS#11 library"),
    ):
        with pytest.raises(RootKeyRefused, match=words):
            replace(provider, token=wrong).load()
    for away in (replace(token, label="another"), replace(token, patience=0.001)):
        with pytest.raises(RootKeyUnreachable):
            replace(provider, token=away).load()


def test_a_file_that_was_changed_is_refused(provider: TokenFile) -> None:
    provider.create(new_root_keys())
    facts = json.loads(provider.path.read_text())
    wrapped, sealed = facts["wrapped"], facts["sealed"]
    for change in (
        {"wrapped": wrapped[:-2] + ("00" if wrapped[-2:] != "00" else "01")},
        {"wrapped": wrapped[:20]},
        {"wrapped": "not hex"},
        {"sealed": sealed[:-2] + ("00" if sealed[-2:] != "00" else "01")},
        {"sealed": ""},
        {"version": 2},
    ):
        provider.path.write_text(json.dumps({**facts, **change}))
        with pytest.raises(RootKeyRefused):
            provider.load()


def test_without_the_package_it_says_so(provider: TokenFile, tmp_path: Path) -> None:
    """As where the optional package was left out: the child finds none."""
    child = (Path(__file__).parents[2] / "vault/keys/tokenchild.py").read_text()
    blocked = tmp_path / "child.py"
    blocked.write_text(f"import sys\nsys.modules['pkcs11'] = None\n{child}")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("vault.keys.token._CHILD", blocked)
        with pytest.raises(RootKeyRefused, match="python-pkcs11 is not installed"):
            provider.create(new_root_keys())
