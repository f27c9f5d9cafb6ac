"""A file that is being written: past the page cache or through it, it is whole and durable, or nothing."""

import errno
import fcntl
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from blake3 import blake3

from tests.vault.conftest import left_in, store
from vault.files import FileSealer, check_content
from vault.files.lanes import Lane
from vault.files.pending import begin
from vault.files.segments import SEALED_SEGMENT, SEGMENT
from vault.models import StoredFile
from vault.scopes import Scope
from vault.vocabulary import Purpose

PIECES = [SEALED_SEGMENT] * 33 + [1, 4095, 4096, 4097]  # the memory is used again more than twice


def written(folder: Path, pieces: list[int]) -> tuple[bytes, bytes, bytes]:
    """Write pieces; return what was given, what lies on the disk, and the digest that was told."""
    given = [os.urandom(length) for length in pieces]
    pending = begin(folder / "temporary", folder / "ab" / "final")
    for piece in given:
        pending.room(len(piece))[:] = piece
    digest = pending.finish()
    return b"".join(given), (folder / "ab" / "final").read_bytes(), digest


@pytest.mark.parametrize("pieces", [[], [1], [4096], [SEALED_SEGMENT] * 4, PIECES], ids=len)
def test_what_was_given_is_on_the_disk(tmp_path: Path, pieces: list[int]) -> None:
    given, found, digest = written(tmp_path, pieces)
    assert found == given
    assert digest == blake3(given).digest()
    assert not (tmp_path / "temporary").exists()


def no_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that does not know of direct writes."""

    def control(file: int, command: int, argument: int = 0) -> int:
        if argument & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return flags(file, command, argument)

    flags = fcntl.fcntl
    monkeypatch.setattr(fcntl, "fcntl", control)


def no_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that takes the flag and refuses what is then written."""

    def write(file: int, piece: memoryview, offset: int) -> int:
        if fcntl.fcntl(file, fcntl.F_GETFL) & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(file, piece, offset)

    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", write)


def few_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes that take a part of what they are given."""
    real = os.pwrite
    monkeypatch.setattr(
        os, "pwrite", lambda file, piece, offset: real(file, piece[: max(4096, len(piece) // 2)], offset)
    )


def test_disk_that_takes_no_bytes_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", lambda *_: 0)
    with pytest.raises(OSError, match="no bytes"):
        written(tmp_path, [1])


@pytest.mark.parametrize("way", [no_flag, no_bytes, few_bytes])
def test_another_file_system_holds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[[pytest.MonkeyPatch], None]
) -> None:
    way(monkeypatch)
    given, found, digest = written(tmp_path, PIECES)
    assert found == given
    assert digest == blake3(given).digest()


@pytest.mark.django_db
@pytest.mark.parametrize("write", [0, 1, 5, 7])
def test_disk_that_fills_up_in_a_lane_leaves_nothing(
    case: Scope, media: Path, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    real, calls = os.pwrite, iter(range(100))

    def full(file: int, piece: memoryview, offset: int) -> int:
        if next(calls) >= write:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, piece, offset)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space"):
        store(case, bytes(30 * SEGMENT))
    assert left_in(media) == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("step", [65_536, SEGMENT, SEGMENT + 1, 4 * SEGMENT])
def test_pieces_of_any_size_make_the_same_file(case: Scope, step: int) -> None:
    content = os.urandom(9 * SEGMENT + 17)
    with FileSealer(scope=case, by="INV-01") as sealer:
        for start in range(0, len(content), step):
            sealer.write(content[start : start + step])
        stored, digests = sealer.commit()
    assert digests.blake3 == blake3(content).digest()
    assert check_content(stored, reader="INV-01", purpose=Purpose.INTEGRITY) == digests


def test_failure_in_a_lane_is_told_at_every_later_step() -> None:
    def fail(_piece: memoryview) -> None:
        raise OSError(errno.EIO, "Input/output error")

    lane = Lane("failing")
    lane.put(fail, memoryview(b""))
    for _ in range(2):
        with pytest.raises(OSError, match="Input/output"):
            lane.wait()
    with pytest.raises(OSError, match="Input/output"):
        lane.put(len, memoryview(b""))
    lane.close()


def test_interrupted_wait_forgets_no_failure() -> None:
    begun, lane = threading.Event(), Lane("failing")

    def fail(_piece: memoryview) -> None:
        begun.wait()
        raise OSError(errno.EIO, "Input/output error")

    owed = lane.put(fail, memoryview(b""))
    real = owed.exception

    def interrupted(timeout: float | None = None) -> BaseException | None:
        owed.exception = real  # type: ignore[method-assign]  # the first wait alone is interrupted
        raise KeyboardInterrupt

    owed.exception = interrupted  # type: ignore[method-assign]  # as a signal does
    with pytest.raises(KeyboardInterrupt):
        lane.wait()
    begun.set()
    with pytest.raises(OSError, match="Input/output"):
        lane.wait()
    lane.close()
