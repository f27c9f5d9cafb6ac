"""A process with another root key than the database's serves nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from casemgr.embedded.surroundings import ROOT
from vault.keys.root import new_root_keys

CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "casemgr"]
PROGRAMS = {
    "web": [sys.executable, "-c", "import casemgr.wsgi; print('serves')"],
    "worker": [*CELERY, "worker", "--concurrency", "1", "--loglevel", "error"],
    "scheduler": [*CELERY, "beat", "--schedule", "{schedule}", "--pidfile=", "--loglevel", "error"],
}


def start(program: str, folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """Start a program as `up` would, up to the moment before it serves."""
    return subprocess.run(
        [part.format(schedule=folder / "schedule") for part in PROGRAMS[program]],
        cwd=ROOT,
        env=os.environ | changed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.django_db(transaction=True)
def test_program_with_the_right_key_serves(tmp_path: Path) -> None:
    done = start("web", tmp_path)
    assert (done.returncode, done.stdout) == (0, "serves\n"), done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_with_another_key_does_not_start(program: str, tmp_path: Path) -> None:
    other = tmp_path / "root.key"
    other.write_text(json.dumps(new_root_keys().as_facts()))
    other.chmod(0o600)
    done = start(program, tmp_path, ROOT_KEY_FILE=str(other), EPOCH_KEY_FILE=str(tmp_path / "epoch.key"))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1].startswith("not started: WrongRootKey")
    assert "Traceback" not in done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_without_a_key_does_not_start(program: str, tmp_path: Path) -> None:
    done = start(program, tmp_path, ROOT_KEY_FILE=str(tmp_path / "none.key"))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1].startswith("not started: RootKeyMissing")
    assert not (tmp_path / "none.key").exists()
