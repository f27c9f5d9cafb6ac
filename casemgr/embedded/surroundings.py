"""What `up` was asked for, and the environment that it gives to each program it starts."""

import argparse
import os
import secrets
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casemgr.embedded import postgres, redis
from casemgr.embedded.faults import StartError

ROOT = Path(__file__).resolve().parents[2]
# Names that only the preparation may see: with them a taken web process could change the tables' guards.
_OWNER = (
    "DATABASE_OWNER_URL",
    "DATABASE_OWNER_URL_FILE",
    "DATABASE_SUPERUSER_URL",
    "DATABASE_SUPERUSER_URL_FILE",
)
_SIGNING = "secret.key"
_CHECKER = ("DATABASE_CHECKER_URL", "DATABASE_CHECKER_URL_FILE")
# All that the checker is told of what others are: where the files lie, and how to run.
_NEEDED_TO_CHECK = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "HOME",
    "VIRTUAL_ENV",
    "DATA_DIR",
    "MEDIA_STORE",
    "PYTHONUNBUFFERED",
)


@dataclass(frozen=True)
class Wishes:
    """Port, folder, services of the operator's own (None: embedded), and whether to demonstrate."""

    port: int
    host: str
    data_dir: Path
    database_url: str | None
    redis_url: str | None
    is_demonstration: bool

    @property
    def keys_dir(self) -> Path:
        """Where the keys lie."""
        return _keys_dir(self.data_dir)


def _data_dir(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DATA_DIR") or ROOT / "data").absolute()


def _keys_dir(data_dir: Path) -> Path:
    """Beside DATA_DIR and never inside: a backup of the one must not hold the other."""
    return data_dir.with_name(f"{data_dir.name}-keys")


def read(arguments: Sequence[str], environ: Mapping[str, str]) -> Wishes:
    """Read the command line and the environment. Raises `StartError`."""
    parser = argparse.ArgumentParser(
        prog="manage.py up", description="Start the whole product in one process group."
    )
    parser.add_argument("--port", default=environ.get("PORT") or "8000", help="default: PORT, else 8000")
    parser.add_argument(
        "--host", default=environ.get("HOST_ADDRESS") or "127.0.0.1", help="address to listen on"
    )
    parser.add_argument(
        "--no-demo", action="store_true", help="do not make a new database a demonstration (DEMO=0)"
    )
    chosen = parser.parse_args(arguments)
    try:
        port = int(chosen.port)
    except ValueError:
        port = -1
    if not 0 < port < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {chosen.port!r}.")
    database = _value(environ, "DATABASE_URL")
    demo = environ.get("DEMO") or ("0" if database else "1")
    return Wishes(
        port=port,
        host=chosen.host,
        data_dir=_data_dir(environ),
        database_url=database,
        redis_url=_value(environ, "REDIS_URL"),
        is_demonstration=not chosen.no_demo and demo.lower() not in {"0", "no", "false", "off"},
    )


def _value(environ: Mapping[str, str], name: str) -> str | None:
    file = environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text().strip() or None
        except OSError as fault:
            raise StartError(f"{name}_FILE cannot be read: {fault}") from fault
    return environ.get(name) or None


def secret_key(data_dir: Path) -> Path:
    """Return the file with the key that signs cookies, made at the first start; no data key comes of it."""
    path = data_dir / _SIGNING
    # Written whole, then moved into place. One that a full disk once left empty would refuse every sign-in.
    if not path.exists() or not path.read_text().strip():
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        new.replace(path)
    return path


def common(
    wishes: Wishes, environ: Mapping[str, str], *, database_url: str, redis_url: str
) -> dict[str, str]:
    """Return the environment of web, worker, scheduler and signer: no owner's password, no checker's."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in {*_OWNER, *_CHECKER, "DATABASE_URL_FILE", "ROOT_KEY_PASSPHRASE_FD"}
    }
    kept |= {
        "DATA_DIR": str(wishes.data_dir),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "casemgr.settings",
        "PYTHONUNBUFFERED": "1",
    }
    kept.pop("REDIS_URL_FILE", None)
    if "SECRET_KEY" not in kept and "SECRET_KEY_FILE" not in kept:
        kept["SECRET_KEY_FILE"] = str(secret_key(wishes.data_dir))
    kept["ROOT_KEY_FILE"] = str(root_key(wishes, environ))
    return kept


def root_key(wishes: Wishes, environ: Mapping[str, str]) -> Path:
    """Return where the root key lies."""
    return Path(environ.get("ROOT_KEY_FILE") or wishes.keys_dir / "root.key")


def checker_url(environ: Mapping[str, str]) -> str:
    """Return the checker's address in a database of the operator's own. Raises `StartError`."""
    url = _value(environ, "DATABASE_CHECKER_URL")
    if not url:
        raise StartError(
            "DATABASE_CHECKER_URL_FILE is needed beside DATABASE_URL: stored files are checked by a program "
            "that signs in as `checker` (deploy/sql/roles.sql) and can do nothing else."
        )
    return url


def checker(common_environment: Mapping[str, str], url: str) -> dict[str, str]:
    """Return the environment of the checker: no key, no queue, and its own way into the database."""
    kept = {
        name: value
        for name, value in common_environment.items()
        if name in _NEEDED_TO_CHECK or name.startswith("MEDIA_BUCKET")
    }
    return kept | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "casemgr.settings",
        "REDIS_URL": "redis://none.invalid/0",
        "ROOT_KEY_PROVIDER": "none",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


def owner(environ: Mapping[str, str], embedded_url: str | None) -> dict[str, str]:
    """Return what the preparation alone gets: the address with which the owner migrates."""
    url = embedded_url or _value(environ, "DATABASE_OWNER_URL")
    return {"DATABASE_OWNER_URL": url} if url else {}


def adopt(environ: MutableMapping[str, str], command: str = "") -> None:
    """Point a command at the embedded services of DATA_DIR, as `app`, where nobody named a database.

    So `manage.py first_admin` or `manage.py doctor` reaches what `up` runs, and never as the owner: but for
    `verify_audit`, which compares every row of every case with the log. Beside a database of the operator's
    own it finds the keys that `up` made in DATA_DIR. Raises `StartError`.
    """
    if environ.get("DATABASE_URL") or environ.get("DATABASE_URL_FILE"):
        _adopt_keys(environ)
        return
    wishes = read([], environ)
    cluster = postgres.existing(wishes.data_dir)
    if cluster is None:
        return
    queue = wishes.redis_url or redis.url(redis.folder(wishes.data_dir))
    environ.update(common(wishes, environ, database_url=cluster.url("app"), redis_url=queue))
    if command == "verify_audit":
        environ.update(owner(environ, cluster.url("owner")))


def _adopt_keys(environ: MutableMapping[str, str]) -> None:
    data_dir = _data_dir(environ)
    signing, root = data_dir / _SIGNING, _keys_dir(data_dir) / "root.key"
    if signing.exists() and not (environ.get("SECRET_KEY") or environ.get("SECRET_KEY_FILE")):
        environ["SECRET_KEY_FILE"] = str(signing)
    if root.exists():
        environ.setdefault("ROOT_KEY_FILE", str(root))
