"""Reads a package's zip as it streams by and checks it as a stranger would: names, order, bag, every digest.

Written against the formats, not against the writer: it shares no code with it but the rule for plain names
and the few structures of the zip format.
"""

import re
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha512

from exports.package import zipping
from exports.package.bag import ALGORITHMS, DECLARATION, decode_path
from exports.package.errors import Malformed, UnsafeName, WrongDigest
from exports.package.payload import Digests, checked_path, distinct

_TAG_FILES = {"bagit.txt", "bag-info.txt"} | {
    f"{kind}-{name}.txt" for kind in ("manifest", "tagmanifest") for name in ALGORITHMS
}
_LARGE = 1024 * 1024
_TAG_LIMIT = 64 * 1024 * 1024
_LINE = re.compile(r"([0-9a-f]{64}|[0-9a-f]{128})  (.+)\Z")


@dataclass(frozen=True, slots=True)
class _Entry:
    size: int
    sha256: str
    sha512: str

    def is_not(self, algorithm: str, value: str) -> bool:
        """Tell whether a manifest's digest is another; one that was spared is judged by SHA-256 alone."""
        own = self.sha256 if algorithm == "sha256" else self.sha512
        return bool(own) and own != value


@dataclass(slots=True)
class Checked:
    """What a package turned out to hold; paths are relative to the bag."""

    root: str = ""
    entries: dict[str, _Entry] = field(default_factory=dict)
    tags: dict[str, bytes] = field(default_factory=dict)
    sha512: str = ""
    size: int = 0

    @property
    def info(self) -> dict[str, str]:
        """Return the labels of bag-info.txt; the first of a repeated label counts."""
        lines = (line.partition(": ") for line in self.tags["bag-info.txt"].decode().splitlines())
        return dict(reversed([(label, value) for label, _, value in lines]))


Wanted = tuple[str, int]


class PackageReader:
    """`feed` every chunk, then `finish`; raises `Malformed`, `UnsafeName` or `WrongDigest`.

    A builder who measured the files itself may spare SHA-512 of entries over a mebibyte (`spares_sha512`):
    their SHA-256 and checksum are compared all the same. Whoever receives a package compares everything.
    """

    def __init__(self, *, spares_sha512: bool = False) -> None:
        self._checked = Checked()
        self._spares_sha512 = spares_sha512
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="check")
        self._whole = sha512()
        self._held = bytearray()
        self._parser = self._parse()
        self._wanted = next(self._parser)
        self._ended = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the archive."""
        self._whole.update(chunk)
        self._checked.size += len(chunk)
        if self._is_over():
            raise Malformed("bytes follow the end of the archive")
        view = memoryview(chunk)
        while view or len(self._held) >= self._wanted[1]:
            view = self._step(view)
            if self._is_over():
                if len(view):
                    raise Malformed("bytes follow the end of the archive")
                return

    def _is_over(self) -> bool:
        return self._ended

    def _step(self, view: memoryview) -> memoryview:
        kind, count = self._wanted
        if kind == "body" and not self._held:
            self._send(view[:count])
            return view[count:]
        missing = count - len(self._held)
        self._held += view[: max(missing, 0)]
        view = view[max(missing, 0) :]
        if len(self._held) >= count:
            piece = bytes(self._held[:count])
            del self._held[:count]
            self._send(memoryview(piece))
        return view

    def _send(self, piece: memoryview) -> None:
        try:
            self._wanted = self._parser.send(piece)
        except StopIteration:
            self._ended = True

    def finish(self) -> Checked:
        """Check what can only be told at the end, and return what was read."""
        self._beside.shutdown()
        if not self._ended:
            raise Malformed("the archive is cut short")
        self._checked.sha512 = self._whole.hexdigest()
        check_bag(self._checked)
        return self._checked

    def close(self) -> None:
        """Let go of the second thread when reading is given up."""
        self._beside.shutdown()

    def _parse(self) -> Generator[Wanted, memoryview, None]:
        last = ""
        while True:
            (signature,) = (int.from_bytes((yield "exact", 4), "little"),)
            if signature != zipping.LOCAL:
                break
            name, size, crc32 = yield from self._header()
            if name <= last:
                raise Malformed("entries are not sorted by name")
            last = name
            yield from self._body(name, size, crc32)
        yield from self._directory(signature)

    def _header(self) -> Generator[Wanted, memoryview, tuple[str, int, int]]:
        rest = zipping.LOCAL_FORM.unpack(zipping.LOCAL.to_bytes(4, "little") + (yield "exact", 26))
        _, version, flags, method, time, date, crc32, packed, size, name_length, extra_length = rest
        if (flags, method, time, date) != (0, 0, 0, zipping.DATE_1980):
            raise Malformed("an entry is compressed, flagged or carries a time")
        if version != (zipping.VERSION64 if size == zipping.LIMIT32 else zipping.VERSION):
            raise Malformed("an entry asks for another version of the format")
        name = bytes((yield "exact", name_length)).decode("ascii", "replace")
        extra = bytes((yield "exact", extra_length)) if extra_length else b""
        if size == zipping.LIMIT32 and len(extra) == 20:
            size, packed = int.from_bytes(extra[4:12], "little"), int.from_bytes(extra[12:], "little")
        elif extra:
            raise Malformed("an entry carries an extra field")
        if packed != size:
            raise Malformed("an entry is compressed")
        return name, size, crc32

    def _body(self, name: str, size: int, crc32: int) -> Generator[Wanted, memoryview, None]:
        root, _, path = checked_path(name).partition("/")
        self._checked.root = self._checked.root or root
        if root != self._checked.root or not path:
            raise Malformed("the archive holds more than one folder")
        is_tag = not path.startswith("data/")
        if is_tag and (path not in _TAG_FILES or size > _TAG_LIMIT):
            raise Malformed("the bag holds a tag file that we do not write")
        full = is_tag or size <= _LARGE or not self._spares_sha512
        digests, kept, left = Digests(self._beside, with_sha512=full), bytearray(), size
        while left:
            piece = yield "body", left
            left -= len(piece)
            digests.update(piece)
            if is_tag:
                kept += piece
        if digests.crc32 != crc32:
            raise WrongDigest("an entry's checksum is wrong")
        self._checked.entries[path] = _Entry(size, digests.sha256, digests.sha512)
        if is_tag:
            self._checked.tags[path] = bytes(kept)

    def _directory(self, signature: int) -> Generator[Wanted, memoryview, None]:
        names: list[str] = []
        while signature == zipping.CENTRAL:
            head = zipping.CENTRAL_FORM.unpack(signature.to_bytes(4, "little") + (yield "exact", 42))
            name_length, extra_length, comment_length = head[10:13]
            names.append(bytes((yield "exact", name_length)).decode("ascii", "replace").partition("/")[2])
            if comment_length:
                raise Malformed("an entry carries a comment")
            if extra_length:
                yield "exact", extra_length
            signature = int.from_bytes((yield "exact", 4), "little")
        if names != list(self._checked.entries):
            raise Malformed("the directory lists other entries than the archive holds")
        if signature == zipping.END64:
            yield "exact", zipping.END64_FORM.size - 4 + zipping.LOCATOR64_FORM.size
            signature = int.from_bytes((yield "exact", 4), "little")
        if signature != zipping.END:
            raise Malformed("the archive has no end")
        end = zipping.END_FORM.unpack(signature.to_bytes(4, "little") + (yield "exact", 18))
        if end[-1]:
            raise Malformed("the archive carries a comment")


def _manifest(checked: Checked, name: str) -> dict[str, str]:
    if name not in checked.tags:
        raise Malformed(f"{name} is missing")
    listed: dict[str, str] = {}
    for line in checked.tags[name].decode("utf-8", "replace").splitlines():
        match = _LINE.match(line)
        if match is None:
            raise Malformed(f"{name} has a line that is not one")
        path = decode_path(match[2])
        if path in listed:
            raise Malformed(f"{name} lists a file twice")
        listed[path] = match[1]
    return listed


def check_bag(checked: Checked) -> None:
    """Raise unless every manifest lists every file with its digest, and nothing else (RFC 8493, 3)."""
    if checked.tags.get("bagit.txt") != DECLARATION:
        raise Malformed("bagit.txt is missing or of another version")
    if "bag-info.txt" not in checked.tags:
        raise Malformed("bag-info.txt is missing")
    try:
        distinct(checked.entries)
    except UnsafeName as error:
        raise Malformed("two names differ only in case") from error
    payload = {path for path in checked.entries if path.startswith("data/")}
    tags = {path for path in checked.entries if not path.startswith(("data/", "tagmanifest-"))}
    for algorithm in ALGORITHMS:
        for name, paths in ((f"manifest-{algorithm}.txt", payload), (f"tagmanifest-{algorithm}.txt", tags)):
            listed = _manifest(checked, name)
            if set(listed) != paths:
                raise Malformed(f"{name} lists other files than the bag holds")
            if any(checked.entries[path].is_not(algorithm, value) for path, value in listed.items()):
                raise WrongDigest(f"a file is not the one that {name} lists")
    octets = sum(checked.entries[path].size for path in payload)
    if checked.info.get("Payload-Oxum") != f"{octets}.{len(payload)}":
        raise WrongDigest("Payload-Oxum is not that of the payload")
