"""Handing files out: as attachments, never kept by a browser, never shown in a page."""

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse

from exports.actions.delivery import Letters
from exports.models import Export
from exports.package.signing import public_pem
from exports.signer import signing_key
from vault.files import SealedReader

LETTERS = {
    "statement": ("{number}.statement.txt", "text/plain; charset=utf-8"),
    "signature": ("{number}.statement.sig", "application/octet-stream"),
    "receipt": ("{number}.receipt.txt", "text/plain; charset=utf-8"),
    "signer": ("signer.pem", "application/x-pem-file"),
}


def _dress(response: HttpResponse | StreamingHttpResponse, name: str) -> None:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"


def package(export: Export, opened: SealedReader) -> StreamingHttpResponse:
    """Stream the ciphertext; the reader needs no row and is closed at the end."""

    def pieces() -> Iterator[bytes]:
        with opened:
            yield from opened

    response = StreamingHttpResponse(pieces(), content_type="application/octet-stream")
    response["Content-Length"] = str(opened.length)
    _dress(response, f"{export.number}.zip.age")
    return response


def letter(export: Export, which: str, letters: Letters) -> HttpResponse:
    """Return the statement, its signature, the receipt, or the signer's public key."""
    name, kind = LETTERS[which]
    content = public_pem(signing_key()) if which == "signer" else getattr(letters, which)
    response = HttpResponse(content, content_type=kind)
    _dress(response, name.format(number=export.number))
    return response
