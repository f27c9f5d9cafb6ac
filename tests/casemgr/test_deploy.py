"""What `deploy/` starts is what `up` starts, under the same roles and with the secrets where they belong."""

import os
from pathlib import Path
from typing import Any

import psycopg
import yaml
from django.conf import settings
from psycopg import sql

from casemgr.embedded import surroundings, up

DEPLOY = Path(settings.STATIC_ROOT).parents[1] / "deploy"
PROGRAMS = ("web", "worker", "scheduler", "signer", "sessions", "checker", "prepare")


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def words(command: list[str]) -> list[str]:
    """Return a command line without what may differ between a laptop and a container."""
    places = {"127.0.0.1", "0.0.0.0"}  # noqa: S104  # compared, never bound
    return [Path(one).name for one in command if one not in places][1:]


def test_compose_starts_the_programs_that_up_starts() -> None:
    wishes = surroundings.read([], {"DATA_DIR": "/data"})
    services = compose()["services"]
    started = up.crew(wishes)
    assert set(services) == {"postgres", "valkey", "prepare", *started}
    for name, command in started.items():
        assert words(services[name]["command"]) == words(command), name


def test_every_program_runs_with_nothing_to_write_and_nothing_to_gain() -> None:
    for name, service in compose()["services"].items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["ulimits"] == {"core": 0}, name
        assert "privileged" not in service


def test_only_the_preparation_is_given_the_owners_address() -> None:
    services = compose()["services"]
    with_owner = [name for name in PROGRAMS if "database_owner_url" in services[name]["secrets"]]
    assert with_owner == ["prepare"]
    environments = {name: services[name]["environment"] for name in PROGRAMS}
    assert [name for name in PROGRAMS if "DATABASE_OWNER_URL_FILE" in environments[name]] == ["prepare"]


def test_the_checker_is_given_no_key_no_queue_and_may_change_no_file() -> None:
    checker = compose()["services"]["checker"]
    assert checker["volumes"] == ["data:/data:ro"]
    assert checker["secrets"] == ["checker_secret_key", "database_checker_url"]
    assert checker["environment"]["ROOT_KEY_PROVIDER"] == "none"
    assert not [name for name in checker["environment"] if name.startswith(("ROOT_KEY_FILE", "EPOCH"))]
    others = [name for name in compose()["services"] if name not in {"checker", "postgres", "valkey"}]
    assert not [name for name in others if "database_checker_url" in compose()["services"][name]["secrets"]]


def test_secrets_are_files_that_are_declared_and_never_in_git() -> None:
    found = compose()
    asked = {name for service in found["services"].values() for name in service.get("secrets", [])}
    assert asked == set(found["secrets"])
    for name, secret in found["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    assert "deploy/secrets/" in (DEPLOY.parent / ".gitignore").read_text().splitlines()
    assert "deploy/secrets" in (DEPLOY.parent / ".dockerignore").read_text().splitlines()


def test_only_the_web_server_is_reached_from_outside_and_only_on_loopback() -> None:
    found = compose()
    assert found["networks"]["inside"] == {"internal": True}
    for name, service in found["services"].items():
        if name == "web":
            assert service["ports"] == ["127.0.0.1:8000:8000"]
        else:
            assert "ports" not in service
            assert service["networks"] == ["inside"]


def test_the_roles_of_the_container_are_those_of_up() -> None:
    script = (DEPLOY / "postgres" / "roles.sh").read_text()
    assert "/sql/roles.sql" in script
    assert script.count("/sql/schemas.sql") == 2
    assert "for role in owner app checker" in script


def test_running_the_sql_twice_changes_nothing(django_db_setup: None) -> None:
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"]) as connection:
        for name in ("roles.sql", "schemas.sql"):
            connection.execute((DEPLOY / "sql" / name).read_bytes())
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolcanlogin FROM pg_roles "
            "WHERE rolname IN ('owner', 'app', 'checker', 'keystore', 'identity') ORDER BY 1"
        ).fetchall()
        connection.execute(sql.SQL("SET ROLE app"))
        may = connection.execute(
            "SELECT has_schema_privilege('app', 'public', 'CREATE'),"
            " has_schema_privilege('app', 'keystore', 'USAGE'), pg_has_role('app', 'keystore', 'USAGE'),"
            " pg_has_role('app', 'owner', 'MEMBER')"
        ).fetchone()
        connection.rollback()
    assert roles == [
        ("app", False, False, False, True),
        ("checker", False, False, False, True),
        ("identity", False, False, False, False),
        ("keystore", False, False, False, False),
        ("owner", False, False, False, True),
    ]
    assert may == (False, False, False, False)
