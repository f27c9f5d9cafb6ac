"""A store in a folder of this machine.

Promise: a file appears under its name whole and durable (written beside, fsync, rename, fsync of the folder),
or not at all; after a crash what is left of it lies in `pending/` alone. Called by `vault.files` only.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from vault.errors import Missing

_REF = re.compile(r"[0-9a-f]{32}")


class FolderStorage:
    """Files of mode 0600 under `root`, in 256 folders by the first byte of their reference."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._pending = root / "pending"

    def begin(self, ref: str) -> "PendingFile":
        _make(self._pending)
        return PendingFile(self._pending / ref, self._path(ref))

    def open(self, ref: str) -> "OpenedFile":
        try:
            return OpenedFile(os.open(self._path(ref), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC))
        except FileNotFoundError:
            raise Missing from None

    def remove(self, ref: str) -> None:
        self._path(ref).unlink(missing_ok=True)

    def finished(self) -> Iterator[tuple[str, datetime]]:
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                if _REF.fullmatch(path.name):
                    yield path.name, _changed(path)

    def remove_unfinished(self, before: datetime) -> int:
        left = [path for path in self._pending.glob("*") if _changed(path) < before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _path(self, ref: str) -> Path:
        if not _REF.fullmatch(ref):
            raise Missing
        return self._root / ref[:2] / ref


class PendingFile:
    """A file in `pending/`; `finish` gives it its name."""

    def __init__(self, temporary: Path, final: Path) -> None:
        self._temporary, self._final = temporary, final
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._file = os.fdopen(os.open(temporary, flags, 0o600), "wb")
        self._finished = False

    def write(self, sealed: bytes) -> None:
        self._file.write(sealed)

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        _make(self._final.parent)
        if self._final.exists():  # references are random: this is a mistake, never a race
            raise FileExistsError(self._final.name)
        self._temporary.rename(self._final)
        self._finished = True
        _sync(self._final.parent)

    def abandon(self) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)
        if self._finished:
            self._final.unlink(missing_ok=True)


class OpenedFile:
    """A finished file, read at places."""

    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self.size = os.fstat(descriptor).st_size

    def read(self, offset: int, length: int) -> bytes:
        parts, left = [], length
        while left and (part := os.pread(self._file.fileno(), left, offset)):
            parts.append(part)
            offset, left = offset + len(part), left - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        self._file.close()


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # finished or removed in this instant: leave it alone
        return datetime.max.replace(tzinfo=UTC)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
