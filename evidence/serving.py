"""Handing files out to browsers.

Promise: nothing a stranger made runs under our name: what a browser may not show safely is an attachment, all
is sandboxed, never sniffed and never kept; the name tells the exhibit's number and the file's place in it, no
more. Session and rights are asked again while a long file flows; bytes that do not verify end the connection
and raise the alert. Called by the media views.
"""

import re
import time
from collections.abc import Callable, Iterator
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from accounts.door import entering
from accounts.models import User
from cases.errors import NotVisible
from evidence.actions.viewing import Shown, ask_again, note_damage
from evidence.decoding.kinds import Family, known
from vault.errors import Damaged

SHOWN = {Family.PICTURE, Family.MOVING, Family.SOUND}
ASK_AGAIN_SECONDS = 5.0
PURPOSE = "file-content"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class OutOfRange(Exception):
    """The range begins behind the end of the file."""


def asked_range(header: str, length: int) -> tuple[int, int] | None:
    """The one range that is asked for, as start and end; None for the whole file. Raises `OutOfRange`.

    Several ranges, and what is no range, are answered with the whole file, as RFC 9110 allows.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, length - int(last)), length
    else:
        start, end = int(first), min(int(last) + 1, length) if last else length
    if start >= length:
        raise OutOfRange
    return (start, end) if start < end else None


def tag_of(file: UUID) -> str:
    """The validator of a file's content, which never changes: a download that broke off goes on with it."""
    return f'"{file.hex}"'


def content(
    shown: Shown, by: User, *, is_signed_in: Callable[[], bool], wanted: str = "", attached: bool = False
) -> HttpResponseBase:
    """Stream a file, or one range of it, after the transaction that opened it.

    `is_signed_in` tells whether the session that asked still lives; the stream ends with it.
    """
    kind = known(shown.mime)
    is_shown = not attached and kind.is_shown and kind.family in SHOWN
    length = shown.opened.length
    try:
        part = asked_range(wanted, length)
    except OutOfRange:
        shown.opened.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{length}"})
    start, end = part or (0, length)
    response = StreamingHttpResponse(
        _Flow(shown, by, (start, end), is_signed_in),
        content_type=shown.mime if is_shown else "application/octet-stream",
        status=206 if part else 200,
    )
    if part:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag_of(shown.file.pk)
    response["Content-Length"] = str(end - start)
    name = f"{shown.name}.{kind.suffix}"
    response["Content-Disposition"] = f'{"inline" if is_shown else "attachment"}; filename="{name}"'
    return _dress(response)


def preview(name: str, picture: bytes) -> HttpResponseBase:
    """Give the preview of a file under the name that it is shown by."""
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{name}.jpg"'
    return _dress(response)


def _dress(response: HttpResponse | StreamingHttpResponse) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response


class _Flow:
    """The bytes of one answer. A connection that ends before its first byte closes the file too."""

    def __init__(
        self, shown: Shown, by: User, part: tuple[int, int], is_signed_in: Callable[[], bool]
    ) -> None:
        self._shown, self._by, self._is_signed_in = shown, by, is_signed_in
        self._pieces = shown.opened.read(*part)
        self._asked = time.monotonic()

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._pieces:
                self._ask_again()
                yield piece
        except Damaged:
            with entering(self._by, PURPOSE):
                note_damage(by=self._by, file=self._shown.file)
            raise

    def close(self) -> None:
        """Let go of the file, however far it came."""
        self._shown.opened.close()

    def _ask_again(self) -> None:
        if time.monotonic() - self._asked > ASK_AGAIN_SECONDS:
            with entering(self._by, PURPOSE):
                if not self._is_signed_in():
                    file = self._shown.file
                    raise NotVisible(subject=f"file:{file.pk}", scope=file.case_id)
                ask_again(by=self._by, shown=self._shown)
            self._asked = time.monotonic()
