"""Handing files out: as attachments, never kept by a browser, never shown in a page."""

import time
from collections.abc import Callable, Iterator

from django.http import HttpResponse, StreamingHttpResponse

from accounts.door import entering
from accounts.policy import StaffRequest
from exports.actions.delivery import Letters
from exports.errors import NotAddressed
from exports.models import Export
from exports.package.signing import public_pem
from exports.signer import signing_key
from vault.files import SealedReader

ASK_AGAIN_SECONDS = 5.0
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


def package(
    request: StaffRequest, export: Export, opened: SealedReader, may_go_on: Callable[[], object]
) -> StreamingHttpResponse:
    """Stream the ciphertext, and close the reader at the end.

    While it flows, whether the session still lives and `may_go_on` are asked every few seconds: what was
    withdrawn, revoked or locked meanwhile ends it.
    """
    session, by = request.session.session_key or "", request.user

    def ask_again() -> None:
        with entering(by, "export-download"):
            if not request.session.exists(session):
                raise NotAddressed(subject=f"export:{export.pk}")
            may_go_on()

    def pieces() -> Iterator[bytes]:
        asked = time.monotonic()
        with opened:
            for piece in opened:
                if time.monotonic() - asked > ASK_AGAIN_SECONDS:
                    ask_again()
                    asked = time.monotonic()
                yield piece

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
