"""How each model field is handled: what it is for, whether it is sealed, how long it is kept.

Promise: a declaration is data alone; it grants nothing. Every room declares its fields with it, and a field
without a declaration stops the start-up. `docs/data-handling.md` is written from these.
"""

from dataclasses import dataclass
from enum import StrEnum


class TableKind(StrEnum):
    """What the application may do to a table's rows beside SELECT and INSERT."""

    LOG = "log"  # nothing
    VERSION = "version"  # nothing: a new version is a new row
    RECORD = "record"  # UPDATE of the columns that its migration names


class How(StrEnum):
    PLAIN = "plain"
    SEALED = "sealed"
    IDENTITY = "identity"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Handling:
    """One field: how it lies in the database, why it is kept, and for how long."""

    how: How
    why: str
    keep: str


def plain(why: str, keep: str = "case") -> Handling:
    """Readable by whoever reads the database."""
    return Handling(How.PLAIN, why, keep)


def sealed(why: str, keep: str = "case") -> Handling:
    """Readable by a running server that holds the root key."""
    return Handling(How.SEALED, why, keep)


def identity(why: str, keep: str = "case") -> Handling:
    """Names a witness: no server alone may read it."""
    return Handling(How.IDENTITY, why, keep)


def index(why: str, keep: str = "case") -> Handling:
    """A keyed digest, made to find or to check a row by."""
    return Handling(How.INDEX, why, keep)
