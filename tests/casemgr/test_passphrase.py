"""The root key under a passphrase: asked once where `up` runs, read by its programs, gone with it."""

import getpass
import io
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import LazySettings

from casemgr.embedded import passphrase
from casemgr.embedded.faults import StartError
from tests.running import ROOT, environment, folder, free_port
from vault.keys.providers import PassphraseFile, from_settings
from vault.keys.root import RootKeys

WORDS = "lantern orchard pebble winter"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def piped(words: str) -> int:
    read, write = os.pipe()
    os.write(write, words.encode() + b"\n")
    os.close(write)
    return read


def wanted(words: str) -> dict[str, str]:
    return {"ROOT_KEY_PROVIDER": "passphrase", "ROOT_KEY_PASSPHRASE_FD": str(piped(words))}


def test_what_was_typed_is_read_again_and_again_until_the_end(tmp_path: Path, settings: LazySettings) -> None:
    environ = wanted(WORDS)
    with ExitStack() as stack:
        handed = passphrase.hand_on(environ, tmp_path / "root.key", stack)
        named = handed["ROOT_KEY_PASSPHRASE_FILE"]
        assert WORDS not in str(handed)
        with pytest.raises(OSError, match="not permitted"):
            Path(named).write_bytes(b"another passphrase")
        settings.ROOT_KEY_PROVIDER, settings.ROOT_KEY_PASSPHRASE_FILE = "passphrase", named
        for _ in range(2):
            provider = from_settings()
            assert isinstance(provider, PassphraseFile)
            assert provider.passphrase == WORDS.encode()
        other = [sys.executable, "-c", f"print(open({named!r}).read())"]
        assert subprocess.run(other, check=True, capture_output=True, text=True).stdout.strip() == WORDS
    assert not Path(named).exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_key_in_a_file_asks_for_nothing(tmp_path: Path) -> None:
    with ExitStack() as stack:
        assert passphrase.hand_on({}, tmp_path / "root.key", stack) == {}


@pytest.mark.parametrize("descriptor", [{}, {"ROOT_KEY_PASSPHRASE_FD": "0"}])
@pytest.mark.parametrize("again", [WORDS, "lantern orchard pebble wimter"])
def test_new_passphrase_is_typed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, descriptor: dict[str, str], again: str
) -> None:
    typed = iter([WORDS, again])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _asked: next(typed))
    environ = {"ROOT_KEY_PROVIDER": "passphrase", **descriptor}
    with ExitStack() as stack:
        if again == WORDS:
            assert passphrase.hand_on(environ, tmp_path / "root.key", stack)
        else:
            with pytest.raises(StartError, match="differ"):
                passphrase.hand_on(environ, tmp_path / "root.key", stack)
    assert not list(typed)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ROOT_KEY_PROVIDER": "passphrase"}, "no terminal"),
        ({"ROOT_KEY_PROVIDER": "passphrase", "ROOT_KEY_PASSPHRASE_FD": "999"}, "no open descriptor"),
        ({"ROOT_KEY_PROVIDER": "passphrase", "ROOT_KEY_PASSPHRASE_FD": "x"}, "no open descriptor"),
    ],
)
def test_without_a_passphrase_nothing_starts(
    tmp_path: Path, environ: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(StartError, match=said), ExitStack() as stack:
        passphrase.hand_on(environ, tmp_path / "root.key", stack)


def test_first_passphrase_is_long(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="16 bytes"), ExitStack() as stack:
        passphrase.hand_on(wanted("short"), tmp_path / "root.key", stack)


def _tried(data_dir: Path, words: str) -> tuple[int, str]:
    """Bring services and keys up as `up` does, run one command that opens a key, and take them down."""
    pipe = piped(words)
    done = subprocess.run(
        [sys.executable, "-m", "casemgr.embedded.once", "check"],
        cwd=ROOT,
        env=environment(
            data_dir, free_port(), ROOT_KEY_PROVIDER="passphrase", ROOT_KEY_PASSPHRASE_FD=str(pipe), DEMO="0"
        ),
        pass_fds=[pipe],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    os.close(pipe)
    return done.returncode, done.stderr


@pytest.mark.soak  # three whole starts
def test_installation_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    with folder(tmp_path / "data") as data_dir:
        assert _tried(data_dir, WORDS)[0] == 0
        key_file = tmp_path / "data-keys" / "root.key"
        assert '"argon2id"' in key_file.read_text()
        sealed = key_file.read_bytes()
        code, complaint = _tried(data_dir, "another passphrase of the same kind")
        assert (code, len(complaint.strip().splitlines())) == (1, 1)
        assert "passphrase does not open" in complaint
        assert key_file.read_bytes() == sealed
        keys = PassphraseFile(key_file, WORDS.encode()).load()
        assert isinstance(keys, RootKeys)
        assert keys.primary.key.hex().encode() not in sealed
