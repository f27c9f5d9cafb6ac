"""What a start or a command is told wrongly is one line that names it, and shows no password."""

import logging
import os
import shelve
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from audit import signing
from audit.signer import Signer
from casemgr import env
from casemgr.embedded import once, redis, up
from casemgr.embedded.surroundings import ROOT, adopt

WRONG = (
    "rubbish",
    "postgres://",
    "postgres://app:secret@host",
    "postgres://app:secret@host:abc/name",
    "mysql://app:secret@host/name",
    "http://app:secret@host/name",
)


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("told", WRONG)
def test_what_names_no_database_is_refused_unshown(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", told)
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL is not of the form") as refused:
        env.database("DATABASE_URL")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_database_behind_a_socket_or_a_port_is_named(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://app:p%40ss@%2Fsrv%2Fhere:6432/name\n")
    found = env.database("DATABASE_URL")
    named = (found["HOST"], found["PORT"], found["USER"], found["PASSWORD"], found["NAME"])
    assert named == ("/srv/here", 6432, "app", "p@ss", "name")


def test_a_number_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_UPLOAD", "20 GB")
    with pytest.raises(ImproperlyConfigured, match=r"^MAX_UPLOAD must be a whole number\.$"):
        env.number("MAX_UPLOAD", 1)


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"PORT": "abc"}, "manage.py: PORT must be a number from 1 to 65535, not 'abc'.\n"),
        (
            {"DATABASE_URL": "postgres://app@/none", "REDIS_URL": "redis://none"},
            "manage.py: Set the SECRET_KEY environment variable\n",
        ),
    ],
)
def test_a_command_says_it_in_one_line(environment: dict[str, str], line: str, tmp_path: Path) -> None:
    done = manage("doctor", DATA_DIR=str(tmp_path), **environment)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


def test_a_command_with_services_of_its_own_says_it_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    monkeypatch.setattr(up, "hear", lambda: None)
    assert once.main(["demo_export"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_command_beside_a_database_of_ones_own_finds_the_keys_that_up_made(tmp_path: Path) -> None:
    data, key = tmp_path / "data", tmp_path / "data-keys" / "root.key"
    told = {"DATABASE_URL": "postgres://app@host/name", "DATA_DIR": str(data)}
    alone = dict(told)
    adopt(alone)
    assert alone == told  # nothing of ours lies there
    for path in (data / "secret.key", key):
        path.parent.mkdir()
        path.touch()
    adopt(found := dict(told))
    assert found == told | {"SECRET_KEY_FILE": str(data / "secret.key"), "ROOT_KEY_FILE": str(key)}
    named = told | {"SECRET_KEY": "named", "ROOT_KEY_FILE": "elsewhere"}
    adopt(kept := dict(named))
    assert kept == named


@pytest.mark.parametrize("sign", "?#%")
def test_a_folder_that_no_address_holds_has_its_socket_elsewhere(sign: str, tmp_path: Path) -> None:
    folder = tmp_path.parent / f"a{sign}b"
    assert redis.folder(folder) != folder
    assert sign not in redis.url(redis.folder(folder))


@pytest.mark.parametrize("share", [1.0, 0.9, 0.4])
def test_a_schedule_that_a_kill_left_half_written_is_not_kept(share: float, tmp_path: Path) -> None:
    kept = tmp_path / "schedule"
    with shelve.open(str(kept)) as memory:  # noqa: S301  # written a line above
        memory["entries"] = {str(number): "due" * 100 for number in range(50)}
    for file in tmp_path.iterdir():
        os.truncate(file, int(file.stat().st_size * share))
    (tmp_path / "schedule-of-mine").touch()
    up.drop_broken_schedule(kept)
    left = {file.name for file in tmp_path.iterdir()}
    assert (left > {"schedule-of-mine"}) == (share == 1)
    assert "schedule-of-mine" in left


def test_the_signer_says_in_a_line_that_the_database_is_away(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("Key (name)=(Samira) of the statement")

    monkeypatch.setattr(signing, "seal_batch", away)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    ended = Event()
    ended.set()
    with caplog.at_level(logging.DEBUG, "audit"):
        signing.run(Signer.__new__(Signer), pause=0, ended=ended)
    (line,) = caplog.records
    assert line.getMessage().endswith("(OperationalError)")
    assert line.exc_info is None
