"""Which store the settings name. Called by `vault.files` only."""

from pathlib import Path

from django.conf import settings

from vault.files.folder import FolderStorage
from vault.files.storage import Storage


def default() -> Storage:
    """Return the store of sealed files."""
    return FolderStorage(Path(settings.MEDIA_STORE))
