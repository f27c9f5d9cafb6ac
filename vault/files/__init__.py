"""Sealed files: written once, in one turn or several, opened in whole segments, checked without a key."""

from vault.files.checking import check_sealed
from vault.files.digests import Digests
from vault.files.reader import SealedReader, check_content, compare_content, open_file
from vault.files.sealer import FileSealer, Turn
from vault.files.segments import SEGMENT
from vault.files.stores import free_space, is_store_there, store_faults
from vault.files.sweeping import find_strays, sweep_orphans
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
    "compare_content",
    "drop_file",
    "find_strays",
    "free_space",
    "is_store_there",
    "open_file",
    "store_faults",
    "sweep_orphans",
]
