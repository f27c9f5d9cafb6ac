"""Sealed files: written once, in one turn or several, opened in whole segments, checked without a key."""

from vault.files.checking import check_sealed
from vault.files.digests import Digests
from vault.files.reader import SealedReader, check_content, open_file
from vault.files.sealer import FileSealer, Turn
from vault.files.segments import SEGMENT
from vault.files.stores import is_store_there
from vault.files.sweeping import count_strays, sweep_orphans
from vault.files.turns import begin_file, drop_file

__all__ = [
    "SEGMENT",
    "Digests",
    "FileSealer",
    "SealedReader",
    "Turn",
    "begin_file",
    "check_content",
    "check_sealed",
    "count_strays",
    "drop_file",
    "is_store_there",
    "open_file",
    "sweep_orphans",
]
