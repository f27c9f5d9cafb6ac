"""The body of an upload, straight from the wire.

Promise: no byte of it is written anywhere before it is sealed: no form, no parser, no temporary file. The
connection's end before the body's end is a refusal, so that nothing is kept. Called by the upload view.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from uuid import UUID

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from evidence.errors import HeaderMalformed, LengthMissing, UploadCut, WrongBody

PIECE = 1 << 20
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Announced:
    """What the headers say of the file that follows."""

    filename: str
    length: int
    key: UUID | None
    sha256: str


def announced(request: HttpRequest) -> Announced:
    """Read the headers. Raises `WrongBody`, `LengthMissing`, `HeaderMalformed`."""
    if request.content_type != "application/octet-stream":
        raise WrongBody
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        raise LengthMissing
    sha256 = request.headers.get("X-File-SHA256", "")
    if sha256 and not _SHA256.fullmatch(sha256):
        raise HeaderMalformed(header="X-File-SHA256")
    return Announced(_name(request), int(length), _key(request), sha256)


def body(request: HttpRequest, length: int) -> Iterator[bytes]:
    """Yield the bytes as they arrive, so many in all. Raises `UploadCut` when the connection ends early."""
    while length:
        try:
            piece = request.read(min(PIECE, length))
        except OSError:
            raise UploadCut from None
        if not piece:
            raise UploadCut
        length -= len(piece)
        yield piece


def _name(request: HttpRequest) -> str:
    try:
        name = unquote_to_bytes(request.headers.get("X-File-Name", "")).decode()
    except UnicodeDecodeError:
        name = ""
    if not name:
        raise HeaderMalformed(header="X-File-Name")
    return name


def _key(request: HttpRequest) -> UUID | None:
    told = request.headers.get("X-Upload-Key", "")
    if not told:
        return None
    try:
        return UUID(told)
    except ValueError:
        raise HeaderMalformed(header="X-Upload-Key") from None


class NoFormFiles(FileUploadHandler):
    """Throws away every file that comes in a form, before anything could write it down."""

    def new_file(self, *_args: object, **_kwargs: object) -> None:
        """Skip the file: the form's other fields still arrive."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's own
        return None

    def file_complete(self, file_size: int) -> None:
        """Nothing was kept of it."""
