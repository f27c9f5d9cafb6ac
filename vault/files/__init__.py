"""Sealed files: written once, opened in whole segments, checked without a key."""

from vault.files.checking import check_sealed
from vault.files.reader import SealedReader, check_content, open_file
from vault.files.sealer import Digests, FileSealer
from vault.files.stores import is_store_there
from vault.files.sweeping import count_strays, sweep_orphans

__all__ = [
    "Digests",
    "FileSealer",
    "SealedReader",
    "check_content",
    "check_sealed",
    "count_strays",
    "is_store_there",
    "open_file",
    "sweep_orphans",
]
