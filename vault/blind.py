"""Finding a sealed value without opening it.

Promise: an index tells that two rows of one column of one case hold the same value, and nothing to whoever
lacks the root key. It is for codes, outside references and file digests only; never for names, telephones or
document numbers, which a seized server could guess one by one. Every room may call it for a column that it
declares as an `index`.
"""

import hashlib
import hmac

from vault.envelope import encode
from vault.keys import held
from vault.macs import Domain
from vault.scopes import Scope

LENGTH = 16
FEWEST = 16


class TooFewValues(ValueError):
    """A column with so few possible values would be read off its index by counting."""


def blind_index(*, table: str, column: str, scope: Scope, value: str | bytes, possible: int) -> bytes:
    """Return 16 bytes: HMAC-SHA-512 of `value`, cut, under a key of this table, column and scope.

    `possible` is how many different values the column could hold; below 16 raises `TooFewValues`.
    """
    if possible < FEWEST:
        raise TooFewValues(f"{table}.{column}")
    raw = value if isinstance(value, bytes) else value.encode()
    place = encode(table.encode(), column.encode(), scope.whole.name)
    key = hmac.digest(held.tag_key(Domain.BLIND_INDEX), place, hashlib.sha512)
    return hmac.digest(key, raw, hashlib.sha512)[:LENGTH]
