"""What lies in a folder after `demo_export`, and that it exists in a demonstration alone."""

import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path

import pyrage
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Installation
from exports import signer
from tests.exports.test_delivery_bytes import open_age
from tests.exports.worlds import World


@pytest.fixture
def demonstration(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    Installation.objects.create(is_demonstration=True)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / "demo-recipient.txt").write_text(f"{world.identity}\n")
    return world


def test_folder_holds_what_opens_with_other_peoples_programs(demonstration: World, tmp_path: Path) -> None:
    number, out, told = demonstration.verified.number, tmp_path / "out", StringIO()
    call_command("demo_export", str(out), stdout=told)
    assert sorted(path.name for path in out.iterdir()) == [
        f"{number}.receipt.txt",
        f"{number}.statement.sig",
        f"{number}.statement.txt",
        f"{number}.zip.age",
        "HOW-TO-CHECK.txt",
        "demo-recipient.txt",
        "signer.pem",
    ]
    assert number in told.getvalue()
    identity = pyrage.x25519.Identity.from_str((out / "demo-recipient.txt").read_text().strip())
    (out / "p.zip").write_bytes(open_age(tmp_path, (out / f"{number}.zip.age").read_bytes(), identity))
    with zipfile.ZipFile(out / "p.zip") as opened:
        opened.extractall(out)
    subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", out / number], check=True, capture_output=True
    )
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "signer.pem", "-rawin"]
    command += ["-in", f"{number}.statement.txt", "-sigfile", f"{number}.statement.sig"]
    subprocess.run(command, cwd=out, check=True, capture_output=True)
    assert (out / "demo-recipient.txt").stat().st_mode & 0o077 == 0


def test_no_demonstration_no_folder(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("demo_export", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_demonstration_without_identity_or_package_says_so(demonstration: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no finished export"):
        call_command("demo_export", str(tmp_path / "out"))
    (settings.DATA_DIR / "demo-recipient.txt").unlink()
    with pytest.raises(CommandError, match="identity"):
        call_command("demo_export", str(tmp_path / "out"))


def test_export_key_is_made_once_and_only_its_public_half_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "EXPORT_SIGNING_KEY_FILE", tmp_path / "keys" / "export.key")
    first, again = StringIO(), StringIO()
    call_command("make_export_key", stdout=first)
    call_command("make_export_key", stdout=again)
    assert first.getvalue() == again.getvalue()
    assert "BEGIN PUBLIC KEY" in first.getvalue()
    assert "PRIVATE" not in first.getvalue()
    assert signer.signing_key()
