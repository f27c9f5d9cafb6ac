"""Small secret files that are written whole or not at all, readable by their owner alone.

Promise: after a crash the file holds its old bytes or its new ones; `create` never replaces one that is
there. Called by the vault, and by `accounts.custodians`.
"""

import os
from pathlib import Path
from secrets import token_hex


def create(path: Path, content: bytes) -> None:
    """Write a new file; raises `FileExistsError` where there is one, even one made in this instant."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = _write(path, content)
    try:
        os.link(temporary, path)
    finally:
        temporary.unlink()
    _sync_folder(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Put new content in the place of the old."""
    _write(path, content).replace(path)
    _sync_folder(path.parent)


def _write(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
