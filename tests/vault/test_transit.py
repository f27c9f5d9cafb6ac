"""The root key behind Vault or OpenBao: it opens with the service alone, and nothing takes its place."""

import datetime as dt
import ipaddress
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import LazySettings
from django.core.management import call_command

from accounts.models import User
from tests.personas import signed_in
from tests.vault.transit import TOKEN, Transit, serving
from vault.errors import RootKeyMissing, RootKeyRefused, RootKeyUnreachable
from vault.keys import held
from vault.keys.providers import from_settings
from vault.keys.root import new_root_keys
from vault.keys.transit import Server, TransitFile


@pytest.fixture
def transit() -> Transit:
    return Transit()


@pytest.fixture
def provider(transit: Transit, tmp_path: Path) -> Iterator[TransitFile]:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    token.chmod(0o600)
    with serving(transit) as url:
        yield TransitFile(tmp_path / "root.key", Server(url, token, "casemgr", patience=0.5))


def test_what_is_sealed_opens_and_shows_nothing(provider: TransitFile) -> None:
    keys = new_root_keys()
    provider.create(keys)
    assert provider.load() == keys
    lying = provider.path.read_text()
    assert keys.primary.key.hex() not in lying
    assert json.loads(lying)["transit"].startswith("vault:v1:")
    assert provider.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        provider.create(new_root_keys())
    other = new_root_keys()
    provider.replace(other)
    assert provider.load() == other


def test_wrapping_anew_opens_nothing_here(provider: TransitFile, transit: Transit) -> None:
    keys = new_root_keys()
    provider.create(keys)
    transit.keys["casemgr"].append(os.urandom(32))
    transit.asked.clear()
    provider.rewrap()
    assert [path.split("/")[3] for _, path in transit.asked] == ["keys", "rewrap"]
    assert '"vault:v2:' in provider.path.read_text()
    transit.keys["casemgr"][0] = bytes(32)
    assert provider.load() == keys


def test_a_service_that_is_away_is_said_and_nothing_is_made(provider: TransitFile, transit: Transit) -> None:
    provider.create(new_root_keys())
    before, known = provider.path.read_bytes(), set(transit.keys)
    transit.is_sealed = True
    with pytest.raises(RootKeyUnreachable, match="sealed or busy"):
        provider.load()
    with pytest.raises(RootKeyUnreachable):
        provider.replace(new_root_keys())
    transit.is_sealed, transit.delay = False, 1.2
    with pytest.raises(RootKeyUnreachable, match="does not answer"):
        provider.load()
    transit.delay, transit.raw = 0.0, b"<html>a proxy</html>"
    with pytest.raises(RootKeyUnreachable, match="is not the service"):
        provider.load()
    gone = replace(provider, server=replace(provider.server, url="http://127.0.0.1:9"))
    with pytest.raises(RootKeyUnreachable, match="does not answer"):
        gone.load()
    assert provider.path.read_bytes() == before
    assert set(transit.keys) == known


def test_token_namespace_and_name_must_fit(provider: TransitFile, transit: Transit) -> None:
    keys = new_root_keys()
    provider.create(keys)
    transit.namespace = "evidence/"
    with pytest.raises(RootKeyUnreachable, match="refuses the token"):
        provider.load()
    assert replace(provider, server=replace(provider.server, namespace="evidence/")).load() == keys
    transit.namespace = ""
    strange = replace(provider, server=replace(provider.server, key="casemgr-2"))
    with pytest.raises(RootKeyRefused):
        strange.replace(keys)
    assert "casemgr-2" not in transit.keys, "the service would have made one"
    provider.server.token_file.write_text("hvs.revoked")
    with pytest.raises(RootKeyUnreachable, match="refuses the token"):
        provider.load()
    for mode, text in ((0o640, TOKEN), (0o600, ""), (0o600, "two\nlines")):
        provider.server.token_file.write_text(text)
        provider.server.token_file.chmod(mode)
        with pytest.raises(RootKeyRefused):
            provider.load()
    provider.server.token_file.unlink()
    with pytest.raises(RootKeyUnreachable):
        provider.load()


@pytest.mark.parametrize(
    "facts", [{"exportable": True}, {"allow_plaintext_backup": True}, {"type": "rsa-4096"}, {"type": ""}]
)
def test_a_key_that_could_leave_the_service_is_refused(
    provider: TransitFile, transit: Transit, facts: dict[str, object]
) -> None:
    transit.facts = facts
    with pytest.raises(RootKeyRefused):
        provider.create(new_root_keys())
    assert not provider.path.exists()


def test_a_file_that_was_changed_is_refused(provider: TransitFile, transit: Transit) -> None:
    with pytest.raises(RootKeyMissing):
        provider.load()
    provider.create(new_root_keys())
    sealed = json.loads(provider.path.read_text())["transit"]
    plain = {"plaintext": "aGVsbG8=", "associated_data": ""}
    foreign = transit._encrypt("casemgr", plain)["ciphertext"]  # another use of the same key
    for text in ("", "[]", '{"version": 2}', json.dumps({"version": 1, "transit": sealed[:-8] + "AAAAAAA="})):
        provider.path.write_text(text)
        with pytest.raises(RootKeyRefused):
            provider.load()
    provider.path.write_text(json.dumps({"version": 1, "transit": foreign}))
    with pytest.raises(RootKeyRefused):
        provider.load()


def test_a_redirect_is_not_followed(provider: TransitFile, transit: Transit) -> None:
    provider.create(new_root_keys())
    other = Transit()
    with serving(other) as elsewhere:
        transit.redirect = elsewhere
        with pytest.raises(RootKeyUnreachable):
            provider.load()
    assert other.asked == [], "the token would have gone there"


@pytest.mark.parametrize(
    "url", ["", "http://vault.example.org", "ftp://127.0.0.1", "https://me:pw@vault.example"]
)
def test_an_address_without_tls_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(RootKeyRefused):
        Server(url, tmp_path / "token", "casemgr")


def test_the_certificate_is_checked(tmp_path: Path, transit: Transit) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    certificate = self_signed(tmp_path)
    with serving(transit, certificate) as url:
        server = Server(url, token, "casemgr", patience=2)
        with pytest.raises(RootKeyUnreachable):
            TransitFile(tmp_path / "root.key", server).create(new_root_keys())
        assert transit.asked == []
        keys, trusting = new_root_keys(), replace(server, ca_file=str(certificate[0]))
        TransitFile(tmp_path / "root.key", trusting).create(keys)
        assert TransitFile(tmp_path / "root.key", trusting).load() == keys


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a vault of the tests")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "vault.pem", folder / "vault.key"
    paths[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


@pytest.fixture
def behind(provider: TransitFile, settings: LazySettings) -> TransitFile:
    """The keys of this run, moved behind the service, as the settings name it."""
    provider.create(held.keys())
    settings.ROOT_KEY_PROVIDER, settings.ROOT_KEY_FILE = "vault", provider.path
    settings.ROOT_KEY_VAULT = {
        "url": provider.server.url,
        "token_file": str(provider.server.token_file),
        "key": "casemgr",
        "epoch_key": "",
        "mount": "transit",
        "namespace": "",
        "ca_file": "",
    }
    return provider


FORM = {
    "letters": "ban", "title": "A case", "situation": "Syria", "mandate": "To find out",
    "standard_of_proof": "reasonable_grounds_to_believe", "armed_conflict": "NIAC",
    "retention_rule": "permanent",
}  # fmt: skip


def test_a_request_while_the_service_is_away_is_told_so(
    behind: TransitFile, transit: Transit, lead: User
) -> None:
    """Opening a case asks for the newest root key; without the service nothing is made: 503, come again."""
    with held.using(None):
        assert from_settings().load() == held.keys()
        transit.is_sealed = True
        answer = signed_in(lead).post("/cases/new/", FORM)
        assert answer.status_code == 503, answer.content.decode()[-3000:]
        assert answer["Retry-After"] == "60"
        transit.is_sealed = False
        assert signed_in(lead).post("/cases/new/", FORM).status_code == 302


@pytest.mark.django_db
def test_the_command_wraps_anew(behind: TransitFile, transit: Transit) -> None:
    transit.keys["casemgr"].append(os.urandom(32))
    with held.using(None):
        call_command("rotate_keys", "provider")
    assert '"vault:v2:' in behind.path.read_text()


def test_a_start_without_the_service_ends_with_one_line(behind: TransitFile, transit: Transit) -> None:
    transit.is_sealed = True
    environment = {
        **os.environ,
        "ROOT_KEY_PROVIDER": "vault",
        "ROOT_KEY_FILE": str(behind.path),
        "ROOT_KEY_VAULT_URL": behind.server.url,
        "ROOT_KEY_VAULT_TOKEN_FILE": str(behind.server.token_file),
        "DJANGO_SETTINGS_MODULE": "casemgr.settings",
    }
    script = "import django; django.setup(); from casemgr.threshold import cross; cross()"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 3
    assert b"sealed or busy" in done.stderr
    assert TOKEN.encode() not in done.stderr
