"""The only place that reads the environment: `NAME`, or `NAME_FILE` for a secret kept in a file.

A missing required value raises with its name; the safe value is the default.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.FileAwareEnv()
_POSTGRESQL = environ.Env.DB_SCHEMES["postgres"]
ROOT = Path(__file__).resolve().parents[1]


def text(name: str, default: str | None = None) -> str:
    """Return a text value; raises `ImproperlyConfigured` naming it when it is required and missing."""
    return str(_env.str(name) if default is None else _env.str(name, default=default))


def flag(name: str) -> bool:
    """Return a switch that is off unless set."""
    return bool(_env.bool(name, default=False))


def words(name: str, default: list[str]) -> list[str]:
    """Return a comma-separated list."""
    return [str(word) for word in _env.list(name, default=default)]


def number(name: str, default: int) -> int:
    """Return a whole number; raises `ImproperlyConfigured` naming what is none."""
    try:
        return int(_env.int(name, default=default))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None


def folder(name: str, default: Path) -> Path:
    """Return an absolute path."""
    return Path(_env.str(name, default=str(default))).resolve()


def address(name: str) -> str | tuple[str, int] | None:
    """Return where a service listens: the path of a socket, or host and port; None where unset.

    Raises `ImproperlyConfigured` for what is neither, so that a slip of the pen switches nothing off.
    """
    told = str(_env.str(name, default="")).strip()
    host, _, port = told.rpartition(":")
    if not told or told.startswith("/"):
        return told or None
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16):
        raise ImproperlyConfigured(f"{name} is neither the path of a socket nor host:port.")
    return host.strip("[]"), int(port)


def authorities(name: str) -> dict[str, dict[str, str]]:
    """Return the authorities of time stamps that `name` lists, each with its address, chain and policy."""
    found = {}
    for one in words(name, []):
        prefix = f"STAMP_{one.upper().replace('-', '_')}"
        found[one] = {
            "url": text(f"{prefix}_URL", ""),
            "chain": text(f"{prefix}_CHAIN"),
            "policy": text(f"{prefix}_POLICY"),
        }
    return found


def database(name: str) -> dict[str, object]:
    """Return Django's settings for the database URL in `name`; a socket's folder is its quoted host.

    Raises `ImproperlyConfigured` for what names no PostgreSQL database, without showing it: it may hold a
    password.
    """
    told, found = text(name).strip(), dict[str, object]()
    if _env.DB_SCHEMES.get(told.partition("://")[0]) == _POSTGRESQL:
        with suppress(ValueError):  # a port that is no number
            found.update(_env.db_url_config(told))
    if not found.get("NAME"):
        raise ImproperlyConfigured(f"{name} is not of the form postgres://user:password@host:5432/database.")
    return found | {"HOST": unquote(str(found["HOST"] or ""))}
