"""The drill: the root key comes back from any two of three papers, and from nothing less."""

import re
import shutil
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from vault.errors import RecoveryRefused
from vault.keys import held, recovery, sheets
from vault.keys.providers import KeyFile
from vault.keys.root import new_root_keys
from vault.keys.rotation import rotate_root
from vault.keys.startup import check_root_key

BODIES = ["--body", "A university archive", "--body", "A law clinic", "--body", "A notary"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(settings: LazySettings, tmp_path: Path) -> Path:
    """The keys of this test alone, and a folder for the papers."""
    settings.ROOT_RECOVERY_FILE = tmp_path / "root.recovery"
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    shutil.copy(settings.ROOT_KEY_FILE, tmp_path / "root.key")
    settings.ROOT_KEY_FILE = tmp_path / "root.key"
    (tmp_path / "papers").mkdir()
    return tmp_path


def papers(place: Path) -> list[Path]:
    return sorted((place / "papers").iterdir())


def test_drill(place: Path) -> None:
    """Made, rotated past, lost, and brought back by each pair; the start's check passes."""
    with held.using(KeyFile(place / "root.key")):
        call_command("root_shares", "make", str(place / "papers"), *BODIES, stdout=StringIO())
        first = held.keys()
        rotate_root(by="machine:command")
        keys, out = held.keys(), StringIO()
        assert keys != first
        call_command("root_shares", "check", *map(str, papers(place)), stdout=out)
        assert out.getvalue().count("is true") == 3
        for number, pair in enumerate(combinations(papers(place), 2)):
            (place / "root.key").unlink()
            with held.using(KeyFile(place / "root.key")):
                out = StringIO()
                call_command("root_shares", "recover", *map(str, pair), stdout=out)
                assert "is the one of this database" in out.getvalue(), number
                assert held.keys() == keys
                check_root_key()
        with pytest.raises(CommandError, match="already"):
            call_command("root_shares", "recover", *map(str, papers(place)[:2]))


def test_papers_say_nothing_alone_and_show_no_key(place: Path) -> None:
    with held.using(KeyFile(place / "root.key")):
        call_command("root_shares", "make", str(place / "papers"), *BODIES, stdout=StringIO())
        keys = held.keys()
    for path in (*papers(place), place / "root.recovery"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert keys.primary.key.hex() not in path.read_text()
        assert keys.seed.hex() not in path.read_text()
    for wrong in (papers(place)[:1], papers(place)[:1] * 2):
        with (
            held.using(KeyFile(place / "none.key")),
            pytest.raises(CommandError, match="two different bodies"),
        ):
            call_command("root_shares", "recover", *map(str, wrong))
    assert not (place / "none.key").exists()


def test_what_does_not_belong_together_is_refused_by_name() -> None:
    file, shares = recovery.make(new_root_keys())
    _, others = recovery.make(new_root_keys())
    with pytest.raises(RecoveryRefused, match=f"set {others[1].set_id}"):
        file.open([shares[0], others[1]])
    false = recovery.Half(3, bytes(32))
    forged = recovery.Share(file.set_id, 1, (shares[0].halves[0], false))
    with pytest.raises(RecoveryRefused, match="half of body 1 with body 3 is false"):
        file.open([forged, shares[2]])
    another, _ = recovery.make(new_root_keys())
    stranger = replace(file, public=another.public).renewed(new_root_keys())
    with pytest.raises(RecoveryRefused, match="not theirs"):
        stranger.open(shares[:2])
    assert file.open(shares).seed == file.open(shares[1:]).seed


def test_one_body_alone_learns_nothing_from_its_halves() -> None:
    """Its two halves joined give no secret; nor does a half of each of two pairs."""
    file, shares = recovery.make(new_root_keys())
    for share in shares:
        one, other = share.halves
        lied = recovery.Share(file.set_id, one.partner, (recovery.Half(share.body, other.content),))
        with pytest.raises(RecoveryRefused):
            file.open([share, lied])


def test_what_is_typed_is_what_was_printed() -> None:
    _, shares = recovery.make(new_root_keys())
    for share in shares:
        printed = sheets.sheet(share, "A notary", "2026-11-21")
        assert sheets.parse(printed) == share
        assert sheets.parse(sheets.lines_of(share).upper()) == share
    lines = sheets.lines_of(shares[0])
    words = lines.splitlines()[2].split()
    for wrong, said in (
        (lines.replace(words[2], "zebrass", 1), "word 1 is not in the list"),
        (lines.replace(f" {words[-1]}", "", 1), "23 words"),
        (lines.replace("body 1", "body 9"), "begins with its lines"),
        (re.sub(r"(?m)^with 3.*$", "", lines), "one line for each"),
        (lines.replace("with 3", "with 2"), "one line for each"),
        ("", "begins with its lines"),
    ):
        with pytest.raises(RecoveryRefused, match=said):
            sheets.parse(wrong)
    slips = [lines.replace(f" {words[5]} ", f" {slip} ", 1) for slip in ("abandon", "zoo", "ladder", "orbit")]
    refused = 0
    for slip in slips:  # one in 256 passes its checksum by chance, and is found false by its digest
        with suppress(RecoveryRefused):
            assert sheets.parse(slip) != shares[0]
            continue
        refused += 1
    assert refused >= 2


def test_three_bodies_are_named_and_nothing_is_overwritten(place: Path) -> None:
    with held.using(KeyFile(place / "root.key")):
        for names in ([], BODIES[:4], [*BODIES[:4], "--body", " a law  CLINIC"]):
            with pytest.raises(CommandError, match="three different bodies"):
                call_command("root_shares", "make", str(place / "papers"), *names)
        assert papers(place) == []
        call_command("root_shares", "make", str(place / "papers"), *BODIES, stdout=StringIO())
        before = (place / "root.recovery").read_bytes()
        with pytest.raises(CommandError, match="destroy them first"):
            call_command("root_shares", "make", str(place / "papers"), *BODIES)
        assert (place / "root.recovery").read_bytes() == before


def test_a_file_that_was_left_behind_is_told(place: Path) -> None:
    with held.using(KeyFile(place / "root.key")):
        call_command("root_shares", "make", str(place / "papers"), *BODIES, stdout=StringIO())
        old = (place / "root.recovery").read_bytes()
        rotate_root(by="machine:command")
        call_command("root_shares", "check", stdout=StringIO())
        (place / "root.recovery").write_bytes(old)
        with pytest.raises(CommandError, match="another root key"):
            call_command("root_shares", "check")
        for content in (b"", b"{}", b'{"version": 2}', b"[]"):
            (place / "root.recovery").write_bytes(content)
            with pytest.raises(CommandError, match="file of recovery"):
                call_command("root_shares", "check")
