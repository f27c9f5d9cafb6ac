"""Which store the settings name, and what is known of it. `default` is called by `vault.files` only."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from vault.files.folder import FolderStorage
from vault.files.storage import Storage


def default() -> Storage:
    """Return the store of sealed files: a bucket where one is named, else a folder."""
    if settings.MEDIA_BUCKET:
        return _bucket(*sorted(settings.MEDIA_BUCKET.items()))
    return _folder(settings.MEDIA_STORE)


@cache
def _folder(root: Path) -> Storage:
    return FolderStorage(root)


@cache
def _bucket(*address: tuple[str, Any]) -> Storage:
    from vault.files.bucket import BucketStorage  # noqa: PLC0415 - a quarter of a second that folders save
    from vault.files.remote import Address  # noqa: PLC0415 - as above

    return BucketStorage(Address(**dict(address)))


def is_store_there() -> bool:
    """Tell whether the store is in reach; a disk that is not mounted is no loss of files."""
    return default().is_there()


def free_space() -> int | None:
    """Return how many bytes the store can still take; None where it does not tell."""
    return default().free()


def store_faults() -> Iterator[str]:
    """Say in plain words what the store does not do that the settings ask of it."""
    return default().faults()
