"""Starting and stopping, with real processes: what a person sees, and that nothing is left behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from casemgr.embedded import postgres, surroundings, up
from casemgr.embedded.faults import StartError
from tests.running import ROOT, environment, folder, free_port, named

# As a shell starts what runs in the background: born deaf to Ctrl-C.
DEAF = ["sh", "-c", 'trap "" INT; exec "$0" -m tests.casemgr.small_up', sys.executable]


def working(data_dir: Path) -> psutil.Process:
    """Wait for the stand-in of the worker, which begins after the first page."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for one in named(data_dir):
            if "import time; time.sleep(600)" in one.cmdline():
                return one
        time.sleep(0.05)
    raise AssertionError("no worker began")


def start(data_dir: Path, port: int, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        DEAF,
        cwd=ROOT,
        env=environment(data_dir, port, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def refused(data_dir: Path, port: int, **more: str) -> str:
    """Start where it cannot succeed; return the one line that was said."""
    tried = start(data_dir, port, **more)
    _told, complaint = tried.communicate(timeout=60)
    assert tried.returncode == 1
    assert len(complaint.strip().splitlines()) == 1, complaint
    return complaint


def until_ready(running: subprocess.Popen[str]) -> list[str]:
    assert running.stdout is not None
    said: list[str] = []
    for line in running.stdout:
        said.append(line.strip())
        if line.startswith("Demonstration"):
            return said
    raise AssertionError(said, running.communicate()[1])


def test_a_run_starts_refuses_a_second_survives_a_kill_and_ends_clean(tmp_path: Path) -> None:
    with folder(tmp_path / "data") as data_dir:
        port = free_port()
        first = start(data_dir, port)
        assert f"ready http://127.0.0.1:{port}" in until_ready(first)

        assert "Another `up`" in refused(data_dir, free_port())
        assert f"Port {port} on 127.0.0.1 is taken" in refused(tmp_path / "other", port)
        assert not (tmp_path / "other" / "postgres.json").exists()

        os.kill(first.pid, signal.SIGKILL)
        first.wait()  # not to the end of its pipes: what it left behind still holds them
        for pipe in (first.stdout, first.stderr):
            assert pipe is not None
            pipe.close()
        assert named(data_dir), "the kill was to leave programs behind"

        second = start(data_dir, port)
        said = until_ready(second)
        assert said[0].startswith("ended ")
        begun = time.monotonic()
        second.send_signal(signal.SIGTERM)
        told, complaint = second.communicate(timeout=30)
        assert (second.returncode, complaint) == (0, "")
        assert told.splitlines()[-1] == "stopped"
        assert time.monotonic() - begun < 10
        assert named(data_dir) == []


def test_ctrl_c_while_the_database_is_made_leaves_nothing(tmp_path: Path) -> None:
    with folder(tmp_path / "data") as data_dir:
        running = start(data_dir, free_port())
        deadline = time.monotonic() + 20
        while not (data_dir / "lock").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        _told, complaint = running.communicate(timeout=30)
        assert (running.returncode, complaint) == (0, "")
        assert named(data_dir) == []


def test_the_end_of_one_program_is_one_line_and_ends_all(tmp_path: Path) -> None:
    with folder(tmp_path / "data") as data_dir:
        running = start(data_dir, free_port())
        until_ready(running)
        worker = working(data_dir)
        worker.kill()
        _told, complaint = running.communicate(timeout=30)
        assert running.returncode == 1
        assert complaint.strip() == "up: worker ended by itself; everything was stopped."
        assert named(data_dir) == []


def test_a_database_that_dies_is_one_line(tmp_path: Path) -> None:
    with folder(tmp_path / "data") as data_dir:
        running = start(data_dir, free_port())
        until_ready(running)
        postmaster = (postgres.home_of(data_dir) / "d" / "postmaster.pid").read_text().split()[0]
        os.kill(int(postmaster), signal.SIGKILL)
        _told, complaint = running.communicate(timeout=30)
        assert running.returncode == 1
        assert "PostgreSQL ended by itself" in complaint
        assert len(complaint.strip().splitlines()) == 1


def test_half_a_database_is_refused_and_kept(tmp_path: Path) -> None:
    with folder(tmp_path / "data") as data_dir:
        data_dir.mkdir()
        (data_dir / "postgres.json").write_text("{}")
        assert "one half of a database" in refused(data_dir, free_port())
        assert (data_dir / "postgres.json").read_text() == "{}"


def test_passwords_of_the_database_that_cannot_be_read_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "home_of", lambda _data_dir: tmp_path / "postgres")
    (tmp_path / "postgres" / "d").mkdir(parents=True)
    (tmp_path / "postgres" / "d" / "PG_VERSION").write_text("18")
    (tmp_path / "postgres.json").touch()
    with pytest.raises(StartError, match=r"postgres\.json is damaged.*Nothing was changed"):
        postgres.create(tmp_path)
    assert not (tmp_path / "postgres.json").read_text()


def test_a_redis_that_does_not_answer_is_one_line_without_its_password(tmp_path: Path) -> None:
    with folder(tmp_path / "data") as data_dir:
        line = refused(data_dir, free_port(), REDIS_URL=f"redis://user:geheim@127.0.0.1:{free_port()}/0")
        assert "REDIS_URL" in line
        assert "geheim" not in line


def test_a_disk_without_room_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(StartError, match="10 MB free"):
        up.check_disk(tmp_path / "data")


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device", "data/wal")

    keep = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(up, "run", full)
    try:
        assert up.main([]) == 1
    finally:
        for number, handler in keep.items():
            signal.signal(number, handler)
    assert "The disk is full; nothing that was kept is lost" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(StartError, match="PORT"):
        surroundings.read([], {"PORT": port})


def test_the_owner_and_the_checker_are_in_no_running_program() -> None:
    secrets = {
        f"{name}{end}": "postgres://x:geheim@h/d"
        for name in ("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL", "DATABASE_CHECKER_URL")
        for end in ("", "_FILE")
    }
    wishes = surroundings.read([], {"DATA_DIR": "/srv/none", "DATABASE_URL": "postgres://app@h/d"})
    given = surroundings.common(
        wishes, secrets | {"SECRET_KEY": "k"}, database_url="postgres://app@h/d", redis_url="redis://h"
    )
    assert not [name for name, value in given.items() if "geheim" in value]


def test_an_operators_own_database_needs_the_checkers_address() -> None:
    with pytest.raises(StartError, match="DATABASE_CHECKER_URL_FILE is needed"):
        surroundings.checker_url({"DATABASE_URL": "postgres://app@h/d"})
    own = {"DATABASE_CHECKER_URL": "postgres://checker@h/d"}
    assert surroundings.checker_url(own) == "postgres://checker@h/d"


def test_an_operators_own_database_is_no_demonstration_unless_asked() -> None:
    assert surroundings.read([], {}).is_demonstration
    assert not surroundings.read(["--no-demo"], {}).is_demonstration
    assert not surroundings.read([], {"DEMO": "0"}).is_demonstration
    own = {"DATABASE_URL": "postgres://app@h/d"}
    assert not surroundings.read([], own).is_demonstration
    assert surroundings.read([], own | {"DEMO": "1"}).is_demonstration


def test_a_signing_key_that_a_full_disk_left_empty_is_made_anew_once(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch(mode=0o644)
    path = surroundings.secret_key(tmp_path)
    made = path.read_text()
    assert len(made) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert surroundings.secret_key(tmp_path).read_text() == made
    assert [one.name for one in tmp_path.iterdir()] == ["secret.key"]


def test_keys_lie_beside_the_data_and_never_inside() -> None:
    wishes = surroundings.read([], {"DATA_DIR": "/srv/cases"})
    assert wishes.keys_dir == Path("/srv/cases-keys")
    given = surroundings.common(wishes, {"SECRET_KEY": "k"}, database_url="x", redis_url="y")
    assert given["ROOT_KEY_FILE"] == "/srv/cases-keys/root.key"


def test_what_works_in_the_background_begins_when_a_page_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "a folder"
    data.mkdir()
    monkeypatch.setattr(up, "crew", lambda _wishes: {"web": ["echo", "begun"], "worker": ["echo", "begun"]})
    found = up.lines(surroundings.read([], {"DATA_DIR": str(data)}))
    running = {
        name: subprocess.Popen(["sh", "-c", line], stdout=subprocess.PIPE, text=True)
        for name, line in found.items()
    }
    assert running["web"].communicate(timeout=10)[0] == "begun\n"
    with pytest.raises(subprocess.TimeoutExpired):
        running["worker"].wait(timeout=0.5)
    (data / "answered").touch()
    assert running["worker"].communicate(timeout=10)[0] == "begun\n"
