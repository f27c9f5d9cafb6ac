"""A store in a folder of this machine.

Promise: a file appears under its name whole and durable (written beside, fsync, rename, fsync of the folder),
or not at all; after a crash what is left of it lies in `pending/` alone. Its mark lies in the store from the
first day, so that a disk that is not mounted is told from files that are lost. Called by `vault.files` only.
"""

import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from vault.errors import Missing, StoreGone
from vault.files import pending
from vault.files.pending import PendingFile, make_folder, sync_folder

MARK = "STORE"
_WORDS = b"Sealed files lie here. Without this mark the place counts as a disk that is not mounted.\n"
_REF = re.compile(r"[0-9a-f]{32}")


class FolderStorage:
    """Files of mode 0600 under `root`, in 256 folders by the first byte of their reference."""

    def __init__(self, root: Path) -> None:
        self._root, self._text = root, str(root)
        self._pending = root / "pending"

    def is_there(self) -> bool:
        try:
            return stat.S_ISREG((self._root / MARK).stat().st_mode)
        except OSError:  # a mount that hangs half alive says so in many ways
            return False

    def establish(self) -> None:
        make_folder(self._root)
        descriptor = os.open(self._root / MARK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as mark:
            mark.write(_WORDS)
            mark.flush()
            os.fsync(mark.fileno())
        sync_folder(self._root)

    def begin(self, ref: str) -> PendingFile:
        if not self.is_there():
            raise StoreGone(errno.ENODEV, "the store is not there")
        make_folder(self._pending)
        return pending.begin(self._pending / ref, self._path(ref))

    def take_up(self, ref: str, size: int) -> PendingFile:
        left, final = self._pending / ref, self._path(ref)
        if not size:  # whoever began it may have died before the first byte was noted, or after the last
            final.unlink(missing_ok=True)
            self.drop(ref)
            return self.begin(ref)
        try:
            if final.exists():  # whoever finished it died before anything was said of it
                final.rename(left)
            return pending.take_up(left, final, size)
        except FileNotFoundError:
            raise self._gone() from None

    def drop(self, ref: str) -> None:
        (self._pending / ref).unlink(missing_ok=True)

    def open(self, ref: str) -> "OpenedFile":
        try:
            return OpenedFile(os.open(self._place(ref), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC))
        except FileNotFoundError:
            raise self._gone() from None

    def remove(self, ref: str) -> None:
        self._path(ref).unlink(missing_ok=True)

    def finished(self) -> Iterator[tuple[str, datetime]]:
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            with os.scandir(folder) as found:
                for entry in sorted(found, key=lambda one: one.name):
                    if _REF.fullmatch(entry.name):
                        yield entry.name, _changed(entry)

    def unfinished(self) -> Iterator[tuple[str, datetime]]:
        for path in sorted(self._pending.glob("*")):
            yield path.name, _changed(path)

    def _gone(self) -> Exception:
        return Missing() if self.is_there() else StoreGone(errno.ENODEV, "the store is not there")

    def free(self) -> int | None:
        folder = self._root
        while not folder.exists():  # made with the first file
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def faults(self) -> Iterator[str]:
        return iter(())

    def _path(self, ref: str) -> Path:
        return Path(self._place(ref))

    def _place(self, ref: str) -> str:
        """Return where a reference lies, as text: a run over everything asks it a hundred thousand times."""
        if not _REF.fullmatch(ref):
            raise Missing
        return f"{self._text}/{ref[:2]}/{ref}"


class OpenedFile:
    """A finished file, read at places."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    def __del__(self) -> None:
        self.close()

    def read_into(self, offset: int, room: memoryview) -> int:
        done = 0
        while done < len(room) and (part := os.preadv(self._descriptor, [room[done:]], offset + done)):
            done += part
        return done

    def close(self) -> None:
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1  # a number that is closed is soon another's
            os.close(descriptor)


def _changed(path: "Path | os.DirEntry[str]") -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # finished or removed in this instant: leave it alone
        return datetime.max.replace(tzinfo=UTC)
