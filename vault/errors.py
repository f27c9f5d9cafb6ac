"""What goes wrong in the vault, each with a name.

Promise: no error carries a plaintext, a key or a ciphertext; only names of tables, columns and random ids.
Every room may catch `VaultError`, show a calm page and record it; none may go on as if nothing had happened.
"""


class VaultError(Exception):
    """Anything that keeps a sealed value closed."""


class DrillTouched(VaultError):
    """Somebody reaches for an invented identity outside a drill; the door makes an alarm of it."""


class NotVerified(VaultError):
    """A sealed value, tag or file is not what was sealed in this place."""


class UnknownKey(VaultError):
    """A value names a key that this vault does not hold, or that does not belong to its scope."""


class KeyLocked(UnknownKey):
    """The case is locked: two custodians hold what its key needs, and the server has no copy."""


class DestroyedKey(VaultError):
    """A value names a key that was destroyed; whoever brings the key back from a backup is refused too."""


class WrongRootKey(VaultError):
    """The root key that was loaded is not the one this database was sealed under."""


class RootKeyMissing(VaultError):
    """There is no root key where the settings say, and none was made: making one is an explicit step."""


class RootKeyRefused(VaultError):
    """The root key's file may be read by others, is malformed, or its passphrase is wrong."""


class PassphraseRefused(VaultError):
    """A file sealed under a passphrase is malformed or too cheap, or the passphrase is wrong or too short."""


class RootKeyUnreachable(VaultError):
    """Whoever seals the root key's file (a service, a token) does not answer now; nothing takes its place."""


class RecoveryRefused(VaultError):
    """A paper of the root key's recovery is wrong, alone, or does not belong to the others."""


class NoRecorder(VaultError):
    """Nothing is installed that would write down an opening, so nothing opens."""


class RotationRunning(VaultError):
    """Another rotation of keys is under way."""


class KeyStillInUse(VaultError):
    """A rotation may not end: a row still names the old key."""


class OutsideTransaction(VaultError):
    """The keystore is reached in a transaction only: outside one its role would silently not be taken."""


class Damaged(NotVerified):
    """The sealed bytes of a file are not those that were stored."""


class Missing(VaultError):
    """A stored file's sealed bytes are not there."""


class StoreGone(OSError):
    """The store of sealed files is not in reach: that says nothing of any file in it."""


class Locked(OSError):
    """The store must keep a file until its day; nobody can remove it before."""
