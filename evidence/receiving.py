"""The body of an upload, straight from the wire.

Promise: no byte of it is written anywhere before it is sealed: no form, no parser, no temporary file. The
connection's end before the body's end is said, never passed over. Called by the upload views.
"""

from collections.abc import Iterator

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from evidence.errors import UploadCut

PIECE = 1 << 20


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


class NoFormFiles(FileUploadHandler):
    """Throws away every file that comes in a form, before anything could write it down."""

    def new_file(self, *_args: object, **_kwargs: object) -> None:
        """Skip the file: the form's other fields still arrive."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's own
        return None

    def file_complete(self, file_size: int) -> None:
        """Nothing was kept of it."""
