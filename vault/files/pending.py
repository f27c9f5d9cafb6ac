"""A file of a folder while it is being written.

Promise: it has its name whole and durable, or none. Sealed bytes are made in this file's own memory and go to
the disk from there, past the page cache where the file system allows it: through the cache a gigabyte takes
three to seven times as long. A file that is left half written can be taken up again, by one at a time.
Called by `vault.files.folder` only.
"""

import errno
import fcntl
import mmap
import os
from concurrent.futures import Future
from pathlib import Path
from typing import Final
from uuid import uuid4

from blake3 import blake3

from vault.errors import Damaged
from vault.files.lanes import Lane
from vault.files.segments import SEALED_SEGMENT

_BLOCK: Final = 4096  # what direct writes are measured in
_SEGMENTS: Final = 4
_PIECE: Final = _SEGMENTS * SEALED_SEGMENT // _BLOCK * _BLOCK + 2 * _BLOCK
_DIRECT: Final = getattr(os, "O_DIRECT", 0)  # where a system has no such flag, everything goes as it does
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_BUFFERS: Final = 3  # one being filled, one being written, one between


class _Buffer:
    """Memory at the start of a page, as direct writes want it, and the work that still reads it."""

    def __init__(self) -> None:
        self.view = memoryview(mmap.mmap(-1, _PIECE))
        self._busy: list[Future[object]] = []

    def lend(self, *busy: "Future[object]") -> None:
        self._busy += busy

    def take_back(self) -> None:
        while self._busy:
            self._busy[-1].result()
            self._busy.pop()


class PendingFile:
    """A file in `pending/`; `finish` gives it its name. `file` is its descriptor, locked, as `begin` and
    `take_up` open it; the `size` bytes that it holds stay.
    """

    def __init__(self, temporary: Path, final: Path, file: int, size: int = 0) -> None:
        self._temporary, self._final, self._file = temporary, final, file
        self._buffers = [_Buffer()]
        self._digest = blake3()
        self._writing, self._digesting = Lane("writing"), Lane("digesting")
        self._is_taken_up = size > 0
        self._used = size % _BLOCK
        self._written, self._turns = size - self._used, 0
        self._is_open, self._is_finished = True, False
        if self._used:
            os.preadv(file, [self._buffers[0].view[: self._used]], self._written)

    def room(self, length: int) -> memoryview:
        """Return memory for the next `length` bytes (a sealed segment at most), to be filled before the next
        call. Raises `OSError` when what came before could not be written.
        """
        if self._used + length > _PIECE:
            self._turn()
        self._used += length
        return self._buffers[0].view[self._used - length : self._used]

    def flush(self) -> int:
        """Make durable what was given so far and return how many bytes that are in all; more may follow."""
        self._write_rest()
        sync_folder(self._temporary.parent)
        self._directly(wanted=bool(self._turns))
        return self._written + self._used

    def finish(self) -> bytes:
        """Make the file durable, give it its name, return the BLAKE3 digest of its bytes."""
        self._write_rest()
        self._digesting.wait()
        if self._is_taken_up:  # what was there before this process began was digested by nobody
            self._digest = self._digest_anew()
        else:
            self._digest.update(self._buffers[0].view[: self._used])
        self._close()
        make_folder(self._final.parent)
        if self._final.exists():  # references are random: this is a mistake, never a race
            raise FileExistsError(self._final.name)
        self._temporary.rename(self._final)
        self._is_finished = True
        sync_folder(self._final.parent)
        return self._digest.digest()

    def abandon(self) -> None:
        """Leave nothing. Safe to repeat, and after `finish` too."""
        self._close()
        self._temporary.unlink(missing_ok=True)
        if self._is_finished:
            self._final.unlink(missing_ok=True)

    def leave(self) -> None:
        """Let go of it as it is, for somebody to take up again. Safe to repeat.

        What was finished stays under its name: whether its row was committed, this process may not know.
        """
        self._close()

    def _write_rest(self) -> None:
        self._writing.wait()
        self._directly(wanted=False)
        self._write_at(self._written, self._buffers[0].view[: self._used])
        os.fsync(self._file)

    def _digest_anew(self) -> blake3:
        digest, offset, room = blake3(), 0, memoryview(bytearray(_PIECE))
        while done := os.preadv(self._file, [room], offset):
            digest.update(room[:done])
            offset += done
        return digest

    def _turn(self) -> None:
        """Have the whole blocks of the buffer written; go on in the next, with what is left of a block."""
        if not self._turns:
            self._directly(wanted=True)
        full, whole = self._buffers[0], self._used // _BLOCK * _BLOCK
        fresh = self._next()
        left = self._used - whole
        fresh.view[:left] = full.view[whole : self._used]
        blocks, at = full.view[:whole], self._written
        full.lend(self._writing.put(lambda piece: self._write_at(at, piece), blocks))
        if not self._is_taken_up:
            full.lend(self._digesting.put(self._digest.update, blocks))
        self._buffers = [fresh, *(one for one in self._buffers if one is not fresh)]
        self._used, self._written, self._turns = left, at + whole, self._turns + 1

    def _next(self) -> _Buffer:
        """Return the buffer that was lent first, free again; while there are few, a new one."""
        if len(self._buffers) < _BUFFERS:
            return _Buffer()
        longest = self._buffers[-1]
        longest.take_back()
        return longest

    def _write_at(self, offset: int, piece: memoryview) -> None:
        while piece:
            done = self._written_at(offset, piece)
            if not done:
                raise OSError(errno.EIO, "The disk takes no bytes.")
            piece, offset = piece[done:], offset + done

    def _written_at(self, offset: int, piece: memoryview) -> int:
        try:
            return os.pwrite(self._file, piece, offset)
        except OSError as error:
            if error.errno != errno.EINVAL or not self._is_direct():
                raise
        self._directly(wanted=False)  # a file system that takes the flag and then refuses the bytes
        return os.pwrite(self._file, piece, offset)

    def _is_direct(self) -> bool:
        return bool(fcntl.fcntl(self._file, fcntl.F_GETFL) & _DIRECT)

    def _directly(self, *, wanted: bool) -> None:
        """Ask for writes past the page cache, or for none; a file system that has none goes on as it was."""
        flags = fcntl.fcntl(self._file, fcntl.F_GETFL)
        try:
            fcntl.fcntl(self._file, fcntl.F_SETFL, flags | _DIRECT if wanted else flags & ~_DIRECT)
        except OSError:
            return

    def _close(self) -> None:
        try:
            self._writing.close()
            self._digesting.close()
        finally:
            if self._is_open:
                self._is_open = False
                os.close(self._file)


def begin(temporary: Path, final: Path) -> PendingFile:
    """Begin a file that is not there yet."""
    file = os.open(temporary, _NEW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        return PendingFile(temporary, final, file)
    except BaseException:
        os.close(file)
        raise


def take_up(temporary: Path, final: Path, size: int) -> PendingFile:
    """Go on behind the first `size` bytes of a file that was left; what lies behind them was never durable.

    Who left it may be a process that hangs on a dead connection and has the file open still: then its first
    bytes are copied, so that whatever it writes later goes into a file that has no name any more. Raises
    `FileNotFoundError`, and `Damaged` where fewer bytes are there.
    """
    file = os.open(temporary, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _refuse_shorter(file, size)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file, hung = _copy(file, temporary, size), file
            os.close(hung)
        os.ftruncate(file, size)
        return PendingFile(temporary, final, file, size)
    except BaseException:
        os.close(file)
        raise


def _refuse_shorter(file: int, size: int) -> None:
    if os.fstat(file).st_size < size:
        raise Damaged


def _copy(source: int, temporary: Path, size: int) -> int:
    """Give the name `temporary` to a copy of the first `size` bytes of `source`; return it, opened."""
    beside = temporary.with_name(f"{temporary.name}.{uuid4().hex}")
    file = os.open(beside, _NEW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = 0
        while part := os.copy_file_range(source, file, size - done, done):
            done += part
        os.fsync(file)
        beside.rename(temporary)
    except BaseException:
        os.close(file)
        beside.unlink(missing_ok=True)
        raise
    sync_folder(temporary.parent)
    return file


def make_folder(folder: Path) -> None:
    """Make a folder of this user alone, durably."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
