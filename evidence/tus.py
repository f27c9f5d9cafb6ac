"""The words of the tus resumable upload protocol 1.0.0 (tus.io), read from requests and put into answers.

Promise: what a request says is read whole or refused, before a byte of its body is. It knows no exhibit and
no database. Called by the upload views.

Two things differ from the text of the protocol on purpose. A method in `X-HTTP-Method-Override` is believed
of a POST alone: any other method may have passed no check against forged requests. And a file of no bytes is
refused when it is announced, as everywhere in this system.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _

from evidence.errors import HeaderMalformed, LengthMissing, UploadRefused, WrongBody

if TYPE_CHECKING:
    from hashlib import _Hash

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,expiration,checksum,termination"
BODY = "application/offset+octet-stream"
ALGORITHMS: dict[str, Callable[[], "_Hash"]] = {
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),  # the protocol asks for it; it guards the wire alone
    "sha256": hashlib.sha256,
}
_NUMBER = re.compile(r"[0-9]{1,18}")
_KEY = re.compile(r"[!-+\--~]{1,64}")  # printable ASCII without space and comma
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
LONGEST_METADATA = 4096


class OtherVersion(UploadRefused):
    """The client speaks another version of the protocol, or does not say which."""

    status = 412
    message = _("This program speaks another version of the upload protocol (tus 1.0.0). Nothing was kept.")


class ChecksumDiffers(UploadRefused):
    """The protocol's own status: the piece is discarded, what came before it stays."""

    status = 460
    message = _("A piece arrived otherwise than it was sent, and was discarded. Send it again.")


@dataclass(frozen=True, slots=True)
class Announced:
    """A creation: how long the file will be (None: said later), and what the client says of it."""

    length: int | None
    metadata: dict[str, str]

    @property
    def filename(self) -> str:
        return self.metadata["filename"]


@dataclass(slots=True)
class Checksum:
    """What a piece must come to. Raises nothing until it is asked."""

    expected: bytes
    digest: "_Hash" = field(repr=False)

    def is_met(self) -> bool:
        return hmac.compare_digest(self.digest.digest(), self.expected)


@dataclass(frozen=True, slots=True)
class Piece:
    """A PATCH: where it begins, how many bytes follow, and what they must come to."""

    offset: int
    size: int
    length: int | None
    checksum: Checksum | None
    sha256: str


def speaking(view: V) -> V:
    """Say the version in every answer of a view, refusals included."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        answer["Tus-Resumable"] = VERSION
        if answer.status_code == OtherVersion.status:
            answer["Tus-Version"] = VERSION
        return answer

    return cast("V", spoken)


def method_of(request: HttpRequest) -> str:
    """Return the method that is meant. Raises `HeaderMalformed`."""
    override = request.headers.get("X-HTTP-Method-Override", "")
    if override and request.method != "POST":
        raise HeaderMalformed(header="X-HTTP-Method-Override")
    return override or request.method or ""


def check_version(request: HttpRequest) -> None:
    """Raise `OtherVersion` where the client does not say that it speaks this one."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise OtherVersion


def announced(request: HttpRequest) -> Announced:
    """Read the headers of a creation. Raises `LengthMissing`, `HeaderMalformed`."""
    length, deferred = _number(request, "Upload-Length"), request.headers.get("Upload-Defer-Length")
    if deferred not in (None, "1") or (length is not None and deferred is not None):
        raise HeaderMalformed(header="Upload-Defer-Length")
    if length is None and deferred is None:
        raise LengthMissing
    return Announced(length, _metadata(request.headers.get("Upload-Metadata", "")))


def piece(request: HttpRequest) -> Piece:
    """Read the headers of a PATCH. Raises `WrongBody`, `LengthMissing`, `HeaderMalformed`."""
    if request.content_type != BODY:
        raise WrongBody
    size = request.META.get("CONTENT_LENGTH") or ""
    if not _NUMBER.fullmatch(size):
        raise LengthMissing
    offset = _number(request, "Upload-Offset")
    if offset is None:
        raise HeaderMalformed(header="Upload-Offset")
    sha256 = request.headers.get("X-File-SHA256", "")
    if sha256 and not _SHA256.fullmatch(sha256):
        raise HeaderMalformed(header="X-File-SHA256")
    return Piece(offset, int(size), _number(request, "Upload-Length"), _checksum(request), sha256.lower())


def metadata_header(metadata: dict[str, str]) -> str:
    """Write metadata as the client sent it."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" if value else key
        for key, value in metadata.items()
    )


def dressed(answer: HttpResponse, *, expires: datetime | None = None, **headers: str | int) -> HttpResponse:
    """Put the protocol's headers on an answer; `Upload_Offset=5` becomes `Upload-Offset: 5`."""
    answer["Cache-Control"] = "no-store"
    if expires is not None:
        answer["Upload-Expires"] = http_date(expires.timestamp())
    for name, value in headers.items():
        answer[name.replace("_", "-")] = str(value)
    return answer


def capabilities() -> HttpResponse:
    """Answer OPTIONS."""
    answer = HttpResponse(status=204)
    answer["Tus-Version"] = VERSION
    answer["Tus-Extension"] = EXTENSIONS
    answer["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return dressed(answer, Tus_Max_Size=settings.MAX_UPLOAD)


def _number(request: HttpRequest, header: str) -> int | None:
    told = request.headers.get(header)
    if told is None:
        return None
    if not _NUMBER.fullmatch(told):
        raise HeaderMalformed(header=header)
    return int(told)


def _metadata(told: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if len(told) > LONGEST_METADATA:
        raise HeaderMalformed(header="Upload-Metadata")
    for pair in filter(None, told.split(",")):
        key, _space, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise HeaderMalformed(header="Upload-Metadata")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise HeaderMalformed(header="Upload-Metadata") from None
    if not found.get("filename"):
        raise HeaderMalformed(header="Upload-Metadata")
    return found


def _checksum(request: HttpRequest) -> Checksum | None:
    told = request.headers.get("Upload-Checksum")
    if told is None:
        return None
    name, _space, value = told.partition(" ")
    if name not in ALGORITHMS:
        raise HeaderMalformed(header="Upload-Checksum")
    try:
        expected = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise HeaderMalformed(header="Upload-Checksum") from None
    return Checksum(expected, ALGORITHMS[name]())
