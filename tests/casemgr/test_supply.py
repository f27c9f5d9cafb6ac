"""What is installed is what was pinned, from nowhere that is named; what is lacking is said in one line."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from casemgr.embedded import frontend

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?==([^ ;\\]+)")


def pins(name: str) -> dict[str, str]:
    found = {}
    for line in (ROOT / "requirements" / name).read_text().replace("\\\n", " ").splitlines():
        pin = PIN.match(line)
        assert pin, line
        assert "--hash=sha256:" in line, line
        found[pin[1].lower()] = pin[3]
    return found


def test_every_requirement_is_pinned_with_hashes_and_no_host_is_named() -> None:
    base, dev = pins("base.txt"), pins("dev.txt")
    assert {name: dev.get(name) for name in base} == base
    for name in ("base.txt", "dev.txt"):
        assert "://" not in (ROOT / "requirements" / name).read_text()


def test_everything_that_the_project_names_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for names, file in (
        (project["dependencies"], "base.txt"),
        (project["optional-dependencies"]["dev"], "dev.txt"),
    ):
        wanted = {re.split(r"[\[<>=]", name)[0].lower() for name in names}
        assert wanted <= set(pins(file)), file


def test_front_end_packages_have_digests_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert {f"node_modules/{name}" for name in wanted} <= set(packages)
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(
        (ROOT / ".npmrc").read_text().split()
    )


def test_a_machine_without_npm_uses_the_one_in_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    command = frontend.npm()
    assert "npm-cli.js" in command[-1]
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert re.match(r"\d+\.\d+", done.stdout)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a folder with nothing but the Makefile: no environment was made there yet."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").touch()
    return tmp_path


def python(folder: Path, body: str) -> str:
    """Return the path of a program that answers as a Python would."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('case "$2" in *version_info*) exit 1;; esac', "is older than Python 3.11"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "lacks its modules venv and ensurepip"),
    ],
)
def test_a_python_that_cannot_do_is_one_clear_line(bare: Path, body: str, said: str) -> None:
    asked = ["make", "-s", ".venv/base.stamp", f"PYTHON={python(bare, body)}"]
    done = subprocess.run(asked, cwd=bare, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.parametrize(
    ("body", "is_taken"), [("exit 0", True), ('case "$2" in *ensurepip*) exit 1;; esac', False)]
)
def test_the_systems_python_comes_first_where_it_can_do(bare: Path, body: str, *, is_taken: bool) -> None:
    system = python(bare, body)
    asked = ["make", "-s", f"SYSTEM={system}", "--eval", "chosen:; @echo $(PYTHON)", "chosen"]
    done = subprocess.run(asked, cwd=bare, capture_output=True, text=True, check=True)
    assert done.stdout.strip()
    assert (done.stdout.strip() == system) == is_taken


def test_no_python_at_all_is_one_clear_line(bare: Path) -> None:
    asked = ["make", "-s", ".venv/base.stamp", "PYTHON="]
    done = subprocess.run(asked, cwd=bare, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Python 3.11 or later is needed and none was found" in done.stderr


def test_ci_calls_make_test() -> None:
    assert "exec make test" in (ROOT / ".ci" / "run").read_text()
