"""The preparation of a start: what keeps it from going on is one line, and nothing is changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.running import ROOT, free_port


def prepare(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_OWNER")}
    return subprocess.run(
        [sys.executable, "-m", "casemgr.embedded.prepare"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refused(**environment: str) -> str:
    done = prepare(**environment)
    assert done.returncode == 1, done.stdout
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.fixture
def foreign_key(tmp_path: Path) -> Path:
    """Return a well-formed root key that is not the one of the tests."""
    facts = json.loads(Path(settings.ROOT_KEY_FILE).read_text())
    for one in facts["keys"]:
        one["key"] = one["key"][::-1]
    key = tmp_path / "root.key"
    key.touch(mode=0o600)
    key.write_text(json.dumps(facts))
    return key


def test_a_database_that_is_ready_needs_no_owner(django_db_setup: None) -> None:
    done = prepare()
    assert (done.returncode, done.stderr) == (0, "")
    assert "first_admin" in json.loads(done.stdout.splitlines()[-1])["hint"]


def test_a_dead_database_is_one_line_without_its_password() -> None:
    port = free_port()
    line = refused(DATABASE_URL=f"postgres://app:geheim@127.0.0.1:{port}/casemgr")
    assert f"no PostgreSQL at 127.0.0.1:{port}, database casemgr" in line
    assert "geheim" not in line


def test_a_wrong_root_key_is_one_line_and_stays_as_it_is(django_db_setup: None, foreign_key: Path) -> None:
    before = foreign_key.read_bytes()
    line = refused(ROOT_KEY_FILE=str(foreign_key), EPOCH_KEY_FILE=str(settings.EPOCH_KEY_FILE))
    assert "is not the one this database was sealed under. Nothing was changed" in line
    assert foreign_key.read_bytes() == before


def test_a_missing_root_key_is_never_made_anew(django_db_setup: None, tmp_path: Path) -> None:
    line = refused(ROOT_KEY_FILE=str(tmp_path / "none"), EPOCH_KEY_FILE=str(settings.EPOCH_KEY_FILE))
    assert "No new key was made" in line
    assert list(tmp_path.iterdir()) == []


def test_a_root_key_that_others_can_read_is_refused(django_db_setup: None, foreign_key: Path) -> None:
    foreign_key.write_bytes(Path(settings.ROOT_KEY_FILE).read_bytes())
    foreign_key.chmod(0o644)
    assert "mode 0600" in refused(ROOT_KEY_FILE=str(foreign_key), EPOCH_KEY_FILE=str(settings.EPOCH_KEY_FILE))


def test_tables_of_another_release_are_not_touched_without_the_owner() -> None:
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/casemgr"
    assert "migrations of this release" in refused(DATABASE_URL=url)


def test_tables_from_before_the_first_release_are_refused_as_they_are() -> None:
    app, owner = (
        f"{os.environ[name].rpartition('/')[0]}/casemgr" for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    )
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)"
        )
        try:
            connection.execute("""
                INSERT INTO django_migrations
                VALUES (1, 'accounts', '0001_people_sessions_links'), (2, 'account', '0001_initial')
                """)
            line = refused(DATABASE_URL=app, DATABASE_OWNER_URL=owner)
            assert "before the first release" in line
            assert "Nothing was changed" in line
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            assert tables.fetchall() == [("django_migrations",)]
        finally:
            connection.execute("DROP TABLE django_migrations")


def test_a_changed_epoch_key_is_one_line_that_names_it(django_db_setup: None, tmp_path: Path) -> None:
    changed = tmp_path / "epoch.key"
    changed.touch(mode=0o600)
    facts = json.loads(Path(settings.EPOCH_KEY_FILE).read_text())
    one = facts["keys"][0]
    one["sealed"] = one["sealed"][:-2] + ("00" if one["sealed"][-2:] != "00" else "01")
    changed.write_text(json.dumps(facts))
    assert str(changed) in (line := refused(EPOCH_KEY_FILE=str(changed)))
    assert "Nothing was changed" in line


@pytest.mark.parametrize("name", ["DATABASE_URL", "MAX_UPLOAD"])
def test_a_setting_that_is_none_is_one_line_that_names_it(name: str) -> None:
    assert refused(**{name: "rubbish"}).startswith(f"{name} ")
