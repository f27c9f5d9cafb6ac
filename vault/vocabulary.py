"""The words of the vault. Promise: a word, once released, keeps its meaning, since contexts and leaves carry
it.
"""

from enum import StrEnum
from typing import Final

MACHINE: Final = "machine:vault"  # who acts where no person does
SHORTEST_PASSPHRASE: Final = 16  # bytes of a new one; four random words have more


class ScopeKind(StrEnum):
    """What a scope key belongs to."""

    CASE = "case"
    RECIPIENTS = "recipients"
    STAFF = "staff"


class Purpose(StrEnum):
    """Why something is opened; stands in the leaf of the opening. Everybody may add one (keep it sorted)."""

    DRILL = "drill"
    EDIT = "edit"
    ERASURE = "erasure"
    EXPORT = "export"
    IDENTITY = "identity"
    INTAKE = "intake"
    INTEGRITY = "integrity"
    LIST = "list"
    MEDIA = "media"
    READ = "read"
    REDACTION = "redaction"
    REVIEW = "review"
    SEARCH = "search"
    SIGN_IN = "sign-in"


class KeyState(StrEnum):
    """`primary` seals and opens, `enabled` opens and may seal again, `decrypt_only` opens, `destroyed` is
    gone.
    """

    PRIMARY = "primary"
    ENABLED = "enabled"
    DECRYPT_ONLY = "decrypt_only"
    DESTROYED = "destroyed"


class UnitKind(StrEnum):
    """What a key of the keystore is for. Each can be destroyed alone."""

    WITNESS = "witness"
    FILE = "file"
    SHARE = "share"
    WORDS = "words"


class Use(StrEnum):
    """What an envelope holds: bound in its context, so that one kind never opens as another."""

    CANARY = "canary"
    CASE_LOCK = "case-lock"
    CASE_LOCK_KEY = "case-lock-key"
    CASE_LOCK_KEY_OUTER = "case-lock-key-outer"
    CELL = "cell"
    CUSTODIAN_KEY = "custodian-key"
    EPOCH_KEY = "epoch-key"
    EVIDENCE = "evidence"
    IDENTITY = "identity"
    IDENTITY_COPY = "identity-copy"
    IDENTITY_KEY = "identity-key"
    IDENTITY_KEY_OUTER = "identity-key-outer"
    ONE_TIME_KEY = "one-time-key"
    ROOT_FILE = "root-file"
    SCOPE_KEY = "scope-key"
    SCOPE_KEY_INNER = "scope-key-inner"
    SMALL_SECRET = "small-secret"  # noqa: S105 - the name of a use
    UNIT_KEY = "unit-key"
    UNIT_KEY_OUTER = "unit-key-outer"
