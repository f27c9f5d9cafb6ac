"""The epoch keys: the outer layer of every key in the keystore.

Promise: an epoch key is never a row. A database keeps deleted rows in its log and its backups; what makes a
destroyed key unreadable there is that the epoch key of its time is gone from this file. The file lies beside
the keystore, sealed under the root key, with a short-lived backup of its own; where a service seals it once
more, what opens older copies of it is destroyed there. Called by `vault.keys` only.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from vault import cipher, diskfile, envelope
from vault.envelope import Place
from vault.errors import RootKeyRefused, UnknownKey
from vault.keys import epochfile, held
from vault.keys.root import RootKey
from vault.vocabulary import Use


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch key and its random id."""

    id: UUID
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Epochs:
    """The epoch in use and, while a rotation lasts, the one before."""

    primary: Epoch
    older: tuple[Epoch, ...] = ()

    def named(self, epoch_id: UUID) -> Epoch:
        """Return the epoch a row names, or raise `UnknownKey`."""
        for epoch in (self.primary, *self.older):
            if epoch.id == epoch_id:
                return epoch
        raise UnknownKey


def _path() -> Path:
    return Path(settings.EPOCH_KEY_FILE)


def exists() -> bool:
    """Tell whether there is an epoch file."""
    return _path().exists()


def new() -> Epoch:
    """Return a fresh epoch."""
    return Epoch(uuid4(), cipher.new_key())


def load() -> Epochs:
    """Read the epochs. Raises `RootKeyMissing`, `RootKeyRefused`, `WrongRootKey` or `NotVerified`."""
    found = [_unseal(UUID(one["id"]), bytes.fromhex(one["sealed"])) for one in _entries()]
    return Epochs(found[0], tuple(found[1:]))


def named_roots() -> set[UUID]:
    """Return the root keys that the file is sealed under."""
    return {envelope.read_header(bytes.fromhex(one["sealed"])).key_id for one in _entries()}


def create() -> None:
    """Write the first epoch; raises `FileExistsError` where there is one."""
    diskfile.create(_path(), epochfile.from_settings().seal(_written(Epochs(new())), anew=False))


def replace(epochs: Epochs) -> None:
    """Write other epochs in the place of those that are there."""
    diskfile.replace(_path(), epochfile.from_settings().seal(_written(epochs), anew=False))


def leave_behind(epoch: Epoch) -> None:
    """Write this epoch alone, so that those before it are gone: from the file, and from copies of it.

    Interrupted before the file is written, nothing has changed; after it, `settle` does what is left.
    """
    shell = epochfile.from_settings()
    diskfile.replace(_path(), shell.seal(_written(Epochs(epoch)), anew=True))
    shell.settle()


def settle() -> None:
    """Finish what `leave_behind` may have left undone; safe to repeat."""
    shell = epochfile.from_settings()
    if not shell.is_settled():
        shell.settle()


def is_settled() -> bool:
    """Tell whether a service that seals the file has destroyed what opens older copies of it."""
    return epochfile.from_settings().is_settled()


def is_behind_service() -> bool:
    """Tell whether a service seals the file, so that each turn closes every older copy of it."""
    return not isinstance(epochfile.from_settings(), epochfile.Bare)


def _entries() -> list[dict[str, str]]:
    try:
        facts = json.loads(epochfile.from_settings().read())
        entries = [{"id": str(one["id"]), "sealed": str(one["sealed"])} for one in facts["keys"]]
    except (ValueError, KeyError, TypeError):
        raise RootKeyRefused("The epoch key's file is not one that this program wrote.") from None
    if facts.get("version") != epochfile.PLAIN or not entries:
        raise RootKeyRefused("The epoch key's file is not one that this program wrote.")
    return entries


def _written(epochs: Epochs) -> bytes:
    root = held.reread().primary  # a rotation may have made another one primary
    keys = [{"id": str(one.id), "sealed": _seal(one, root).hex()} for one in (epochs.primary, *epochs.older)]
    return json.dumps({"version": 1, "keys": keys}).encode()


def _seal(epoch: Epoch, root: RootKey) -> bytes:
    return envelope.seal(held.wrapping_key(root, held.WRAP_KEYSTORE), root.id, _place(epoch.id), epoch.key)


def _unseal(epoch_id: UUID, blob: bytes) -> Epoch:
    root = held.named(envelope.read_header(blob).key_id)
    key = envelope.unseal(held.wrapping_key(root, held.WRAP_KEYSTORE), _place(epoch_id), blob)
    return Epoch(epoch_id, key)


def _place(epoch_id: UUID) -> Place:
    return Place(Use.EPOCH_KEY, "epoch", "key", epoch_id)
