"""Tags that only the application can make: what gives power is not believed because it is a row.

Promise: a tag of one domain never verifies in another, and a false tag raises. Every room may call it; what
stands in `data` is the caller's promise (fixed widths or lengths, so that two facts never read alike).
"""

import hashlib
import hmac
from enum import StrEnum

from vault.errors import NotVerified
from vault.keys import held

TAG_LENGTH = 32


class Domain(StrEnum):
    """What a tag is for. Each has a key of its own under the root key's seed."""

    BLIND_INDEX = "blind-index"
    DRILL = "drill"
    GRANTS = "grants"
    KEEPERS = "keepers"
    LOG_AUTHOR = "log-author"
    PEPPER = "pepper"
    SECOND_FACTOR = "second-factor"
    SESSION = "session"


def mac(label: Domain, data: bytes) -> bytes:
    """Return the tag of `data`, 32 bytes: HMAC-SHA-256 under the domain's key."""
    return hmac.digest(held.tag_key(Domain(label)), data, hashlib.sha256)


def verify_mac(label: Domain, data: bytes, tag: bytes | memoryview) -> None:
    """Raise `NotVerified` unless `tag` is the tag of `data`; takes the same time either way."""
    if not hmac.compare_digest(mac(label, data), bytes(tag)):
        raise NotVerified
