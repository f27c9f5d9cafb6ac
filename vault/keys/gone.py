"""The list of destroyed keys, kept a second time beside the epoch's file.

Promise: an older database, put back with a keystore and an epoch of its time, learns at the next start what
was destroyed since, and refuses it. The file holds random ids and nothing else, and only grows; it is in no
backup of the database. Written once a destruction is durable; what was missed then is made up at the start.
Called by `vault.keys` only.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from vault.errors import RootKeyRefused
from vault.models.keys import DestroyedKey

_NAME = "destroyed.keys"
_LENGTH = len(str(UUID(int=0)))


def path() -> Path:
    """Where the list lies."""
    return Path(settings.EPOCH_KEY_FILE).with_name(_NAME)


def remember(key_ids: Iterable[UUID]) -> None:
    """Add ids to the list, durably."""
    lines = "".join(f"{key_id}\n" for key_id in key_ids)
    if not lines:
        return
    descriptor = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"\n{lines}")  # behind a line that a crash may have cut
        file.flush()
        os.fsync(file.fileno())


def replay() -> int:
    """Make both lists the same; return how many ids the database did not know.

    Raises `RootKeyRefused` where the file is not one that this program wrote.
    """
    listed, known = _listed(), set(DestroyedKey.objects.values_list("pk", flat=True))
    missing = listed - known
    DestroyedKey.objects.bulk_create([DestroyedKey(id=key_id) for key_id in missing], ignore_conflicts=True)
    remember(known - listed)
    return len(missing)


def _listed() -> set[UUID]:
    try:
        # A line that was cut by a crash is no id: the database knows it, and writes it again.
        return {UUID(line) for line in path().read_text().splitlines() if len(line) >= _LENGTH}
    except FileNotFoundError:
        return set()
    except ValueError:
        raise RootKeyRefused(f"The list of destroyed keys, {_NAME}, is damaged: restore it.") from None
