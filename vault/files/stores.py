"""Which store the settings name, and whether it is there. `default` is called by `vault.files` only."""

from functools import cache
from pathlib import Path

from django.conf import settings

from vault.files.folder import FolderStorage
from vault.files.storage import Storage


def default() -> Storage:
    """Return the store of sealed files."""
    return _folder(settings.MEDIA_STORE)


@cache
def _folder(root: Path) -> Storage:
    return FolderStorage(root)


def is_store_there() -> bool:
    """Tell whether the store is in reach; a disk that is not mounted is no loss of files."""
    return default().is_there()
