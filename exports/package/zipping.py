"""A deterministic zip (PKWARE APPNOTE 6.3.3): stored entries, one fixed time, sorted names, no comment.

Lengths and checksums are known before the first byte, so no entry needs a data descriptor: a reader may
stream it.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exports.package.errors import SourceChanged
from exports.package.payload import Measured

LOCAL, CENTRAL, END, END64, LOCATOR64 = 0x04034B50, 0x02014B50, 0x06054B50, 0x06064B50, 0x07064B50
LIMIT32, LIMIT16 = 0xFFFFFFFF, 0xFFFF
DATE_1980 = (
    0x0021  # 1 January 1980, the first day a zip can name: the time of our work is not the package's to tell
)
VERSION, VERSION64 = 20, 45
MADE_BY_UNIX = 3 << 8
MODE = (0o100644 << 16) & LIMIT32
LOCAL_FORM = struct.Struct("<IHHHHHIIIHH")
CENTRAL_FORM = struct.Struct("<IHHHHHHIIIHHHHHII")
END_FORM = struct.Struct("<IHHHHIIH")
END64_FORM = struct.Struct("<IQHHIIQQQQ")
LOCATOR64_FORM = struct.Struct("<IIQI")


@dataclass(frozen=True, slots=True)
class _Placed:
    item: Measured
    offset: int

    @property
    def name(self) -> bytes:
        return self.item.file.path.encode("ascii")


def _local(item: Measured) -> bytes:
    name, size = item.file.path.encode("ascii"), item.file.size
    big = size >= LIMIT32
    extra = struct.pack("<HHQQ", 1, 16, size, size) if big else b""
    shown = LIMIT32 if big else size
    version = VERSION64 if big else VERSION
    head = (LOCAL, version, 0, 0, 0, DATE_1980, item.crc32, shown, shown, len(name), len(extra))
    return LOCAL_FORM.pack(*head) + name + extra


def _central(placed: _Placed) -> bytes:
    size, offset = placed.item.file.size, placed.offset
    wide = b""
    if size >= LIMIT32:
        wide += struct.pack("<QQ", size, size)
    if offset >= LIMIT32:
        wide += struct.pack("<Q", offset)
    extra = struct.pack("<HH", 1, len(wide)) + wide if wide else b""
    version = VERSION64 if wide else VERSION
    shown = min(size, LIMIT32)
    head = (CENTRAL, MADE_BY_UNIX | version, version, 0, 0, 0, DATE_1980, placed.item.crc32, shown, shown)
    tail = (len(placed.name), len(extra), 0, 0, 0, MODE, min(offset, LIMIT32))
    return CENTRAL_FORM.pack(*head, *tail) + placed.name + extra


def _end(count: int, size: int, offset: int) -> bytes:
    last = END_FORM.pack(
        END, 0, 0, min(count, LIMIT16), min(count, LIMIT16), min(size, LIMIT32), min(offset, LIMIT32), 0
    )
    if count < LIMIT16 and size < LIMIT32 and offset < LIMIT32:
        return last
    wide = END64_FORM.pack(END64, 44, MADE_BY_UNIX | VERSION64, VERSION64, 0, 0, count, count, size, offset)
    return wide + LOCATOR64_FORM.pack(LOCATOR64, 0, offset + size, 1) + last


def zip_bytes(files: Sequence[Measured]) -> Iterator[bytes]:
    """Yield the archive of `files`, in this order; raises `SourceChanged` on another length."""
    offset, placed = 0, []
    for item in files:
        placed.append(_Placed(item, offset))
        head = _local(item)
        yield head
        size = 0
        for chunk in item.file.read():
            size += len(chunk)
            yield bytes(chunk)
        if size != item.file.size:
            raise SourceChanged("a file has another length than when it was measured")
        offset += len(head) + size
    directory = b"".join(_central(one) for one in placed)
    yield directory
    yield _end(len(placed), len(directory), offset)
